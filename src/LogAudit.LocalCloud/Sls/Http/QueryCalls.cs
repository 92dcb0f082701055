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
        var answer = QueryAnswer.To(
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
            .Json(new JArray(answer.Rows))
            .With("x-log-progress", "Complete")
            .With("x-log-count", Number(answer.Rows.Count))
            .With("x-log-has-sql", answer.HasSql ? "true" : "false")
            .With("x-log-processed-rows", Number(answer.Processed))
            .With("x-log-elapsed-millisecond", Number((long)Stopwatch.GetElapsedTime(started).TotalMilliseconds))
            .With("x-log-where-query", Uri.EscapeDataString(answer.Search))
            .With("x-log-agg-query", Uri.EscapeDataString(answer.Statement))
            .With("x-log-query-info", Uri.EscapeDataString(Info(answer)))
            .With("x-log-cpu-sec", "0")
            .With("x-log-cpu-cores", "0");
    }

    public static CloudResponse GetLogsV2(SlsCall call)
    {
        var started = Stopwatch.GetTimestamp();
        var body = call.Body;
        var answer = QueryAnswer.To(
            call,
            new Question(
                body.Number("from"),
                body.Number("to"),
                body.Text("query"),
                body.Text("topic"),
                body.Number("line"),
                body.Number("offset"),
                body.Flag("reverse")
            )
        );
        var json = new JObject
        {
            ["meta"] = new JObject
            {
                ["progress"] = "Complete",
                ["count"] = answer.Rows.Count,
                ["hasSQL"] = answer.HasSql,
                ["processedRows"] = answer.Processed,
                ["processedBytes"] = 0,
                ["elapsedMillisecond"] = (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds,
                ["cpuSec"] = 0.0,
                ["cpuCores"] = 0.0,
                ["limited"] = answer.Limited,
                ["aggQuery"] = answer.Statement,
                ["whereQuery"] = answer.Search,
                // The service spells it so.
                ["telementryType"] = "",
                ["keys"] = new JArray(answer.Columns.Select(column => column.Name)),
                ["terms"] = new JArray(),
                ["columnTypes"] = new JArray(answer.Columns.Select(column => column.Type)),
                ["mode"] = 0,
                ["scanBytes"] = 0,
                ["isAccurate"] = true,
                ["phraseQueryInfo"] = new JObject(),
                ["highlights"] = new JArray(),
            },
            ["data"] = new JArray(answer.Rows),
        };
        return Packed(json, Compression.Choose(call.Request.Header("Accept-Encoding")));
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
        throw SlsRefusal.Parameter("GetProjectLogs reads several Logstores with SQL: LocalCloud queries one Logstore");

    /// <summary>Keys and terms, as the SDKs read them from the header.</summary>
    private static string Info(QueryAnswer answer) =>
        new JObject
        {
            ["keys"] = new JArray(answer.Columns.Select(column => column.Name)),
            ["terms"] = new JArray(),
        }.ToString(Formatting.None);

    private static CloudResponse Packed(JObject answer, string coding)
    {
        var raw = Encoding.UTF8.GetBytes(answer.ToString(Formatting.None));
        var response = CloudResponse.Bytes(Compression.Pack(coding, raw), "application/json");
        return coding.Length == 0
            ? response
            : response.With("x-log-bodyrawsize", Number(raw.Length)).With("x-log-compresstype", coding);
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
