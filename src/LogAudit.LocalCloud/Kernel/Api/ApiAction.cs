using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>The RAM question of an action: which RAM action on which resource.</summary>
internal sealed record RamRule(string Action, Func<ApiCall, string> Resource)
{
    /// <summary>An action whose resource RAM does not tell apart.</summary>
    public RamRule(string action)
        : this(action, _ => "*") { }
}

/// <summary>One action of an RPC or ROA product.</summary>
internal sealed record ApiAction(string Product, string Version, string Name)
{
    public required IReadOnlyList<ApiParameter> Parameters { get; init; }

    /// <summary>Null: everybody with a valid signature may call it.</summary>
    public RamRule? Ram { get; init; }

    public bool IsWrite { get; init; }

    /// <summary>The work, run inside <see cref="Cloud.Gate"/>. It may throw <see cref="CloudError"/>.</summary>
    public Func<ApiCall, JObject>? Run { get; init; }

    /// <summary>Work that waits or answers otherwise than with a JSON object; run outside the gate. Instead of <see cref="Run"/>.</summary>
    public Func<ApiCall, CancellationToken, Task<CloudResponse>>? RunAsync { get; init; }

    /// <summary>HTTP method of a ROA action; empty for RPC.</summary>
    public string Method { get; init; } = "";

    /// <summary>Path of a ROA action, <c>/clusters/{ClusterId}</c>; a hole named with a star (<c>{name*}</c>) takes the rest.</summary>
    public string PathPattern { get; init; } = "";

    public bool IsRoa => PathPattern.Length > 0;
}
