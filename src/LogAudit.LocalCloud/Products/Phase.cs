namespace LogAudit.LocalCloud.Products;

/// <summary>A state that changes by itself after a while: <c>Pending</c>, then <c>Available</c>. Worked out when it is read.</summary>
internal class Phase<T>(T state)
{
    private T _now = state;
    private T _then = state;
    private DateTimeOffset _at;

    /// <summary>The state at a moment.</summary>
    public T At(DateTimeOffset time) => time >= _at ? _then : _now;

    /// <summary>Whether it is on its way from one state to another.</summary>
    public bool Changing(DateTimeOffset time) => time < _at;

    /// <summary>Is so from now on.</summary>
    public void Become(T state) => (_now, _then, _at) = (state, state, default);

    /// <summary>Is one thing until a moment and another from then on.</summary>
    public void Become(T meanwhile, T then, DateTimeOffset at) => (_now, _then, _at) = (meanwhile, then, at);
}

/// <summary>A state that is a word.</summary>
internal sealed class Phase(string state) : Phase<string>(state);
