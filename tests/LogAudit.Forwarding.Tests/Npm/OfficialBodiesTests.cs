using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using LogAudit.Testing;
using LogAudit.Testing.Otlp;

namespace LogAudit.Forwarding.Tests.Npm;

/// <summary>What our sinks write against what the official npm packages write of the same records.</summary>
public sealed class OfficialBodiesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
    private static readonly Json Format = new();

    [PeerFact("npm-sinks")]
    public async Task Otlp_and_bulk_bodies_are_those_of_the_official_serialisers()
    {
        using var batch = SinkBatches.Of(Format, 20, padding: 300);
        await using var elastic = new HttpSoc(_ => new SocAnswer(
            200,
            "Content-Type: application/json",
            "X-Elastic-Product: Elasticsearch"
        )
        {
            Body = """{"took":1,"errors":false,"items":[]}""",
        });

        var official = await RunAsync(batch, elastic.Address);

        var expected = ExportLogsServiceRequest.Parser.ParseFrom(
            Convert.FromBase64String((string)official["protobuf"]!)
        );
        Assert.Equal(20, expected.ResourceLogs[0].ScopeLogs[0].LogRecords.Count);
        Assert.Equal(expected, await OtlpAsync(batch, json: false));
        Assert.Equal(JsonParser.Default.Parse<ExportLogsServiceRequest>((string)official["json"]!), expected);
        Assert.Equal(expected, await OtlpAsync(batch, json: true));
        var theirs = Assert.Single(elastic.Requests);
        var ours = await BulkAsync(batch);
        Assert.Equal(theirs.Path, ours.Path);
        Assert.Equal(theirs.Text, ours.Text);
    }

    private static async Task<JsonNode> RunAsync(EncodedBatch batch, Uri elastic)
    {
        var records = Enumerable
            .Range(0, batch.Count)
            .Select(index => new JsonObject
            {
                ["id"] = Encoding.ASCII.GetString(batch.Id(index)),
                ["dataset"] = batch.Facts(index).Mapping.Dataset,
                ["text"] = Encoding.UTF8.GetString(batch.Body(index).Span),
                ["time"] = Time(batch.Facts(index).TimeNanos),
            });
        var wanted = new JsonObject
        {
            ["elastic"] = elastic.GetLeftPart(UriPartial.Authority),
            ["index"] = "logs-aliyun.audit-default",
            ["service"] = "logaudit",
            ["observed"] = Time(Now.ToUnixTimeSeconds() * 1_000_000_000),
            ["records"] = new JsonArray([.. records]),
        };
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, wanted.ToJsonString());
            var (exit, output, errors) = await Peers.RunAsync(
                "node",
                Path.Combine(Peers.Repository, "tests/LogAudit.Forwarding.Tests/Npm"),
                new Dictionary<string, string>(StringComparer.Ordinal) { ["NODE_OPTIONS"] = "" },
                "bodies.js",
                file
            );
            Assert.True(exit == 0, $"node ended with {exit}: {errors}");
            return JsonNode.Parse(output)!;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<ExportLogsServiceRequest> OtlpAsync(EncodedBatch batch, bool json)
    {
        await using var soc = new OtlpSoc();
        using var sink = new Forwarding.Otlp(
            new OtlpOptions { Target = new HttpTarget(soc.Address), Json = json },
            new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Now)
        );
        await sink.SendAsync(batch, CancellationToken.None);
        return OtlpSoc.Read(Assert.Single(soc.Requests));
    }

    private static async Task<SocRequest> BulkAsync(EncodedBatch batch)
    {
        await using var soc = new ElasticSoc();
        using var sink = new Elasticsearch(
            new ElasticsearchOptions { Target = new HttpTarget(soc.Address) },
            TimeProvider.System
        );
        await sink.SendAsync(batch, CancellationToken.None);
        return Assert.Single(soc.Requests);
    }

    private static JsonArray Time(long nanos) => [nanos / 1_000_000_000, nanos % 1_000_000_000];
}
