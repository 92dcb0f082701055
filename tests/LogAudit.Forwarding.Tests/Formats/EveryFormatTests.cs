using LogAudit.Forwarding.Tests.Records;
using LogAudit.Sls;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Formats;

public sealed class EveryFormatTests
{
    private static readonly LogTarget Target = Normalised.Target("test_log");

    private static readonly RecordMapping Mapping = Normalised.Mapping(
        new FieldMapping("account", "cloud.account.id", FieldConversion.Text),
        new FieldMapping("region", "cloud.region", FieldConversion.Text),
        new FieldMapping("when", "@timestamp", FieldConversion.IsoTime)
    );

    public static TheoryData<string> Names => [.. FormatCatalogue.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Record_says_in_every_format_what_it_is_and_where_it_was_read(string name)
    {
        var log = TestLog.Of(
            1,
            ("account", "1000000000000001"),
            ("region", "cn-hangzhou"),
            ("when", "2026-03-02T11:04:05.123Z")
        );
        var group = new TestGroup("topic", [TestLog.Of(1), log]) { Tags = [("__receive_time__", "1772449446")] };

        var read = ReadBack.Of(name, Lines(name, new TestGroup("topic", []), group)[1]);

        Assert.Equal(
            new ReadBack(
                $"{Prefix(Cursor.Of(1_001))}1",
                "1000000000000001",
                "cn-hangzhou",
                "test",
                "kind",
                Target.Project.Value,
                "test_log",
                Shard: 3,
                Cursor.Of(1_001).Value,
                Index: 1,
                new DateTimeOffset(2026, 3, 2, 11, 4, 5, 123, TimeSpan.Zero),
                DateTimeOffset.FromUnixTimeSeconds(1772449446)
            ),
            read
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Record_leaves_out_in_every_format_what_nobody_said(string name)
    {
        var read = ReadBack.Of(name, Lines(name, new TestGroup("topic", [TestLog.Of(7)]))[0]);

        Assert.Null(read.Ingested);
        Assert.Equal(("", ""), (read.Account, read.Region));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(7), read.Time);
    }

    [Theory]
    [InlineData("sls")]
    [InlineData("kind")]
    [InlineData("product")]
    public void Record_of_a_logstore_that_is_called_like_a_member_of_ours_keeps_its_fields(string logstore)
    {
        var json = Normalised.Json(
            new MappingCatalogue([]),
            Normalised.Target(logstore),
            new TestGroup("topic", [TestLog.Of(1, ("a", "b"))])
        );

        Assert.Equal("b", (string?)json["aliyun"]![$"{logstore}_log"]!["a"]);
        Assert.Equal(logstore, (string?)json["aliyun"]!["sls"]!["logstore"]);
    }

    private static string Prefix(Cursor group)
    {
        var prefix = new byte[RecordId.PrefixLength];
        RecordId.WritePrefix(new ShardAddress(Target, 3), group, prefix);
        return System.Text.Encoding.ASCII.GetString(prefix);
    }

    private static List<string> Lines(string name, params IReadOnlyList<TestGroup> groups) =>
        Normalised.Text(Normalised.Catalogue(Mapping), Target, Made(name), groups);

    /// <summary>A format with some options, without envelope.</summary>
    internal static IFormat Made(string name, params (string Name, string Value)[] options)
    {
        var settings = new DestinationSettings
        {
            Name = "soc",
            Sink = "webhook",
            Format = name,
            Options = options
                .Prepend(("envelope", "none"))
                .ToDictionary(option => option.Item1, option => option.Item2, StringComparer.Ordinal),
        };
        var reader = new OptionReader(settings, "destinations[0]", new SecretReferences(_ => null));
        return FormatCatalogue.Make(name, reader) ?? throw new Xunit.Sdk.XunitException($"no format {name}");
    }
}
