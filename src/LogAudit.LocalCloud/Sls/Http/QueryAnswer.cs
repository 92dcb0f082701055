using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Search;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Http;

/// <summary>What a query asks, as either call carries it.</summary>
internal sealed record Question(int? From, int? To, string? Query, string? Topic, int? Line, int? Offset, bool? Reverse)
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

/// <summary>What a query gives: records, or the rows of its analytic statement.</summary>
internal sealed record QueryAnswer
{
    /// <summary>Lines a search gives; more is cut silently, as the service does.</summary>
    private const int MostLines = 100;

    public required IReadOnlyList<JObject> Rows { get; init; }

    /// <summary>Records that were read to answer.</summary>
    public required int Processed { get; init; }

    /// <summary>What stands before the bar.</summary>
    public required string Search { get; init; }

    /// <summary>What stands after it; empty without one.</summary>
    public string Statement { get; init; } = "";

    public bool HasSql { get; init; }

    public IReadOnlyList<SqlColumn> Columns { get; init; } = [];

    public long Limited { get; init; } = MostLines;

    public static QueryAnswer To(SlsCall call, Question question)
    {
        var (from, to) = question.Span();
        var text = QueryText.Split(question.Query);
        var found = SearchEngine.Find(call.Logstore, SearchQuery.Parse(text.Search), question.Topic, from, to);
        return text.Statement is { } statement
            ? Analysed(call, text.Search, statement, (from, to), found)
            : Searched(question, text.Search, found);
    }

    private static QueryAnswer Searched(Question question, string search, IReadOnlyList<FoundRecord> found)
    {
        if (question.Reverse ?? false)
            found = [.. found.Reverse()];
        // A negative offset is answered so by the live service. Source: Java AbnormalOperationTest.
        if (question.Offset < 0)
            throw SlsRefusal.Parameter("limit expression is required");
        if (question.Line < 0)
            throw SlsRefusal.Parameter("The parameter line must not be negative");
        var page = found.Skip(question.Offset ?? 0).Take(Math.Min(question.Line ?? MostLines, MostLines));
        var rows = page.Select(record => record.ToJson()).ToList();
        return new()
        {
            Rows = rows,
            Processed = rows.Count,
            Search = search,
        };
    }

    /// <summary>Line, offset and reverse do not count here. Source: SLS protocol 7.5.</summary>
    private static QueryAnswer Analysed(
        SlsCall call,
        string search,
        string statement,
        (uint From, uint To) span,
        IReadOnlyList<FoundRecord> found
    )
    {
        var engine =
            call.Service.Cloud.Sql
            ?? throw SlsRefusal.Parameter(
                "this LocalCloud was started without an SQL engine: only searches can be run"
            );
        try
        {
            var answer = engine.Run(
                new SqlQuestion
                {
                    Text = statement,
                    // Metrics are read from the sub store. Source: SLS protocol 9, Metricstore: its name is prom.
                    Logstore = call.Path("logstore") + (call.Logstore.Settings.IsMetricstore ? ".prom" : ""),
                    From = span.From,
                    To = span.To,
                    Now = call.Now,
                    Records = new FoundTable(found, call.Logstore.Index ?? throw SlsRefusal.NoIndex()),
                },
                CancellationToken.None
            );
            return new()
            {
                Rows = [.. answer.Rows.Select(row => Row(answer.Columns, row))],
                Processed = found.Count,
                Search = search,
                Statement = statement,
                HasSql = true,
                Columns = answer.Columns,
                Limited = answer.Limit,
            };
        }
        catch (SqlRefusedException refused)
        {
            throw SlsRefusal.Parameter(refused.Message);
        }
    }

    /// <summary>A flat map of texts. Assumed: a null is the word <c>null</c>, since every value is a text.</summary>
    private static JObject Row(IReadOnlyList<SqlColumn> columns, IReadOnlyList<string?> row)
    {
        var json = new JObject();
        for (var i = 0; i < columns.Count; i++)
            json[columns[i].Name] = row[i] ?? "null";
        return json;
    }
}
