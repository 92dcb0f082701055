using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace LogAudit.Testing;

/// <summary>A strict receiver of Elasticsearch's bulk API: keeps a document per id, answers item by item as the service does, and can be searched by id.</summary>
/// <remarks>Written from the descriptions of the bulk API and the search API.</remarks>
public sealed class ElasticSoc : IAsyncDisposable
{
    private readonly HttpSoc http;
    private readonly Action<string, string> stored;
    private readonly ConcurrentDictionary<UInt128, bool> known = new();
    private long conflicts;

    /// <summary>Starts listening.</summary>
    /// <param name="mood">Decides on a whole request; null lets it through.</param>
    /// <param name="judge">Status of an item that is not there yet, from its document; 201 takes it.</param>
    /// <param name="stored">Gets what is stored, of which only the ids are kept then; null keeps it in <see cref="Documents"/>.</param>
    /// <param name="tls">For TLS; null for TCP.</param>
    /// <param name="port">Where; 0 takes any free one.</param>
    public ElasticSoc(
        Func<SocRequest, SocAnswer?>? mood = null,
        Func<string, int>? judge = null,
        Action<string, string>? stored = null,
        SocTls? tls = null,
        int port = 0
    )
    {
        this.stored = stored ?? ((id, document) => Documents.Enqueue((id, document)));
        http = new HttpSoc(request => mood?.Invoke(request) ?? Answer(request, judge ?? (_ => 201)), tls, port)
        {
            Keeps = stored is null,
        };
    }

    public Uri Address => new(http.Address.GetLeftPart(UriPartial.Authority));

    /// <summary>What listens, to be disturbed.</summary>
    public SocListener Listener => http.Listener;

    /// <summary>Items that were there already, answered with 409.</summary>
    public long Conflicts => Interlocked.Read(ref conflicts);

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
                        ["value"] = wanted.Count(id => known.ContainsKey(Key(id))),
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
        var status = known.ContainsKey(Key(id)) ? 409 : judge(document);
        if (status == 201)
        {
            if (known.TryAdd(Key(id), true))
            {
                stored(id, document);
            }
            else
            {
                status = 409;
            }
        }

        if (status == 409)
        {
            Interlocked.Increment(ref conflicts);
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

    // Ids of millions of documents are kept as hashes.
    private static UInt128 Key(string id) =>
        BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}
