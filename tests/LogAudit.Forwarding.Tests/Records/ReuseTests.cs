using System.Text.RegularExpressions;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Records;

/// <summary>What a worker keeps from record to record, names and plans, is bounded and changes no byte of any of them.</summary>
public sealed partial class ReuseTests
{
    // More names, and more sets of targets with a value, than are kept.
    private const int Names = 2 * FieldNames.Most;
    private const int Targets = 8;
    private const int Logs = 600;

    public static TheoryData<string> Formats => [.. FormatCatalogue.Names];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Records_of_ever_other_shapes_are_written_as_each_is_alone(string format)
    {
        var random = new Random(20261126);
        var logs = Enumerable.Range(0, Logs).Select(_ => Log(random)).ToList();

        var together = Write(format, new TestGroup("topic", [.. logs]));

        for (var number = 0; number < Logs; number++)
        {
            var alone = Assert.Single(Write(format, new TestGroup("topic", [logs[number]])));
            Assert.Equal(WithoutPlace(alone), WithoutPlace(together[number]));
        }
    }

    // With a mapping of its own: plans belong to it.
    private static List<string> Write(string format, TestGroup group) =>
        Normalised.Text(
            Normalised.Catalogue(
                Normalised.Mapping([
                    .. Enumerable
                        .Range(0, Targets)
                        .Select(number => new FieldMapping($"name{number}", $"labels.l{number}", FieldConversion.Text)),
                ])
            ),
            Normalised.Target("test_log"),
            Made(format),
            group
        );

    private static IFormat Made(string format) =>
        FormatCatalogue.Make(
            format,
            new OptionReader(
                new DestinationSettings
                {
                    Name = "soc",
                    Sink = "syslog",
                    Format = format,
                },
                "destinations[0]",
                new SecretReferences(_ => null)
            )
        )!;

    // In any order, some twice, some called like the number of a repeated one, some longer than what is kept.
    private static TestLog Log(Random random) =>
        TestLog.Of(
            1_772_439_330,
            [
                .. Enumerable
                    .Range(0, random.Next(1, 24))
                    .Select(_ =>
                        (
                            random.Next(8) switch
                            {
                                0 => $"name{random.Next(Targets)}#2",
                                1 => new string('n', 120 + random.Next(20)),
                                2 => $"审{random.Next(9)}\"",
                                3 => $"other{random.Next(Names)}",
                                _ => $"name{random.Next(2 * Targets)}",
                            },
                            new string('v', random.Next(70)) + (random.Next(4) == 0 ? "\"größer\n" : "")
                        )
                    ),
            ]
        );

    private static string WithoutPlace(string record) => Place().Replace(record, "");

    // The id and the place differ by the number of the record in its group.
    [GeneratedRegex("""(1-[0-9a-f]{32}-\d+)|(index\\?"?:?=?"?\d+)|((cn2|AliyunSlsIndex)=\d+)""")]
    private static partial Regex Place();
}
