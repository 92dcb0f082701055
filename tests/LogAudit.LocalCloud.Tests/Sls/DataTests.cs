using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;
using LogAudit.LocalCloud.Sls.Wire;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Sls;

public sealed class DataTests
{
    private const string Shard = "/logstores/rds_log/shards/0";

    [Theory]
    [InlineData("", "lz4")]
    [InlineData("lz4", "zstd")]
    [InlineData("zstd", "deflate")]
    [InlineData("deflate", "")]
    public async Task Records_come_back_in_every_coding(string written, string read)
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();

        Assert.Equal("200", (await cloud.PutAsync(SlsCloud.Group("one", "two"), written)).Outcome);
        Assert.Equal("200", (await cloud.PutAsync(SlsCloud.Group("three"), written, "/logstores/rds_log")).Outcome);
        var pulled = await cloud.PullAsync(await cloud.CursorAsync("begin"), accept: read);

        Assert.Equal(["one", "two", "three"], pulled.Messages());
        Assert.Equal(
            ("2", read),
            (pulled.Headers["x-log-count"], pulled.Headers.GetValueOrDefault("x-log-compresstype", ""))
        );
        Assert.Equal(await cloud.CursorAsync("end"), pulled.Cursor);
    }

    [Fact]
    public async Task Recorded_bytes_of_the_official_client_are_stored_and_sent_as_they_are()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        var file = JObject.Parse(
            await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "protocol-vectors.json"))
        );
        var recorded = file["encoding"]!["logGroup"]!;
        var raw = Convert.FromBase64String((string)recorded["protobufBase64"]!);
        string[] codings = ["lz4BlockBase64", "lz4LiteralOnlyBase64", "deflateZlibBase64"];

        foreach (var form in codings)
        {
            (string, string)[] headers =
            [
                ("Content-Type", "application/x-protobuf"),
                ("x-log-bodyrawsize", (string)recorded["rawSize"]!),
                ("x-log-compresstype", form.StartsWith("lz4", StringComparison.Ordinal) ? "lz4" : "deflate"),
            ];
            var body = Convert.FromBase64String((string)recorded[form]!);
            Assert.Equal(
                "200",
                (await cloud.SendAsync("POST", "/logstores/rds_log/shards/lb", body, headers: headers)).Outcome
            );
        }
        var pulled = await cloud.PullAsync(await cloud.CursorAsync("begin"), count: 1);

        Assert.Equal(
            Convert.FromBase64String((string)file["encoding"]!["logGroupList"]!["protobufBase64"]!),
            pulled.Body
        );
        Assert.Equal(raw, pulled.Body[3..]);
        Assert.Equal(["CreateTrail", "StopLogging"], pulled.Messages("eventName"));
    }

    [Fact]
    public async Task Pull_numbers_groups_by_consecutive_cursors()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        foreach (var text in (string[])["a", "b", "c", "d", "e"])
            await cloud.PutAsync(SlsCloud.Group(text));
        var begin = await cloud.CursorAsync("begin");

        var first = await cloud.PullAsync(begin, count: 2);
        var rest = await cloud.PullAsync(first.Cursor, end: await cloud.CursorAsync("end"));
        var none = await cloud.PullAsync(rest.Cursor);

        Assert.Equal(["a", "b"], first.Messages());
        Assert.Equal(["c", "d", "e"], rest.Messages());
        Assert.Equal(
            Cursor.Read(begin) + 1,
            long.Parse(first.Headers["x-log-read-last-cursor"], System.Globalization.CultureInfo.InvariantCulture)
        );
        Assert.Equal(Cursor.Read(begin) + 5, Cursor.Read(rest.Cursor));
        Assert.Equal(("0", rest.Cursor, 0), (none.Headers["x-log-bodyrawsize"], none.Cursor, none.Body.Length));
    }

    [Fact]
    public async Task Cursor_of_a_time_is_by_receipt()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        await cloud.PutAsync(SlsCloud.Group("early"));
        cloud.Clock.Advance(TimeSpan.FromMinutes(5));
        await cloud.PutAsync(SlsCloud.Group("late"));
        var seconds = cloud.Clock.GetUtcNow().ToUnixTimeSeconds();

        var cursor = await cloud.CursorAsync(
            (seconds - 60).ToString(System.Globalization.CultureInfo.InvariantCulture)
        );
        var time = await cloud.GetAsync($"{Shard}?type=cursor_time&cursor={Uri.EscapeDataString(cursor)}");

        Assert.Equal(["late"], (await cloud.PullAsync(cursor)).Messages());
        Assert.Equal(seconds, (long)time.Json["cursor_time"]!);
    }

    [Fact]
    public async Task Expired_and_foreign_cursors_are_told_apart_from_texts_that_are_none()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        await cloud.PutAsync(SlsCloud.Group("old"));
        var old = await cloud.CursorAsync("begin");
        cloud.Clock.Advance(TimeSpan.FromDays(31));
        await cloud.PutAsync(SlsCloud.Group("new"));

        var expired = await cloud.PullAsync(old);
        var nonsense = await cloud.PullAsync("not-a-cursor");
        var fresh = await cloud.PullAsync(await cloud.CursorAsync("begin"));

        Assert.Equal(("400 InvalidCursor", "400 ParameterInvalid"), (expired.Outcome, nonsense.Outcome));
        Assert.Equal(["new"], fresh.Messages());
    }

    [Fact]
    public async Task Cursor_of_a_deleted_logstore_is_not_one_of_its_successor()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        await cloud.PutAsync(SlsCloud.Group("old"));
        var old = await cloud.CursorAsync("end");
        await cloud.DeleteAsync("/logstores/rds_log");
        cloud.Sls.Project(SlsCloud.Project)!.EnsureLogstore(SlsCloud.Store, 30, 1);

        Assert.Equal("400 InvalidCursor", (await cloud.PullAsync(old)).Outcome);
    }

    [Theory]
    [InlineData("x-log-bodyrawsize", "", "400 MissingBodyRawSize")]
    [InlineData("x-log-bodyrawsize", "ten", "400 InvalidBodyRawSize")]
    [InlineData("x-log-bodyrawsize", "1", "400 InvalidBodyRawSize")]
    [InlineData("x-log-bodyrawsize", "10485761", "413 PostBodyTooLarge")]
    [InlineData("x-log-compresstype", "snappy", "400 InvalidCompressType")]
    [InlineData("x-log-compresstype", "lz4", "400 PostBodyUncompressError")]
    [InlineData("x-log-compresstype", "zstd", "400 PostBodyUncompressError")]
    [InlineData("x-log-compresstype", "deflate", "400 PostBodyUncompressError")]
    [InlineData("content-type", "application/json", "415 InvalidContentType")]
    [InlineData("content-type", "", "400 MissingContentType")]
    public async Task PutLogs_refuses_headers_that_do_not_fit(string header, string value, string outcome)
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        var body = SlsCloud.Group("text");
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-type"] = "application/x-protobuf",
            ["x-log-bodyrawsize"] = body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture),
            [header] = value,
        };

        var answer = await cloud.SendAsync(
            "POST",
            "/logstores/rds_log/shards/lb",
            body,
            headers:
            [
                .. headers
                    .Where(pair => pair.Value.Length > 0 || pair.Key == "x-log-bodyrawsize")
                    .Select(pair => (pair.Key, pair.Value)),
            ]
        );

        Assert.Equal(outcome, answer.Outcome);
    }

    [Theory]
    [InlineData("0A00")] // a log without time
    [InlineData("0A060801120208")] // cut
    [InlineData("0A0608011202 0A00")] // a content without value
    [InlineData("0A07080125FFFFFFFF")] // Time_ns above a second
    [InlineData("3203 0A0161")] // a tag without value
    public async Task PutLogs_refuses_what_is_not_a_log_group(string hex)
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();

        var answer = await cloud.PutAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        Assert.Equal("400 PostBodyInvalid", answer.Outcome);
        Assert.Equal(cloud.Logstore.Shards[0].BeginCursor, cloud.Logstore.Shards[0].EndCursor);
    }

    [Fact]
    public async Task AppendMeta_adds_tags_of_address_and_receipt()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        var settings = JObject.Parse("""{"logstoreName":"rds_log","ttl":30,"shardCount":1,"appendMeta":true}""");
        await cloud.JsonAsync("PUT", "/logstores/rds_log", settings);

        await cloud.PutAsync(SlsCloud.Group("text"));
        var tags = (await cloud.PullAsync(await cloud.CursorAsync("begin"))).Groups[0].LogTags;

        Assert.Equal(
            [("__client_ip__", "127.0.0.1"), ("__receive_time__", "1768465845")],
            tags.Select(tag => (tag.Key, tag.Value))
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task Pull_refuses_a_count_out_of_range(int count)
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();

        Assert.Equal("400 ParameterInvalid", (await cloud.PullAsync(await cloud.CursorAsync("begin"), count)).Outcome);
        Assert.Equal(
            "400 ShardNotExist",
            (await cloud.GetAsync("/logstores/rds_log/shards/9?type=cursor&from=begin")).Outcome
        );
    }

    [Fact]
    public async Task Many_groups_over_packed_chunks_come_back_in_order()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        var padding = new string('x', 1000);
        for (var i = 0; i < 3000; i++)
            cloud.Logstore.Append([
                SlsCloud.Item(
                    1768465845,
                    ("message", i.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                    ("padding", padding)
                ),
            ]);

        List<string> read = [];
        var cursor = await cloud.CursorAsync("begin");
        for (
            var pulled = await cloud.PullAsync(cursor, accept: "lz4", count: 700);
            pulled.Body.Length > 0;
            pulled = await cloud.PullAsync(pulled.Cursor, accept: "lz4", count: 700)
        )
            read.AddRange(pulled.Messages());

        Assert.Equal(
            Enumerable.Range(0, 3000).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            read
        );
    }

    [Fact]
    public async Task Pull_ends_at_ten_megabytes()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        var big = new string('x', 3 * 1024 * 1024);
        for (var i = 0; i < 5; i++)
            cloud.Logstore.Append([SlsCloud.Item(1768465845, ("message", big))]);

        var pulled = await cloud.PullAsync(await cloud.CursorAsync("begin"));

        Assert.Equal("3", pulled.Headers["x-log-count"]);
    }

    [Fact]
    public async Task Dedicated_logstore_takes_logs_of_its_product_only()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        cloud.Logstore.DedicatedTo = "ActionTrail";

        Assert.Equal("403 Unauthorized", (await cloud.PutAsync(SlsCloud.Group("x"))).Outcome);
    }

    [Fact]
    public async Task Throttled_calls_get_the_codes_of_sls()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        cloud.Cloud.Faults.Add(
            new FaultRule("busy", FaultKind.Throttle)
            {
                Product = "sls",
                Count = 1,
                Action = "PullLogs",
            }
        );

        var begin = await cloud.CursorAsync("begin");

        Assert.Equal("403 ReadQuotaExceed", (await cloud.PullAsync(begin)).Outcome);
        Assert.Equal("200", (await cloud.PullAsync(begin)).Outcome);
    }
}
