using System.Text.RegularExpressions;

namespace LogAudit;

/// <summary>What a destination must not see, and what it gets instead.</summary>
/// <remarks>Names fields or gives a pattern, never both. The first rule that names a field has it; patterns look at what no rule names.</remarks>
public sealed record MaskSettings
{
    /// <summary>Fields: ECS names, the log's own names and paths, <c>tag.&lt;name&gt;</c>, or <c>*.name</c> for a member of that name at any depth.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>A pattern whose matches are masked in every value; null where fields are named.</summary>
    public Regex? Pattern { get; init; }

    /// <summary>What becomes of it.</summary>
    public required MaskAction Action { get; init; }

    /// <summary>The text that <see cref="MaskAction.Replace"/> writes. Default <c>***</c>.</summary>
    public string With { get; init; } = "***";

    /// <summary>Reference to the key of <see cref="MaskAction.Hash"/>: <c>env:NAME</c> or <c>file:PATH</c>.</summary>
    public string Key { get; init; } = "";

    /// <summary>Line of the settings file, for messages.</summary>
    public int Line { get; init; }
}

/// <summary>What becomes of a masked value.</summary>
public enum MaskAction
{
    /// <summary>The field is left out; of a pattern's match nothing stays.</summary>
    Remove,

    /// <summary>A fixed text stands in its place.</summary>
    Replace,

    /// <summary>A pseudonym stands in its place: the same value gives the same one wherever the key is the same.</summary>
    Hash,
}
