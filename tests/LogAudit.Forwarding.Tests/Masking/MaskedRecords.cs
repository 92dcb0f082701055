using System.Text;
using System.Text.Json.Nodes;
using LogAudit.Sls;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Masking;

/// <summary>Runs logs from wire bytes to formatted text, with the masking of a destination between.</summary>
internal sealed class MaskedRecords(
    IReadOnlyList<MaskSettings> rules,
    string key,
    MappingCatalogue mappings,
    LogTarget target,
    TestGroup group
) : IDisposable
{
    private readonly RecordNormaliser normaliser = new(keepsFields: true);
    private readonly MaskPass pass = new(RecordMask.Make(rules, Options("json", key)));
    private readonly PulledLogs pulled = Pulls.Of(target, 3, 1_000, group);
    private readonly LogstoreMappings found = mappings.For(target.Logstore);
    private readonly ShardAddress shard = new(target, 3);

    public static MaskSettings Fields(MaskAction action, params string[] fields) =>
        new()
        {
            Fields = fields,
            Action = action,
            Key = "env:KEY",
        };

    public static MaskSettings Pattern(MaskAction action, string pattern) =>
        new()
        {
            Pattern = LinearPattern.Parse(pattern, out _),
            Action = action,
            Key = "env:KEY",
        };

    public static OptionReader NoOptions(string format) => Options(format, "");

    public static string Text(
        IReadOnlyList<MaskSettings> rules,
        MappingCatalogue mappings,
        LogTarget target,
        IFormat format,
        TestGroup group
    )
    {
        using var records = new MaskedRecords(rules, "a key of the tests, long enough", mappings, target, group);
        return records.Read(1, format);
    }

    public static JsonObject Json(
        IReadOnlyList<MaskSettings> rules,
        string key,
        MappingCatalogue mappings,
        LogTarget target,
        TestGroup group
    )
    {
        using var records = new MaskedRecords(rules, key, mappings, target, group);
        return JsonNode.Parse(records.Read(1, new Json()))!.AsObject();
    }

    /// <summary>Reads and masks the one record of the group, again and again; gives what the format made of it the last time.</summary>
    public string Read(int times, IFormat? format = null)
    {
        using var written = new PooledBuffer();
        normaliser.BeginGroup(shard, pulled.GroupCursor(0));
        for (var time = 0; time < times; time++)
        {
            var groups = pulled.Groups();
            groups.Next();
            var logs = groups.Logs();
            logs.Next();
            var record = normaliser.Mask(pass, LogNormaliser.Read(normaliser, found, pulled.Body, groups, logs));
            written.Clear();
            format?.Write(record, written);
        }

        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(written.Written);
    }

    public void Dispose()
    {
        normaliser.Dispose();
        pass.Dispose();
        pulled.Dispose();
    }

    private static OptionReader Options(string format, string key) =>
        new(
            new DestinationSettings
            {
                Name = "d",
                Sink = "syslog",
                Format = format,
            },
            "destinations[0]",
            new SecretReferences(name => name == "KEY" ? key : null)
        );
}
