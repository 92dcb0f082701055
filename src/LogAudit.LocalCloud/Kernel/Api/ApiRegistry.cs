using System.Collections.Concurrent;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>A product of the RPC/ROA gateway at one of its hosts.</summary>
internal readonly record struct ApiEndpoint(string Product, HostMatch Host);

/// <summary>What the RPC/ROA gateway serves: hosts of products, and their actions with parameters and RAM rules.</summary>
internal sealed class ApiRegistry(Cloud cloud)
{
    private readonly List<(HostPattern Pattern, string Product, string Text)> _hosts = [];
    private readonly ConcurrentDictionary<(string Product, string Version, string Action), ApiAction> _rpc = new();
    private readonly List<ApiAction> _roa = [];

    public int Count => _rpc.Count + _roa.Count;

    public IEnumerable<ApiAction> All => _rpc.Values.Concat(_roa);

    /// <summary>Hosts of a product: <c>slb.{region}.aliyuncs.com</c>, <c>ram.aliyuncs.com</c>.</summary>
    public void Hosts(string product, params IEnumerable<string> patterns)
    {
        foreach (var pattern in patterns)
        {
            _hosts.Add((new HostPattern(pattern), product, pattern));
        }
    }

    /// <summary>Registers an RPC action.</summary>
    /// <param name="product">Product code of the official metadata, such as <c>Slb</c>.</param>
    /// <param name="version">API version, <c>2014-05-15</c>.</param>
    /// <param name="action">Action name.</param>
    /// <param name="parameters">Every parameter that may come; <c>RegionId</c> may always come.</param>
    /// <param name="ram">RAM question; null when no permission is needed.</param>
    /// <param name="isWrite">Whether it changes the cloud.</param>
    /// <param name="run">The work; its answer gets the <c>RequestId</c>.</param>
    public void Rpc(
        string product,
        string version,
        string action,
        IReadOnlyList<ApiParameter> parameters,
        RamRule? ram,
        bool isWrite,
        Func<ApiCall, JObject> run
    ) =>
        Add(
            new(product, version, action)
            {
                Parameters = parameters,
                Ram = ram,
                IsWrite = isWrite,
                Run = run,
            }
        );

    /// <summary>Registers a ROA action, answered at its method and path.</summary>
    public void Roa(
        string product,
        string version,
        string action,
        string method,
        string path,
        IReadOnlyList<ApiParameter> parameters,
        RamRule? ram,
        bool isWrite,
        Func<ApiCall, JObject> run
    ) =>
        Add(
            new(product, version, action)
            {
                Parameters = parameters,
                Ram = ram,
                IsWrite = isWrite,
                Run = run,
                Method = method,
                PathPattern = path,
            }
        );

    /// <summary>Registers an action in full.</summary>
    public void Add(ApiAction action)
    {
        if (action.Ram is { } ram)
        {
            cloud.Ram.Declare(ram.Action);
        }
        if (action.IsRoa)
        {
            _roa.Add(action);
        }
        else if (!_rpc.TryAdd((action.Product, action.Version, action.Name), action))
        {
            throw new InvalidOperationException($"{action.Product} {action.Name} is registered twice.");
        }
    }

    public ApiEndpoint? FindHost(string host)
    {
        foreach (var (pattern, product, _) in _hosts)
        {
            if (pattern.TryMatch(host, out var match))
            {
                return new(product, match);
            }
        }
        return null;
    }

    /// <summary>Host of a product in a region: the regional one where it has one. The code is matched without regard to case.</summary>
    public string? HostFor(string product, string region)
    {
        var patterns = _hosts
            .Where(host => string.Equals(host.Product, product, StringComparison.OrdinalIgnoreCase))
            .Select(host => host.Text)
            .ToList();
        var chosen =
            patterns.Find(text => text.Contains("{region}", StringComparison.Ordinal)) ?? patterns.FirstOrDefault();
        return chosen?.Replace("{region}", region, StringComparison.Ordinal);
    }

    public ApiAction? FindRpc(string product, string version, string action) =>
        _rpc.GetValueOrDefault((product, version, action));

    public bool KnowsVersion(string product, string version) =>
        All.Any(action =>
            string.Equals(action.Product, product, StringComparison.Ordinal)
            && string.Equals(action.Version, version, StringComparison.Ordinal)
        );

    /// <summary>The ROA action at a method and path, with what the path's holes hold.</summary>
    public (ApiAction Action, Dictionary<string, string> Holes)? FindRoa(string product, string method, string rawPath)
    {
        foreach (var action in _roa)
        {
            if (
                string.Equals(action.Product, product, StringComparison.Ordinal)
                && string.Equals(action.Method, method, StringComparison.Ordinal)
                && PathPattern.Match(action.PathPattern, rawPath) is { } holes
            )
            {
                return (action, holes);
            }
        }
        return null;
    }
}
