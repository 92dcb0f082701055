using System.Diagnostics;
using System.Globalization;
using System.Text;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Search;
using LogAudit.LocalCloud.Sls.Wire;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Http;

/// <summary>Queries through the index. Source: SLS protocol 7.5.</summary>
internal static class QueryCalls
{
    /// <summary>Lines a search gives; more is cut silently, as the service does.</summary>
    private const int MostLines = 100;

    public static readonly SlsOperation[] Operations =
    [
        new(
            "GetLogsV2",
            "POST",
            "/logstores/{logstore}/logs",
            "log:GetLogStoreLogs",
            "project/{project}/logstore/{logstore}",
            GetLogsV2
        )
        {
            IsData = true,
        },
        new("GetProjectLogs", "GET", "/logs", "log:GetProjectLogs", "project/{project}", GetProjectLogs)
        {
            IsData = true,
            Parameters = ["query", "powerSql"],
        },
    ];

    public static CloudResponse GetLogs(SlsCall call)
    {
        var started = Stopwatch.GetTimestamp();
        var found = Search(
            call,
            new Question(
                call.QueryNumber("from"),
                call.QueryNumber("to"),
                call.Query("query"),
                call.Query("topic"),
                call.QueryNumber("line"),
                call.QueryNumber("offset"),
                call.QueryFlag("reverse")
            )
        );
        return CloudResponse
            .Json(new JArray(found.Select(record => record.ToJson())))
            .With("x-log-progress", "Complete")
            .With("x-log-count", Number(found.Count))
            .With("x-log-has-sql", "false")
            .With("x-log-processed-rows", Number(found.Count))
            .With("x-log-elapsed-millisecond", Number((long)Stopwatch.GetElapsedTime(started).TotalMilliseconds))
            .With("x-log-where-query", Uri.EscapeDataString(call.Query("query") ?? ""))
            .With("x-log-agg-query", "")
            .With("x-log-cpu-sec", "0")
            .With("x-log-cpu-cores", "0");
    }

    public static CloudResponse GetLogsV2(SlsCall call)
    {
        var started = Stopwatch.GetTimestamp();
        var body = call.Body;
        var question = new Question(
            body.Number("from"),
            body.Number("to"),
            body.Text("query"),
            body.Text("topic"),
            body.Number("line"),
            body.Number("offset"),
            body.Flag("reverse")
        );
        var found = Search(call, question);
        var answer = new JObject
        {
            ["meta"] = new JObject
            {
                ["progress"] = "Complete",
                ["count"] = found.Count,
                ["hasSQL"] = false,
                ["processedRows"] = found.Count,
                ["processedBytes"] = 0,
                ["elapsedMillisecond"] = (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds,
                ["cpuSec"] = 0.0,
                ["cpuCores"] = 0.0,
                ["limited"] = MostLines,
                ["aggQuery"] = "",
                ["whereQuery"] = question.Query ?? "",
                // The service spells it so.
                ["telementryType"] = "",
                ["keys"] = new JArray(),
                ["terms"] = new JArray(),
                ["columnTypes"] = new JArray(),
                ["mode"] = 0,
                ["scanBytes"] = 0,
                ["isAccurate"] = true,
                ["phraseQueryInfo"] = new JObject(),
                ["highlights"] = new JArray(),
            },
            ["data"] = new JArray(found.Select(record => record.ToJson())),
        };
        return Packed(answer, Compression.Choose(call.Request.Header("Accept-Encoding")));
    }

    public static CloudResponse GetHistograms(SlsCall call)
    {
        var question = new Question(
            call.QueryNumber("from"),
            call.QueryNumber("to"),
            call.Query("query"),
            call.Query("topic"),
            null,
            null,
            null
        );
        var (from, to) = question.Span();
        var found = SearchEngine.Find(call.Logstore, SearchQuery.Parse(question.Query), question.Topic, from, to);
        var step = (uint)Math.Max(1, call.QueryNumber("interval") ?? (int)((to - from + 59) / 60));
        var bars = new JArray();
        for (var at = from; at < to; at += step)
        {
            var end = Math.Min(to, at + step);
            bars.Add(
                new JObject
                {
                    ["from"] = at,
                    ["to"] = end,
                    ["count"] = found.Count(record => record.Time >= at && record.Time < end),
                    ["progress"] = "Complete",
                }
            );
        }
        return CloudResponse.Json(bars).With("x-log-count", Number(found.Count)).With("x-log-progress", "Complete");
    }

    private static CloudResponse GetProjectLogs(SlsCall call) =>
        throw SlsRefusal.Parameter("GetProjectLogs takes SQL only: LocalCloud has no SQL engine");

    private static IReadOnlyList<FoundRecord> Search(SlsCall call, Question question)
    {
        var (from, to) = question.Span();
        var found = SearchEngine.Find(call.Logstore, SearchQuery.Parse(question.Query), question.Topic, from, to);
        if (question.Reverse ?? false)
            found = [.. found.Reverse()];
        // A negative offset is answered so by the live service. Source: Java AbnormalOperationTest.
        if (question.Offset < 0)
            throw SlsRefusal.Parameter("limit expression is required");
        if (question.Line < 0)
            throw SlsRefusal.Parameter("The parameter line must not be negative");
        return [.. found.Skip(question.Offset ?? 0).Take(Math.Min(question.Line ?? MostLines, MostLines))];
    }

    private static CloudResponse Packed(JObject answer, string coding)
    {
        var raw = Encoding.UTF8.GetBytes(answer.ToString(Formatting.None));
        var response = CloudResponse.Bytes(Compression.Pack(coding, raw), "application/json");
        return coding.Length == 0
            ? response
            : response.With("x-log-bodyrawsize", Number(raw.Length)).With("x-log-compresstype", coding);
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed record Question(
        int? From,
        int? To,
        string? Query,
        string? Topic,
        int? Line,
        int? Offset,
        bool? Reverse
    )
    {
        /// <summary>From inclusive, to exclusive; equal is an error. Source: SLS protocol 7.5 and Java AbnormalOperationTest.</summary>
        public (uint From, uint To) Span()
        {
            if (From is not >= 0)
                throw SlsRefusal.Parameter("The parameter from must be a positive integer");
            if (To is not >= 0)
                throw SlsRefusal.Parameter("The parameter to must be a positive integer");
            return From < To
                ? ((uint)From, (uint)To)
                : throw SlsRefusal.Parameter("The parameter from must be less than the parameter to");
        }
    }
}
