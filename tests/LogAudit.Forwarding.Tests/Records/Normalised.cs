using System.Text;
using System.Text.Json.Nodes;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Records;

/// <summary>Runs logs through the real road, from wire bytes to formatted text.</summary>
internal static class Normalised
{
    public static readonly LogTarget Slb = Target("slb_log");

    public static LogTarget Target(string logstore) =>
        new(
            new AccountId("1000000000000001"),
            new RegionId("cn-shanghai"),
            new ProjectName("logaudit-center-1000000000000001-cn-shanghai"),
            new LogstoreName(logstore)
        );

    public static List<string> Text(
        MappingCatalogue mappings,
        LogTarget target,
        IFormat format,
        params IReadOnlyList<TestGroup> groups
    )
    {
        using var pulled = Pulls.Of(target, 3, 1_000, groups);
        using var normaliser = new RecordNormaliser(format.WantsFields);
        using var buffer = new PooledBuffer();
        var texts = new List<string>();
        var found = mappings.For(target.Logstore);
        for (var group = pulled.Groups(); group.Next(); )
        {
            normaliser.BeginGroup(new ShardAddress(target, 3), pulled.GroupCursor(group.Index));
            for (var log = group.Logs(); log.Next(); )
            {
                var record = LogNormaliser.Read(normaliser, found, pulled.Body, group, log);
                buffer.Clear();
                format.Write(record, buffer);
                texts.Add(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(buffer.Written));
            }
        }

        return texts;
    }

    public static JsonObject Json(
        MappingCatalogue mappings,
        LogTarget target,
        params IReadOnlyList<TestGroup> groups
    ) => JsonNode.Parse(Assert.Single(Text(mappings, target, new Json(), groups)))!.AsObject();

    public static JsonObject Json(RecordMapping mapping, TestLog log, string product = "test") =>
        Json(Catalogue(mapping, product), Target("test_log"), new TestGroup("topic", [log]));

    public static MappingCatalogue Catalogue(RecordMapping mapping, string product = "test") =>
        new([
            new LogKind
            {
                Product = product,
                Name = "kind",
                Route = Routes.Manual,
                Logstore = "test_log",
                Topics = ["topic"],
                Regions = [],
                EnabledVariable = "",
                TtlVariable = "",
                Fields = [],
                Mapping = mapping,
            },
        ]);

    public static RecordMapping Mapping(params FieldMapping[] fields) =>
        new()
        {
            Dataset = "aliyun.test",
            Category = "api",
            Fields = fields,
        };
}
