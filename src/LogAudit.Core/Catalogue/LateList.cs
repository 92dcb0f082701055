using System.Collections;

namespace LogAudit;

/// <summary>A list that is made when somebody first looks at it: every function starts with the catalogue, and most need little of it.</summary>
public sealed class LateList<T>(Func<IReadOnlyList<T>> make) : IReadOnlyList<T>
{
    private readonly Lazy<IReadOnlyList<T>> items = new(make);

    /// <inheritdoc/>
    public int Count => items.Value.Count;

    /// <inheritdoc/>
    public T this[int index] => items.Value[index];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => items.Value.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
