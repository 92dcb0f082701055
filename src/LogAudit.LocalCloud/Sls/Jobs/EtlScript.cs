using System.Text.RegularExpressions;
using Google.Protobuf;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Wire;

namespace LogAudit.LocalCloud.Sls.Jobs;

/// <summary>
/// The part of SPL that LocalCloud runs: <c>*</c>, which passes all on; <c>extend</c> of constants, such as
/// <c>* | extend "__tag__:origin" = 'member'</c>; and <c>parse-regexp</c> of one field into one other. Anything else is refused by name.
/// </summary>
/// <remarks>Source: SLS, SPL instructions and functions. A bar inside a pattern is not told from one between steps.</remarks>
internal sealed partial record EtlScript(IReadOnlyList<Action<LogGroup>> Steps)
{
    private const string TagPrefix = "__tag__:";

    // Assumed: the topic is written like a field, as it is read.
    private const string Topic = "__topic__";

    public static EtlScript Parse(string text)
    {
        var steps = text.Split('|', StringSplitOptions.TrimEntries);
        if (steps[0] is not ("*" or ""))
            throw Unknown(steps[0]);
        return new EtlScript([.. steps.Skip(1).SelectMany(Step)]);
    }

    /// <summary>Applies the script to a LogGroup; what it does not name stays: topic, source and tags too.</summary>
    public CheckedGroup Apply(CheckedGroup group)
    {
        if (Steps.Count == 0)
            return group;
        var changed = LogGroup.Parser.ParseFrom(group.Bytes.Span);
        foreach (var step in Steps)
            step(changed);
        return group with { Bytes = changed.ToByteArray() };
    }

    private static IEnumerable<Action<LogGroup>> Step(string step)
    {
        if (Extend().IsMatch(step))
            return Assignment()
                .Matches(step)
                .Select(match => (Key: match.Groups["key"].Value, Value: Unquoted(match.Groups["value"].Value)))
                .Select(one => (Action<LogGroup>)(group => Set(group, one.Key, one.Value)));
        if (ParseRegexp().Match(step) is not { Success: true } parse)
            throw Unknown(step);
        var (from, to) = (parse.Groups["from"].Value, parse.Groups["to"].Value);
        var pattern = Pattern(Unquoted(parse.Groups["pattern"].Value), step);
        return [group => Extract(group, from, pattern, to)];
    }

    private static void Set(LogGroup group, string key, string value)
    {
        if (key is Topic)
            group.Topic = value;
        else if (key.StartsWith(TagPrefix, StringComparison.Ordinal))
            SetTag(group, key[TagPrefix.Length..], value);
        else
            foreach (var log in group.Logs)
                SetField(log, key, value);
    }

    // What the pattern does not match gets no field.
    private static void Extract(LogGroup group, string from, Regex pattern, string to)
    {
        foreach (var log in group.Logs)
        {
            var text =
                from is Topic
                    ? group.Topic
                    : log.Contents.FirstOrDefault(content => content.Key == from)?.Value.ToStringUtf8();
            if (text is not null && pattern.Match(text) is { Success: true } match)
                SetField(log, to, match.Groups[1].Value);
        }
    }

    private static void SetTag(LogGroup group, string key, string value)
    {
        if (group.LogTags.FirstOrDefault(tag => tag.Key == key) is { } known)
            known.Value = value;
        else
            group.LogTags.Add(new LogTag { Key = key, Value = value });
    }

    private static void SetField(LogRecord log, string key, string value)
    {
        var bytes = ByteString.CopyFromUtf8(value);
        if (log.Contents.FirstOrDefault(content => content.Key == key) is { } known)
            known.Value = bytes;
        else
            log.Contents.Add(new Content { Key = key, Value = bytes });
    }

    // RE2 knows no backtracking either.
    private static Regex Pattern(string text, string step)
    {
        try
        {
            return new(text, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw Unknown(step);
        }
    }

    private static string Unquoted(string text) => text.Replace("''", "'", StringComparison.Ordinal);

    private static CloudError Unknown(string step) =>
        SlsRefusal.Parameter(
            $"LocalCloud runs scripts of '*', 'extend' with constants and 'parse-regexp' of one field only; this step is not one: {step}"
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

    [GeneratedRegex(
        """^parse-regexp\s+(?<from>[A-Za-z_]\w*)\s*,\s*'(?<pattern>([^']|'')*)'\s+as\s+(?<to>[A-Za-z_]\w*)\z""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex ParseRegexp();
}
