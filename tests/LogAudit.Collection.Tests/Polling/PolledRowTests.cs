using LogAudit.Products;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Collection.Tests.Polling;

public sealed class PolledRowTests
{
    private static readonly ProductCatalogue Catalogue = new();

    private static readonly ResourceRef Instance = new()
    {
        Product = "rds",
        Account = new AccountId("1000000000000002"),
        Region = new RegionId("cn-shanghai"),
        Id = "rm-1",
        Name = "orders",
        Properties = new Dictionary<string, string>
        {
            ["engine"] = "PostgreSQL",
            ["instance.db_type"] = "pgsql",
            ["instance.db_version"] = "16.0",
        },
    };

    // Shape: rds reference, section 6.
    private static JObject ErrorRow(string info = "FATAL: password authentication failed") =>
        new()
        {
            ["CreateTime"] = "2026-03-01T02:03:04Z",
            ["ErrorInfo"] = info,
            ["Database"] = "orders",
        };

    [Fact]
    public void Fields_come_from_the_row_and_from_the_resource_and_what_the_row_lacks_is_left_out()
    {
        var record = PolledRecord.Of(Target("rds", "error"), ErrorRow());

        var fields = record.Fields.ToDictionary(field => field.Key, field => field.Value);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 2, 3, 4, TimeSpan.Zero), record.Time);
        Assert.Equal(
            ("1000000000000002", "cn-shanghai", "rm-1"),
            (fields["owner_id"], fields["region"], fields["instance_id"])
        );
        Assert.Equal(("pgsql", "16.0"), (fields["db_type"], fields["db_version"]));
        Assert.Equal("FATAL: password authentication failed", fields["content"]);
        Assert.DoesNotContain("eventType", fields.Keys);
        Assert.Equal("rds_error_log_pg", PolledRecord.TopicOf(Target("rds", "error")));
        Assert.Equal("rds_error_log", PolledRecord.TopicOf(Target("rds", "error", engine: "MySQL")));
    }

    [Fact]
    public void The_id_is_that_of_the_row_and_of_its_source_and_tells_twins_apart()
    {
        var target = Target("rds", "error");
        var other = target with { Resource = Instance with { Id = "rm-2" } };

        var id = PolledRecord.Of(target, ErrorRow()).Id(0);

        Assert.Equal(id, PolledRecord.Of(target, ErrorRow()).Id(0));
        Assert.Matches("^p1-[0-9a-f]{32}$", id.Text);
        Assert.NotEqual(id, PolledRecord.Of(target, ErrorRow()).Id(1));
        Assert.NotEqual(id, PolledRecord.Of(target, ErrorRow("another")).Id(0));
        Assert.NotEqual(id, PolledRecord.Of(other, ErrorRow()).Id(0));
    }

    [Fact]
    public void Joined_values_become_samples_of_the_stretch_with_the_names_of_the_old_service()
    {
        var row = Parse(
            """
            {"Key":"MySQL_QPSTPS","ValueFormat":"QPS&TPS","Values":{"PerformanceValue":[
              {"Date":"2026-03-01T01:59:00Z","Value":"1&1"},
              {"Date":"2026-03-01T02:00:00Z","Value":"12.5&3"},
              {"Date":"2026-03-01T02:01:00Z","Value":"9&9"}]}}
            """
        );
        var problems = new List<string>();

        var samples = PolledSamples.Of(Target("rds", "performance"), row, Span(2, 0, 2, 1), problems.Add).ToList();

        Assert.Empty(problems);
        Assert.Equal([("mysql_perf_qps", 12.5), ("mysql_perf_tps", 3)], samples.Select(one => (one.Name, one.Value)));
        Assert.All(samples, sample => Assert.Equal("rm-1", sample.Labels["instance_id"]));
    }

    [Fact]
    public void A_value_without_a_name_of_ours_and_one_that_is_no_number_are_told()
    {
        var row = Parse(
            """{"ValueFormat":"QPS&new_value","Values":{"PerformanceValue":[{"Date":"2026-03-01T02:00:00Z","Value":"-&1"}]}}"""
        );
        var problems = new List<string>();

        Assert.Empty(PolledSamples.Of(Target("rds", "performance"), row, Span(2, 0, 2, 1), problems.Add));
        Assert.Equal(["a point has no number for QPS", "the value new_value has no metric name"], problems);
    }

    [Fact]
    public void Ids_of_a_cursor_survive_as_text()
    {
        var cursor = new PollCursor(DateTimeOffset.UnixEpoch, [1, ulong.MaxValue, 42]);

        Assert.Equal(cursor.Recent.Order(), PollCursor.ReadRecent(cursor.RecentText).Order());
    }

    // As the client reads answers: dates stay texts.
    private static JObject Parse(string json)
    {
        using var reader = new JsonTextReader(new StringReader(json)) { DateParseHandling = DateParseHandling.None };
        return JObject.Load(reader);
    }

    private static PollTarget Target(string product, string kind, string engine = "PostgreSQL") =>
        new(
            Catalogue.Find(product)!.LogKinds.Single(one => one.Name == kind),
            Instance with
            {
                Properties = new Dictionary<string, string>(Instance.Properties) { ["engine"] = engine },
            }
        );

    private static PollSpan Span(int fromHour, int fromMinute, int toHour, int toMinute)
    {
        var from = new DateTimeOffset(2026, 3, 1, fromHour, fromMinute, 0, TimeSpan.Zero);
        return new(from, from, new DateTimeOffset(2026, 3, 1, toHour, toMinute, 0, TimeSpan.Zero), TimeSpan.Zero);
    }
}
