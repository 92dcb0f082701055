using Google.Protobuf;
using LogAudit.Sls.Tests.Reading;
using LogAudit.Wire;

namespace LogAudit.Sls.Tests.Calls;

/// <summary>PutLogs, PullLogs and queries: what goes on the wire and what is made of the documented answers.</summary>
public sealed class DataRequestTests
{
    private static readonly ProjectName Project = new("audit-central");
    private static readonly LogstoreName Logstore = new("slb_log");
    private const string Host = "audit-central.cn-hangzhou.log.aliyuncs.com";

    [Theory]
    [InlineData(LogCompression.Lz4, "lz4")]
    [InlineData(LogCompression.Zstd, "zstd")]
    [InlineData(LogCompression.Deflate, "deflate")]
    [InlineData(LogCompression.None, null)]
    public async Task Put_logs_sends_what_the_other_side_can_unpack(LogCompression compression, string? name)
    {
        using var sls = new ScriptedSls().Refuse(500, "InternalServerError").Answer("");
        using var logs = new LogGroupWriter("t", "s", []);
        logs.BeginLog(1, 2);
        logs.Field("a", new string('b', 300));
        logs.EndLog();

        await sls.Client.PutLogsAsync(Project, Logstore, logs, compression, default);

        Assert.Equal(2, sls.Requests.Count);
        var asked = sls.Requests[1];
        Assert.Equal($"POST {Host}/logstores/slb_log/shards/lb", asked.ToString());
        Assert.Equal("application/x-protobuf", asked.Headers["content-type"]);
        Assert.Equal(name, asked.Headers.GetValueOrDefault("x-log-compresstype"));
        var raw = new byte[
            int.Parse(asked.Headers["x-log-bodyrawsize"], System.Globalization.CultureInfo.InvariantCulture)
        ];
        Compression.Unpack(compression, asked.Body, raw);
        Assert.Equal("a", LogGroup.Parser.ParseFrom(raw).Logs[0].Contents[0].Key);
    }

    [Fact]
    public async Task Pull_logs_asks_and_reads_as_documented()
    {
        var raw = new LogGroupList
        {
            LogGroups =
            {
                new LogGroup { Topic = "t", Logs = { new Log { Time = 7 } } },
            },
        }.ToByteArray();
        using var sls = new ScriptedSls().Answer(
            Reading.Wire.Lz4(raw),
            200,
            ("x-log-cursor", "MTAwMQ=="),
            ("x-log-count", "1"),
            ("x-log-bodyrawsize", raw.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("x-log-compresstype", "lz4"),
            ("x-log-read-last-cursor", "1000")
        );

        using var pulled = await sls.Client.PullLogsAsync(
            Project,
            Logstore,
            3,
            Cursor.Of(1000),
            Cursor.Of(2000),
            10,
            default
        );

        Assert.Equal(
            $"GET {Host}/logstores/slb_log/shards/3?count=10&cursor=MTAwMA%3D%3D&end_cursor=MjAwMA%3D%3D&type=log",
            sls.Requests[0].ToString()
        );
        Assert.Equal("lz4", sls.Requests[0].Headers["accept-encoding"]);
        Assert.Equal(1001, pulled.NextCursor.Number);
        Assert.Equal(1000, pulled.GroupCursor(0).Number);
        Assert.Equal(raw, pulled.Body.ToArray());
    }

    [Theory]
    [InlineData("x-log-cursor", "nonsense")]
    [InlineData("x-log-count", "")]
    [InlineData("x-log-bodyrawsize", "many")]
    [InlineData("x-log-read-last-cursor", "last")]
    [InlineData("x-log-compresstype", "snappy")]
    public async Task Pull_logs_refuses_headers_that_make_no_sense(string name, string value)
    {
        Dictionary<string, string> headers = new(StringComparer.Ordinal)
        {
            ["x-log-cursor"] = "MTAwMQ==",
            ["x-log-count"] = "0",
            ["x-log-bodyrawsize"] = "0",
            [name] = value,
        };
        using var sls = new ScriptedSls().Answer([], 200, [.. headers.Select(one => (one.Key, one.Value))]);

        var refused = await Assert.ThrowsAsync<SlsDataException>(() =>
            sls.Client.PullLogsAsync(Project, Logstore, 0, Cursor.Of(1), null, 1, default)
        );

        Assert.Contains("slb_log shard 0 at cursor MQ==", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_is_asked_again_while_it_is_incomplete()
    {
        using var sls = new ScriptedSls()
            .Answer("""{"meta":{"progress":"Incomplete"},"data":[]}""")
            .Answer("""{"meta":{"progress":"Complete"},"data":[{"__time__":"1","n":"2"}]}""");

        var result = await sls.Client.GetLogsAsync(
            Project,
            Logstore,
            new() { From = DateTimeOffset.FromUnixTimeSeconds(1), To = DateTimeOffset.FromUnixTimeSeconds(2) },
            default
        );

        Assert.True(result.Complete);
        Assert.Equal("2", result.Rows[0]["n"]);
        Assert.Equal($"POST {Host}/logstores/slb_log/logs", sls.Requests[0].ToString());
    }

    [Theory]
    [InlineData("lz4")]
    [InlineData("gzip")]
    public async Task A_compressed_answer_is_read(string name)
    {
        var text = """{"meta":{"progress":"Complete"},"data":[{"n":"2"}]}"""u8.ToArray();
        using var stream = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(stream, System.IO.Compression.CompressionMode.Compress))
        {
            gzip.Write(text);
        }

        using var sls = new ScriptedSls().Answer(
            name is "gzip" ? stream.ToArray() : Reading.Wire.Lz4(text),
            200,
            ("x-log-compresstype", name),
            ("x-log-bodyrawsize", Numbers.Text(text.Length))
        );

        var result = await sls.Client.GetLogsAsync(
            Project,
            Logstore,
            new() { From = DateTimeOffset.UnixEpoch, To = DateTimeOffset.UnixEpoch.AddDays(1) },
            default
        );

        Assert.Equal("2", result.Rows[0]["n"]);
    }
}
