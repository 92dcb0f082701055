using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Xunit;

namespace LogAudit.Testing;

/// <summary>A strict receiver of Elasticsearch's bulk API: keeps a document per id, answers item by item as the service does, and can be searched by id.</summary>
/// <remarks>Written from the descriptions of the bulk API and the search API.</remarks>
public sealed class ElasticSoc : IAsyncDisposable
{
    private readonly HttpSoc http;

    /// <summary>Starts listening.</summary>
    /// <param name="mood">Decides on a whole request; null lets it through.</param>
    /// <param name="judge">Status of an item that is not there yet, from its document; 201 takes it.</param>
    public ElasticSoc(Func<SocRequest, SocAnswer?>? mood = null, Func<string, int>? judge = null) =>
        http = new HttpSoc(request => mood?.Invoke(request) ?? Answer(request, judge ?? (_ => 201)));

    public Uri Address => new(http.Address.GetLeftPart(UriPartial.Authority));

    public IReadOnlyCollection<SocRequest> Requests => http.Requests;

    /// <summary>Documents in the order in which they were taken.</summary>
    public ConcurrentQueue<(string Id, string Document)> Documents { get; } = new();

    public ValueTask DisposeAsync() => http.DisposeAsync();

    private SocAnswer Answer(SocRequest request, Func<string, int> judge)
    {
        if (request.Path.EndsWith("/_search", StringComparison.Ordinal))
        {
            return Search(request);
        }

        Assert.EndsWith("/_bulk", request.Path, StringComparison.Ordinal);
        Assert.Equal("application/x-ndjson", request.Headers["Content-Type"]);
        Assert.EndsWith("\n", request.Text, StringComparison.Ordinal);
        var lines = request.Text.Split('\n')[..^1];
        Assert.Equal(0, lines.Length % 2);
        return new SocAnswer(200)
        {
            Body = new JsonObject
            {
                ["took"] = 1,
                ["errors"] = false,
                ["items"] = new JsonArray([.. lines.Chunk(2).Select(pair => Item(pair[0], pair[1], judge))]),
            }.ToJsonString(),
        };
    }

    private SocAnswer Search(SocRequest request)
    {
        Assert.StartsWith("application/json", request.Headers["Content-Type"], StringComparison.Ordinal);
        var wanted = JsonNode.Parse(request.Text)!["query"]!["ids"]!["values"]!.AsArray().Select(id => (string)id!);
        return new SocAnswer(200)
        {
            Body = new JsonObject
            {
                ["took"] = 1,
                ["timed_out"] = false,
                ["hits"] = new JsonObject
                {
                    ["total"] = new JsonObject
                    {
                        ["value"] = wanted.Count(id => Documents.Any(known => known.Id == id)),
                        ["relation"] = "eq",
                    },
                    ["hits"] = new JsonArray(),
                },
            }.ToJsonString(),
        };
    }

    private JsonObject Item(string action, string document, Func<string, int> judge)
    {
        var id = (string)JsonNode.Parse(action)!["create"]!["_id"]!;
        Assert.NotNull(JsonNode.Parse(document)!["@timestamp"]);
        var status = Documents.Any(known => known.Id == id) ? 409 : judge(document);
        if (status == 201)
        {
            Documents.Enqueue((id, document));
        }

        var result = new JsonObject { ["_id"] = id, ["status"] = status };
        if (status >= 300)
        {
            result["error"] = new JsonObject
            {
                ["type"] = status == 409 ? "version_conflict_engine_exception" : "document_parsing_exception",
                ["reason"] = $"failed to parse {document}",
            };
        }

        return new JsonObject { ["create"] = result };
    }
}
