using LogAudit.Forwarding;

namespace LogAudit.Benchmarks;

/// <summary>A mask as a destination abroad may have it: who and from where as pseudonyms, telephone numbers replaced, mail addresses removed.</summary>
internal static class BenchMask
{
    private const string Key = "env:PSEUDONYM_KEY";

    public static RecordMask Make()
    {
        var options = new OptionReader(
            new DestinationSettings
            {
                Name = "bench",
                Sink = "syslog",
                Format = "rfc5424",
            },
            "destinations[0]",
            new SecretReferences(_ => "a key of the benchmark alone")
        );
        return RecordMask.Make(
            [
                new MaskSettings
                {
                    Fields = ["user.name", "source.ip"],
                    Action = MaskAction.Hash,
                    Key = Key,
                },
                new MaskSettings { Fields = ["*.Email"], Action = MaskAction.Remove },
                new MaskSettings
                {
                    Pattern = LinearPattern.Parse("1[3-9][0-9]{9}", out _),
                    Action = MaskAction.Replace,
                    With = "[phone]",
                },
            ],
            options
        );
    }
}
