using System.Text.Json;
using System.Text.Json.Serialization;

namespace LogAudit.Collection;

/// <summary>What <c>OnChange</c> did with one invocation.</summary>
public sealed record OnChangeAnswer
{
    /// <summary><c>bus</c>, <c>trail</c>, <c>look</c>, or empty when the event could not be read.</summary>
    public string Road { get; init; } = "";

    /// <summary>Events that came.</summary>
    public int Events { get; init; }

    /// <summary>Events that concern nothing that is collected, repetitions included.</summary>
    public int Ignored { get; init; }

    /// <summary>Events that could not be read.</summary>
    public int Unreadable { get; init; }

    /// <summary>Resources and regions that were looked at because of them.</summary>
    public int Units { get; init; }

    /// <summary>Write calls that followed.</summary>
    public int Writes { get; init; }

    /// <summary>Changes that did not come to be.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>Resources and units about which nobody could tell, with the reason.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>Whether there is more to do than fitted into the time.</summary>
    public bool More { get; init; }

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, OnChangeJson.Default.OnChangeAnswer);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OnChangeAnswer))]
internal sealed partial class OnChangeJson : JsonSerializerContext;
