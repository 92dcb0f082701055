using System.Text.RegularExpressions;
using Google.Protobuf;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Wire;

namespace LogAudit.LocalCloud.Sls.Jobs;

/// <summary>
/// The part of SPL that LocalCloud runs: <c>*</c>, which passes all on, and <c>extend</c> of constants, such as
/// <c>* | extend "__tag__:origin" = 'member'</c>. Anything else is refused by name.
/// </summary>
internal sealed partial record EtlScript(IReadOnlyList<KeyValuePair<string, string>> Constants)
{
    private const string TagPrefix = "__tag__:";

    // Assumed: the topic is written like a field, as it is read.
    private const string Topic = "__topic__";

    public static EtlScript Parse(string text)
    {
        var steps = text.Split('|', StringSplitOptions.TrimEntries);
        if (steps[0] is not ("*" or ""))
            throw Unknown(steps[0]);
        List<KeyValuePair<string, string>> constants = [];
        foreach (var step in steps.Skip(1))
        {
            if (!Extend().IsMatch(step))
                throw Unknown(step);
            foreach (Match match in Assignment().Matches(step))
                constants.Add(
                    new(
                        match.Groups["key"].Value,
                        match.Groups["value"].Value.Replace("''", "'", StringComparison.Ordinal)
                    )
                );
        }
        return new EtlScript(constants);
    }

    /// <summary>Applies the script to a LogGroup; what it does not name stays: topic, source and tags too.</summary>
    public CheckedGroup Apply(CheckedGroup group)
    {
        if (Constants.Count == 0)
            return group;
        var changed = LogGroup.Parser.ParseFrom(group.Bytes.Span);
        foreach (var (key, value) in Constants)
        {
            if (key is Topic)
                changed.Topic = value;
            else if (key.StartsWith(TagPrefix, StringComparison.Ordinal))
                SetTag(changed, key[TagPrefix.Length..], value);
            else
                SetField(changed, key, value);
        }
        return group with { Bytes = changed.ToByteArray() };
    }

    private static void SetTag(LogGroup group, string key, string value)
    {
        if (group.LogTags.FirstOrDefault(tag => tag.Key == key) is { } known)
            known.Value = value;
        else
            group.LogTags.Add(new LogTag { Key = key, Value = value });
    }

    private static void SetField(LogGroup group, string key, string value)
    {
        var bytes = ByteString.CopyFromUtf8(value);
        foreach (var log in group.Logs)
        {
            if (log.Contents.FirstOrDefault(content => content.Key == key) is { } known)
                known.Value = bytes;
            else
                log.Contents.Add(new Content { Key = key, Value = bytes });
        }
    }

    private static CloudError Unknown(string step) =>
        SlsRefusal.Parameter(
            $"LocalCloud runs scripts of '*' and 'extend' with constants only; this step is not one: {step}"
        );

    [GeneratedRegex(
        """^extend\s+("[^"]+"|[A-Za-z_]\w*)\s*=\s*'([^']|'')*'(\s*,\s*("[^"]+"|[A-Za-z_]\w*)\s*=\s*'([^']|'')*')*\z""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Extend();

    [GeneratedRegex(
        """("(?<key>[^"]+)"|\b(?<key>[A-Za-z_]\w*))\s*=\s*'(?<value>([^']|'')*)'""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Assignment();
}
