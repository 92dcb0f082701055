using System.Text.Json;
using System.Text.Json.Serialization;

namespace LogAudit.Collection;

/// <summary>What <c>Poll</c> did with one invocation.</summary>
public sealed record PollReport
{
    /// <summary>Logs that are read by API.</summary>
    public int Logs { get; init; }

    /// <summary>Stretches of time that were read, written and acknowledged.</summary>
    public int Windows { get; init; }

    /// <summary>Records and samples that the central store acknowledged.</summary>
    public int Written { get; init; }

    /// <summary>Logs and units about which nobody could tell, with the reason; at most <see cref="RunReport.MaxReasons"/>.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>What a person should know: records that were lost before they could be read, values without a name; at most <see cref="RunReport.MaxReasons"/>.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>Whether there is more to read than fitted into the time or the quota.</summary>
    public bool More { get; init; }

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, PollReportJson.Default.PollReport);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">The text is no report.</exception>
    internal static PollReport FromJson(string text) =>
        JsonSerializer.Deserialize(text, PollReportJson.Default.PollReport)
        ?? throw new JsonException("The text is no report of Poll.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PollReport))]
internal sealed partial class PollReportJson : JsonSerializerContext;
