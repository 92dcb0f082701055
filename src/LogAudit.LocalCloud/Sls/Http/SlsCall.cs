using System.Globalization;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Consumers;
using LogAudit.LocalCloud.Sls.Storage;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Http;

/// <summary>One authenticated call of an operation.</summary>
internal sealed class SlsCall(
    SlsService service,
    CloudRequest request,
    Caller caller,
    SlsHost host,
    IReadOnlyDictionary<string, string> path
)
{
    private JObject? body;

    public SlsService Service { get; } = service;

    public CloudRequest Request { get; } = request;

    public Caller Caller { get; } = caller;

    /// <summary>Region of the endpoint; on <c>localhost</c> that of the project.</summary>
    public string Region => host.Region ?? Project?.Region ?? "cn-hangzhou";

    /// <summary>Project that the host names.</summary>
    public string? ProjectName => host.Project;

    /// <summary>Project that the host names and the caller's account owns.</summary>
    public SlsProject? Project { get; set; }

    public SlsProject NeedProject => Project ?? throw SlsRefusal.NoProject(ProjectName ?? "");

    public SlsLogstore Logstore =>
        NeedProject.Logstore(Path("logstore")) ?? throw SlsRefusal.NoLogstore(Path("logstore"));

    public SlsShard Shard =>
        // 400 here, 404 in checkpoints. Source: PullLogs and UpdateCheckPoint error tables.
        (
            int.TryParse(Path("shard"), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? Logstore.Shard(id)
                : null
        ) ?? throw new CloudError(400, "ShardNotExist", $"shard {Path("shard")} does not exist");

    public ConsumerGroup Group => Logstore.Consumers.Need(Path("group"));

    public DateTimeOffset Now => Service.Cloud.Clock.GetUtcNow();

    /// <summary>The body as a JSON object.</summary>
    public JObject Body
    {
        get
        {
            if (body is not null)
                return body;
            NeedJson();
            return body = SlsJson.Object(Request.Body);
        }
    }

    public string Path(string hole) => path[hole];

    public string? Query(string name) => Request.QueryValue(name) is { Length: > 0 } value ? value : null;

    public string NeedQuery(string name) => Query(name) ?? throw SlsRefusal.Parameter($"{name} is required");

    public int? QueryNumber(string name) =>
        Query(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw SlsRefusal.Parameter($"The parameter {name} must be an integer");

    public bool? QueryFlag(string name) =>
        Query(name)?.ToUpperInvariant() switch
        {
            null => null,
            "TRUE" => true,
            "FALSE" => false,
            _ => throw SlsRefusal.Parameter($"The parameter {name} must be true or false"),
        };

    /// <summary>A page of a list by <c>offset</c> and <c>size</c>.</summary>
    public (IReadOnlyList<T> Page, int Total) Page<T>(IReadOnlyList<T> all, int usual, int most)
    {
        var (offset, size) = (QueryNumber("offset") ?? 0, QueryNumber("size") ?? usual);
        if (offset < 0)
            throw SlsRefusal.Parameter("offset must not be negative");
        if (size < 1 || size > most)
            throw SlsRefusal.Parameter($"size must be within range [1, {most}]");
        return ([.. all.Skip(offset).Take(size)], all.Count);
    }

    /// <summary>Refuses a call unless RAM lets the caller do an action.</summary>
    public void Demand(string action, string resource, params IEnumerable<KeyValuePair<string, string>> conditionKeys)
    {
        var decision = Service.Cloud.Ram.Decide(Caller, action, resource, conditionKeys);
        if (!decision.Allowed)
        {
            throw new CloudError(
                401,
                "Unauthorized",
                $"denied by sts or ram, action: {action}, resource: {resource} {decision.Why}".TrimEnd()
            )
            {
                Denied = decision.Denied,
            };
        }
    }

    public void NeedJson()
    {
        if (Request.Body.IsEmpty)
            return;
        // Source: SLS protocol, section 2 and 10.
        if (Request.Header("Content-Type") is not { Length: > 0 } type)
            throw new CloudError(
                400,
                "MissingContentType",
                "Content-Type does not exist in http header when body is not empty."
            );
        if (!type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
            throw new CloudError(415, "InvalidContentType", $"Content-Type {type} is unsupported.");
    }
}
