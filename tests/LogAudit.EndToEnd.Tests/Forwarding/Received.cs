using System.Text.Json;
using System.Text.RegularExpressions;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary>What a receiver holds: by marker, the id of each copy.</summary>
internal sealed partial class Received
{
    private const string RecordStart = "{\"@timestamp\"";

    private readonly Dictionary<string, List<string>> ids = new(StringComparer.Ordinal);

    /// <summary>Markers with the ids of their copies.</summary>
    public IReadOnlyDictionary<string, List<string>> Ids => ids;

    /// <summary>Copies beyond the first.</summary>
    public int Duplicates => ids.Values.Sum(copies => copies.Count - 1);

    /// <summary>Lines that a killed receiver left unfinished.</summary>
    public int Torn { get; private set; }

    /// <summary>Reads lines that end with the ECS object.</summary>
    public static Received Of(IEnumerable<string> lines)
    {
        var received = new Received();
        foreach (var line in lines)
        {
            received.Add(line);
        }

        return received;
    }

    private void Add(string line)
    {
        // A receiver that was killed while writing leaves the beginning of a record, and the next one follows on the same line.
        var start = line.LastIndexOf(RecordStart, StringComparison.Ordinal);
        if (start < 0)
        {
            Torn++;
            return;
        }

        try
        {
            using var json = JsonDocument.Parse(line.AsMemory(start));
            var id = json.RootElement.GetProperty("event").GetProperty("id").GetString()!;
            var marker = Marker().Match(line, start).Groups["marker"].Value;
            Assert.Equal(24, marker.Length);
            if (!ids.TryGetValue(marker, out var copies))
            {
                ids[marker] = copies = [];
            }

            copies.Add(id);
        }
        catch (JsonException)
        {
            Torn++;
        }
    }

    [GeneratedRegex("(?:m=|/\\* )(?<marker>[0-9A-F]{24})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Marker();
}
