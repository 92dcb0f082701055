using System.Collections;
using System.Text;

namespace LogAudit;

/// <summary>Names one setting of the cloud that LogAudit can read and write: a switch, a collection policy, a Logstore, a trail.</summary>
/// <param name="Kind">What it is and who handles it, <c>area.thing</c>: <c>slb.access-log</c>, <c>sls.logstore</c>.</param>
/// <param name="Account">Account in which it lives.</param>
/// <param name="Region">Region in which it lives.</param>
/// <param name="Id">Its id within kind, account and region: <c>lb-1</c>, <c>project/logstore</c>.</param>
public sealed record SettingRef(string Kind, AccountId Account, RegionId Region, string Id)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Account}/{Region}/{Id}";
}

/// <summary>The state of a setting as a flat, ordered list of texts; equal when all members are equal. Holds no secret.</summary>
/// <remarks>An absent setting (no such flow log, no such policy) is <c>null</c>, not an empty state.</remarks>
public sealed class SettingState : IReadOnlyDictionary<string, string>, IEquatable<SettingState>
{
    private readonly SortedDictionary<string, string> members;

    /// <summary>Takes the members.</summary>
    public SettingState(IEnumerable<KeyValuePair<string, string>> members) =>
        this.members = new(new Dictionary<string, string>(members, StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>A state from pairs: <c>SettingState.Of(("project", "p"), ("logstore", "s"))</c>.</summary>
    public static SettingState Of(params ReadOnlySpan<(string Key, string Value)> members)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in members)
        {
            map[key] = value;
        }

        return new SettingState(map);
    }

    /// <inheritdoc/>
    public string this[string key] => members[key];

    /// <inheritdoc/>
    public IEnumerable<string> Keys => members.Keys;

    /// <inheritdoc/>
    public IEnumerable<string> Values => members.Values;

    /// <inheritdoc/>
    public int Count => members.Count;

    /// <inheritdoc/>
    public bool ContainsKey(string key) => members.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out string value) =>
        members.TryGetValue(key, out value);

    /// <summary>A copy with one member set.</summary>
    public SettingState With(string key, string value) =>
        new(members.Where(member => !string.Equals(member.Key, key, StringComparison.Ordinal)).Append(new(key, value)));

    /// <inheritdoc/>
    public bool Equals(SettingState? other) => other is not null && members.SequenceEqual(other.members);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SettingState);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        members.Aggregate(17, (hash, member) => HashCode.Combine(hash, member.Key, member.Value));

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => members.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() =>
        members
            .Aggregate(
                new StringBuilder(),
                (text, member) =>
                    text.Append(text.Length == 0 ? "" : " ").Append(member.Key).Append('=').Append(member.Value)
            )
            .ToString();
}

/// <summary>One planned write: brings a setting from one state to another. Undo is the same change with the states exchanged.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="From">State as read when the change was planned; null when the setting did not exist.</param>
/// <param name="To">State wanted; null to remove the setting.</param>
/// <param name="Why">The reason, for a person: <c>rds audit of rm-1 is off</c>.</param>
public sealed record SettingChange(SettingRef Setting, SettingState? From, SettingState? To, string Why)
{
    /// <summary>Whether and how <c>undo</c> takes the change back.</summary>
    public Reversal Reversal { get; init; } = Reversal.Restores;
}

/// <summary>What <c>undo</c> can do about a change.</summary>
public enum Reversal
{
    /// <summary>Undo brings back the state before.</summary>
    Restores,

    /// <summary>Undo would delete logs (a Logstore, a project): kept unless asked for by name.</summary>
    DeletesLogs,

    /// <summary>The cloud has no way back (an opened service): said in the plan before apply.</summary>
    Cannot,
}

/// <summary>Reads and writes settings of some kinds. Reading changes nothing; writing acts only on a planned change.</summary>
public interface ISettingHandler
{
    /// <summary>The kinds of <see cref="SettingRef.Kind"/> that it handles.</summary>
    IReadOnlyCollection<string> SettingKinds { get; }

    /// <summary>The present state, in the same shape as <see cref="SettingChange.To"/>; null when the setting does not exist.</summary>
    Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel);

    /// <summary>Carries the change out and returns when the cloud shows it or has accepted it for asynchronous work. "Already so" is success.</summary>
    /// <remarks>A call that the cloud does not treat as idempotent gets a deterministic name, a read before, and a read after an unknown answer.</remarks>
    Task WriteAsync(SettingChange change, CancellationToken cancel);
}
