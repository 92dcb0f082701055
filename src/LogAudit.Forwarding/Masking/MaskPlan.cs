using System.Text;

namespace LogAudit.Forwarding;

/// <summary>The masking rules of a destination, resolved for one shape of records.</summary>
internal sealed class MaskPlan
{
    private const string Anywhere = "*.";
    private const string Tag = "tag.";

    private readonly MaskNames anywhere;
    private readonly byte[][] leaves;

    /// <summary>Resolves: an ECS name stands for every source behind it, a path for everything inside it.</summary>
    public MaskPlan(IReadOnlyList<MaskRule> rules, CompiledMapping mapping)
    {
        var named = rules.SelectMany(rule => rule.Fields.Select(field => (Path: field, Rule: rule))).ToList();
        var free = named
            .Where(name => IsAnywhere(name.Path))
            .Select(name => (Path: name.Path[2..], name.Rule))
            .ToList();
        var tags = named.Where(name => name.Path.StartsWith(Tag, StringComparison.Ordinal)).ToList();
        var paths = named
            .Where(name => !IsAnywhere(name.Path))
            .SelectMany(name => mapping.SourcesOf(name.Path).Select(path => (Path: path, name.Rule)))
            .ToList();
        anywhere = new MaskNames(free);
        Tags = new MaskNames(tags.Select(name => (name.Path[Tag.Length..], name.Rule)));
        Names = new MaskNames(paths);
        Sources =
        [
            .. mapping
                .SourceNames.Select(Encoding.UTF8.GetString)
                .Select(source =>
                {
                    var entry = Names.Descend(source);
                    var around = source.Split('.').Select(part => Free(Encoding.UTF8.GetBytes(part)));
                    return entry with { Rule = entry.Rule ?? around.FirstOrDefault(rule => rule is not null) };
                }),
        ];
        Patterns = [.. rules.Where(rule => rule.Pattern is not null)];
        leaves =
        [
            .. paths.Concat(free).Select(name => Encoding.UTF8.GetBytes(name.Path[(name.Path.LastIndexOf('.') + 1)..])),
        ];
        JsonField = mapping.JsonField;
        Guards = [.. mapping.SourceNames.Select((_, source) => GuardOf(source, mapping))];
    }

    /// <summary>What the rules name at the root of a record.</summary>
    public MaskNames Names { get; }

    /// <summary>What they name among the tags of the group.</summary>
    public MaskNames Tags { get; }

    /// <summary>What they name of every source of the mapping, by its number.</summary>
    public MaskNames.Entry[] Sources { get; }

    /// <summary>What of every source is never masked, by its number.</summary>
    public Guard[] Guards { get; }

    /// <summary>The rules that look into every value, in order.</summary>
    public MaskRule[] Patterns { get; }

    /// <summary>Name of the field whose members stand at the root of the record; empty without one.</summary>
    public byte[] JsonField { get; }

    /// <summary>The rule that names a member at any depth; null when none does.</summary>
    public MaskRule? Free(ReadOnlySpan<byte> name) => anywhere.Find(name).Rule;

    /// <summary>Whether a value can hold something that is to be masked.</summary>
    public bool LooksInto(MaskNames? inside) => inside is not null || Patterns.Length > 0 || !anywhere.IsEmpty;

    /// <summary>Whether a text that cannot be taken apart speaks of a field that is to be masked, or may hide that it does.</summary>
    public bool Mentions(ReadOnlySpan<byte> text)
    {
        foreach (var leaf in leaves)
        {
            if (text.IndexOf(leaf) >= 0)
            {
                return true;
            }
        }

        return leaves.Length > 0 && text.IndexOf("\\u"u8) >= 0;
    }

    private static Guard GuardOf(int source, CompiledMapping mapping)
    {
        var uses = mapping
            .Targets.SelectMany(target => target.Slots.Select(slot => (target.IsTimestamp, Slot: slot)))
            .Where(use => use.Slot.Source == source)
            .ToList();
        return new Guard(
            source == mapping.IdSource,
            uses.Where(use => use.IsTimestamp).Select(use => (FieldConversion?)use.Slot.Convert).FirstOrDefault(),
            uses.Exists(use => use.Slot.Convert == FieldConversion.ErrorOutcome)
        );
    }

    private static bool IsAnywhere(string name) => name.StartsWith(Anywhere, StringComparison.Ordinal);

    /// <summary>What a source is besides a value.</summary>
    /// <param name="IsId">It is the record's id, where it can serve as one.</param>
    /// <param name="Time">It is the record's time, where it converts so.</param>
    /// <param name="IsError">It is an error code: a mask over one that says that nothing failed would say the opposite.</param>
    internal readonly record struct Guard(bool IsId, FieldConversion? Time, bool IsError)
    {
        public bool Exists => IsId || IsError || Time is not null;
    }
}
