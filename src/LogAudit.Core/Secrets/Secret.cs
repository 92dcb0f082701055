using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LogAudit;

/// <summary>A text that must not appear in logs, errors, journals, dead letters or plans.</summary>
/// <remarks>Prints <c>***</c> and refuses serialisation; <see cref="Reveal"/> is the one way out, and is searchable.</remarks>
[DebuggerDisplay("***")]
[JsonConverter(typeof(RefuseSerialisation))]
public sealed class Secret(string value) : IEquatable<Secret>
{
    private readonly string value = value;

    /// <summary>The text itself, for a signature or a header; never for output.</summary>
    public string Reveal() => value;

    /// <inheritdoc/>
    public override string ToString() => "***";

    /// <inheritdoc/>
    public bool Equals(Secret? other) =>
        other is not null && string.Equals(value, other.value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode(StringComparison.Ordinal);

    private sealed class RefuseSerialisation : JsonConverter<Secret>
    {
        public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new JsonException("A secret is not read from JSON.");

        public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) =>
            throw new JsonException("A secret is not written to JSON.");
    }
}
