using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Sls.Http;

/// <summary>Where an operation is served.</summary>
internal enum SlsScope
{
    /// <summary>On the bare endpoint.</summary>
    Service,

    /// <summary>On the host of a project.</summary>
    Project,

    /// <summary>On either; the project is named in the body.</summary>
    Either,
}

/// <summary>One operation of SLS: how it is called, what RAM asks for it, and who answers.</summary>
/// <param name="Name">Name of the operation in the official metadata.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path with <c>{holes}</c>.</param>
/// <param name="RamAction">Action that RAM asks for.</param>
/// <param name="Resource">Resource after <c>acs:log:{region}:{account}:</c>, with the holes of the path.</param>
/// <param name="Run">Answers.</param>
internal sealed record SlsOperation(
    string Name,
    string Method,
    string Path,
    string RamAction,
    string Resource,
    Func<SlsCall, CloudResponse> Run
)
{
    private readonly string[] segments = Path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Query parameter that tells operations of one path apart, with the values that mean this one.</summary>
    public (string Name, string[] Values)? Switch { get; init; }

    /// <summary>Query parameters that it knows; others are refused.</summary>
    public string[] Parameters { get; init; } = [];

    public SlsScope Scope { get; init; } = SlsScope.Project;

    /// <summary>Changes something.</summary>
    public bool IsWrite { get; init; }

    /// <summary>Moves or reads data: no event of ActionTrail.</summary>
    public bool IsData { get; init; }

    /// <summary>Answers for a project that is not yet seen everywhere.</summary>
    public bool AnswersAtOnce { get; init; }

    /// <summary>The values of the holes, null when path or method are others.</summary>
    public Dictionary<string, string>? Match(string method, string[] path)
    {
        if (method != Method || path.Length != segments.Length)
            return null;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < path.Length; i++)
        {
            if (segments[i][0] == '{')
                values[segments[i][1..^1]] = Uri.UnescapeDataString(path[i]);
            else if (segments[i] != path[i])
                return null;
        }
        return values;
    }

    public bool IsMeant(CloudRequest request) =>
        Switch is not { } sw
        || (request.QueryValue(sw.Name) is { } value && sw.Values.Contains(value, StringComparer.OrdinalIgnoreCase));
}
