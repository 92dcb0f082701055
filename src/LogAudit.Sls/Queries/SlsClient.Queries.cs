using System.Text.Json.Nodes;

namespace LogAudit.Sls;

public sealed partial class SlsClient
{
    private const int IncompleteTries = 6;

    /// <summary>Runs a query, asking again while the answer is <c>Incomplete</c>: at most six times, 0.1 s doubling apart.</summary>
    /// <remarks>SLS GetLogsV2. Look at <see cref="QueryResult.Complete"/>.</remarks>
    public async Task<QueryResult> GetLogsAsync(
        ProjectName project,
        LogstoreName logstore,
        LogQuery query,
        CancellationToken cancel
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = await ReadAsync(Query(project, logstore, query), Result, cancel);
            var pause = TimeSpan.FromMilliseconds(100 * Math.Pow(2, attempt - 1));
            if (result.Complete || attempt == IncompleteTries || pause >= TimeLeft())
            {
                return result;
            }

            await Task.Delay(pause, time, cancel);
        }
    }

    private static SlsRequest Query(ProjectName project, LogstoreName logstore, LogQuery query) =>
        new("GetLogsV2", HttpMethod.Post, project, $"/logstores/{logstore}/logs")
        {
            Json = new JsonObject
            {
                ["from"] = query.From.ToUnixTimeSeconds(),
                ["to"] = query.To.ToUnixTimeSeconds(),
                ["query"] = query.Query,
                ["line"] = query.Lines,
                ["offset"] = query.Offset,
                ["reverse"] = query.Reverse,
            },
            AcceptEncoding = "lz4",
            Repeat = Repeat.Always,
        };

    private static QueryResult Result(JsonObject json) =>
        new(
            json.Object("meta").Text("progress") is "Complete",
            [.. json.Objects("data").Select(row => row.ToTextMap())]
        )
        {
            Columns = [.. Texts(json.Object("meta")["keys"]).Zip(Texts(json.Object("meta")["columnTypes"]))],
        };

    private static IEnumerable<string> Texts(JsonNode? list) =>
        (list as JsonArray ?? []).Select(item => item?.GetValue<string>() ?? "");
}
