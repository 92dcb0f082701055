using System.Text.Json.Nodes;
using FsCheck.Xunit;
using LogAudit.Forwarding.Tests.Records;
using LogAudit.Products;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Filters;

public sealed class RecordFilterTests
{
    private static readonly LogTarget Trail = Normalised.Target("actiontrail_logaudit");
    private static readonly MappingCatalogue Catalogue = new(new ProductCatalogue().LogKinds);

    private static readonly TestGroup Deletion = new(
        "actiontrail_event",
        [
            TestLog.Of(
                1,
                (
                    "event",
                    """{"eventId":"e1","eventName":"DeleteTrail","serviceName":"Actiontrail","sourceIpAddress":"198.51.100.7","acsRegion":"cn-hangzhou","recipientAccountId":"1000000000000002","errorCode":"NoPermission","userIdentity":{"type":"ram-user","userName":"alice"},"requestParameters":{"Name":"say \"hi\"","Days":30,"Tags.1":"x","Empty":null,"list":[{"deep":"needle"}]}}"""
                ),
                ("owner_id", "42")
            ),
        ]
    )
    {
        Tags = [("pack", "blue")],
    };

    [Theory]
    [InlineData("", true)]
    [InlineData("keep product == \"actiontrail\"", true)]
    [InlineData("drop product == \"actiontrail\"", false)]
    [InlineData("keep log.kind == \"*\"", true)]
    [InlineData("keep event.module == \"aliyun\" and event.dataset == \"aliyun.*\"", true)]
    [InlineData("keep event.action == \"Delete*\"", true)]
    [InlineData("keep event.action == \"delete*\"", false)]
    [InlineData("keep event.action ~= \"(?i)^delete\"", true)]
    [InlineData("keep event.outcome == \"failure\"", true)]
    [InlineData("keep event.id == \"e1\"", true)]
    [InlineData("keep region == \"cn-*\" and cloud.region == \"cn-hangzhou\"", true)]
    [InlineData("keep account.id == \"1000000000000002\"", true)]
    [InlineData("keep account.id == \"1000000000000001\"", false)]
    [InlineData("keep source.ip == \"198.51.*\"", true)]
    [InlineData("keep source.address == \"*\"", false)]
    [InlineData("keep userIdentity.type == \"ram-user\"", true)]
    [InlineData("keep event.userIdentity.type == \"ram-user\"", true)]
    [InlineData("keep log.userIdentity.userName == \"alice\"", true)]
    [InlineData("keep requestParameters.Name == \"say \\\"hi\\\"\"", true)]
    [InlineData("keep requestParameters.Days > 29 and requestParameters.Days : [*, 30]", true)]
    [InlineData("keep requestParameters.Days < 30", false)]
    [InlineData("keep requestParameters.Tags.1 == \"x\"", true)]
    [InlineData("keep requestParameters.Empty == \"*\"", false)]
    [InlineData("keep requestParameters.Missing == \"*\"", false)]
    [InlineData("drop requestParameters.Missing == \"*\"", true)]
    [InlineData("keep owner_id = 42", true)]
    [InlineData("keep tag.pack == \"blue\"", true)]
    [InlineData("keep tag.other == \"blue\"", false)]
    [InlineData("keep \"needle\"", true)]
    [InlineData("keep \"say \\\"hi\\\"\"", true)]
    [InlineData("keep \"need\"", false)]
    [InlineData("keep __topic__ == \"actiontrail_event\"", true)]
    [InlineData("accept event.action == \"DeleteTrail\"\ndrop \"*\"", true)]
    public void Takes_reads_every_kind_of_name(string script, bool taken) =>
        Assert.Equal(taken, Taken(script, Catalogue, Trail, Deletion)[0]);

    [Fact]
    public void Address_that_is_no_ip_is_asked_for_by_the_name_under_which_it_is_written()
    {
        var mapping = Normalised.Catalogue(
            Normalised.Mapping(new FieldMapping("client", "source.ip", FieldConversion.Ip))
        );
        var group = new TestGroup("topic", [TestLog.Of(1, ("client", "proxy.example.com"))]);

        Assert.False(Taken("keep source.ip == \"*\"", mapping, Normalised.Target("test_log"), group)[0]);
        Assert.True(Taken("keep source.address == \"proxy.*\"", mapping, Normalised.Target("test_log"), group)[0]);
    }

    [Property(MaxTest = 400)]
    public void Takes_agrees_with_a_naive_reading_of_the_written_record(int seed)
    {
        var random = new Random(seed);
        var (mapping, log) = SomeRecord(random);
        var group = new TestGroup("topic", [log]);
        var target = Normalised.Target("test_log");
        var written = NaiveFilter.Properties(Normalised.Json(mapping, target, group));
        var (script, expected) = NaiveFilter.Script(random, written);

        Assert.True(expected == Taken(script, mapping, target, group)[0], $"{script}\n{string.Join('\n', written)}");
    }

    [Fact]
    public void Takes_allocates_nothing_once_it_is_warm()
    {
        const string Script = """
            keep event.action ~= "^(Delete|Create)" and requestParameters.Days > 1
            drop requestParameters.Name == "say *bye*" or source.ip == "10.*"
            accept "needle"
            """;
        var filter = new RecordFilter(PolicyExpression.Parse(Script));
        using var pulled = Pulls.Of(Trail, 3, 1_000, Deletion);
        using var normaliser = new RecordNormaliser();
        using var room = new PooledBuffer();
        var groups = pulled.Groups();
        groups.Next();
        normaliser.BeginGroup(new ShardAddress(Trail, 3), pulled.GroupCursor(0));
        var logs = groups.Logs();
        logs.Next();
        var record = LogNormaliser.Read(normaliser, Catalogue.For(Trail.Logstore), pulled.Body, groups, logs);
        for (var round = 0; round < 1_000; round++)
        {
            Assert.True(filter.Takes(record, room));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var taken = 0;
        for (var round = 0; round < 1_000; round++)
        {
            taken += filter.Takes(record, room) ? 1 : 0;
        }

        Assert.Equal((1_000, 0), (taken, GC.GetAllocatedBytesForCurrentThread() - before));
    }

    [Fact]
    public void Takes_comes_to_an_end_on_hostile_values()
    {
        var hostile = new string('a', 200_000) + "!";
        var mapping = Normalised.Catalogue(Normalised.Mapping());
        var group = new TestGroup("topic", [TestLog.Of(1, ("x", hostile))]);

        Assert.Equal(
            [false, false],
            new[] { "keep x ~= \"^(a+)+$\"", $"keep x == \"{string.Concat(Enumerable.Repeat("*a", 40))}*b\"" }.Select(
                script => Taken(script, mapping, Normalised.Target("test_log"), group)[0]
            )
        );
    }

    // A flat record, or one whose fields stand in the JSON of one field; some names are mapped, some are not.
    private static (MappingCatalogue, TestLog) SomeRecord(Random random)
    {
        var isJson = random.Next(2) == 0;
        var mapping = Normalised.Mapping(
            new FieldMapping("a", "user.name", FieldConversion.Text),
            new FieldMapping("n", "http.request.bytes", FieldConversion.Integer),
            new FieldMapping("in.b", "labels.b", FieldConversion.Text)
        ) with
        {
            JsonField = isJson ? "event" : "",
        };
        string Value() => NaiveFilter.SomeText(random);
        if (!isJson)
        {
            return (Normalised.Catalogue(mapping), TestLog.Of(1, ("a", Value()), ("n", Value()), ("rest", Value())));
        }

        var json = new JsonObject
        {
            ["a"] = Value(),
            ["n"] = random.Next(-5, 50),
            ["in"] = new JsonObject
            {
                ["b"] = Value(),
                ["c"] = Value(),
                ["x.y"] = random.Next(3) == 0 ? null : Value(),
            },
            ["on"] = random.Next(2) == 0,
        };
        return (Normalised.Catalogue(mapping), TestLog.Of(1, ("event", json.ToJsonString())));
    }

    private static List<bool> Taken(string script, MappingCatalogue mappings, LogTarget target, TestGroup group)
    {
        var filter = new RecordFilter(PolicyExpression.Parse(script));
        using var pulled = Pulls.Of(target, 3, 1_000, group);
        using var normaliser = new RecordNormaliser();
        using var room = new PooledBuffer();
        var taken = new List<bool>();
        for (var groups = pulled.Groups(); groups.Next(); )
        {
            normaliser.BeginGroup(new ShardAddress(target, 3), pulled.GroupCursor(groups.Index));
            for (var log = groups.Logs(); log.Next(); )
            {
                var found = mappings.For(target.Logstore);
                taken.Add(filter.Takes(LogNormaliser.Read(normaliser, found, pulled.Body, groups, log), room));
            }
        }

        return taken;
    }
}
