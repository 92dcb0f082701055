using System.Collections;

namespace LogAudit.Products;

/// <summary>A list that is read when somebody first looks at it: dashboards are wanted by a full reconcile only, and every function starts with the catalogue.</summary>
internal sealed class LateList<T>(Func<IReadOnlyList<T>> read) : IReadOnlyList<T>
{
    private readonly Lazy<IReadOnlyList<T>> items = new(read);

    public int Count => items.Value.Count;

    public T this[int index] => items.Value[index];

    public IEnumerator<T> GetEnumerator() => items.Value.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
