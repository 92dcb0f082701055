using LogAudit.LocalCloud.Kernel;
using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Kernel;

/// <summary>LocalCloud knows the parameters that the official metadata lists: no name of its own, none that it would refuse wrongly.</summary>
public sealed class OfficialMetadataTests : IAsyncLifetime
{
    /// <summary>Actions, and whole versions, that the metadata does not hold, with the source that LocalCloud follows.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["Location.DescribeEndpoints"] = "terraform-provider-alicloud, alicloud/connectivity/endpoint.go",
        ["Config 2020-09-07"] = "github alibabacloud-go/config-20200907; the metadata holds 2019-01-08",
        ["waf-openapi 2019-09-10"] = "github aliyun/alibaba-cloud-sdk-go, services/waf-openapi: WAF 2.0",
    };

    /// <summary>Filters that LocalCloud refuses rather than ignores.</summary>
    private static readonly Dictionary<string, string[]> NotServed = new(StringComparer.Ordinal)
    {
        ["Ecs.DescribeInstances"] =
        [
            "DeviceAvailable",
            "Filter.",
            "HttpEndpoint",
            "HttpPutResponseHopLimit",
            "HttpTokens",
            "Ipv6Address",
        ],
        // For the management account's eyes into members, which LogAudit enters by a role instead.
        ["Sas.DescribeLogMeta"] = ["ResourceDirectoryAccountId"],
        ["Sas.GetLogMeta"] = ["ResourceDirectoryAccountId"],
        ["Sas.ModifyLogMetaStatus"] = ["ResourceDirectoryAccountId"],
        ["Sas.ModifyOpenLogShipper"] = ["ResourceDirectoryAccountId"],
    };

    private static readonly Lazy<Dictionary<string, JObject>> Products = new(() =>
        WireJson.Object(File.ReadAllText(Path.Combine(Peers.Reference!, "openapi-meta", "products.json")))["products"]!
            .Cast<JObject>()
            .ToDictionary(product => (string)product["code"]!, StringComparer.OrdinalIgnoreCase)
    );

    private LocalCloudHost _host = null!;

    public async Task InitializeAsync() => _host = await LocalCloudHost.StartAsync(new(), CancellationToken.None);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [PeerFact("reference")]
    public void Every_action_has_the_parameters_of_the_official_metadata()
    {
        var mistakes = _host
            .Cloud.Api.All.OrderBy(action => $"{action.Product}.{action.Name}", StringComparer.Ordinal)
            .SelectMany(Mistakes)
            .ToList();

        Assert.True(mistakes.Count == 0, string.Join('\n', mistakes));
    }

    private static IEnumerable<string> Mistakes(ApiAction action)
    {
        var name = $"{action.Product}.{action.Name}";
        if (Elsewhere.ContainsKey(name) || Elsewhere.ContainsKey($"{action.Product} {action.Version}"))
        {
            yield break;
        }
        if (!Products.Value.TryGetValue(action.Product, out var product))
        {
            yield return $"{name}: no such product";
            yield break;
        }
        if ((string?)product["version"] != action.Version)
        {
            yield return $"{name}: the official version is {product["version"]}, not {action.Version}";
        }
        if (Metadata(action) is not { } metadata)
        {
            // Of large products the reference copies the parameters of some actions and the names of all.
            if (!product["apis"]!.Any(known => (string?)known == action.Name))
            {
                yield return $"{name}: no such action";
            }
            yield break;
        }
        if (action.IsRoa)
        {
            // Bodies are opaque in the metadata; the path is what a ROA client goes by.
            var path = ((string)metadata["pathPattern"]!).Replace('[', '{').Replace(']', '}');
            if ((path, (string?)metadata["method"]) != (action.PathPattern, action.Method))
            {
                yield return $"{name}: officially {metadata["method"]} {path}";
            }
            yield break;
        }
        var official = metadata["parameters"]!
            .Where(parameter => (string?)parameter["name"] is not ("RegionId" or "" or null))
            .ToDictionary(parameter => (string)parameter["name"]!, StringComparer.Ordinal);
        var declared = action
            .Parameters.Where(parameter => parameter.Name != "RegionId")
            .ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);
        foreach (var extra in declared.Keys.Except(official.Keys, StringComparer.Ordinal))
        {
            yield return $"{name}: {extra} is not official";
        }
        var notServed = NotServed.GetValueOrDefault(name, []);
        foreach (
            var missing in official
                .Keys.Except(declared.Keys, StringComparer.Ordinal)
                .Where(parameter => !notServed.Any(known => parameter.StartsWith(known, StringComparison.Ordinal)))
        )
        {
            yield return $"{name}: {missing} is official, but LocalCloud would refuse it";
        }
        foreach (var (parameter, facts) in official)
        {
            if ((bool)facts["required"]! && declared.TryGetValue(parameter, out var own) && !own.Required)
            {
                yield return $"{name}: {parameter} is required";
            }
        }
    }

    private static JObject? Metadata(ApiAction action)
    {
        var folder = Path.Combine(Peers.Reference!, "openapi-meta", action.Product.ToLowerInvariant());
        var file = Path.Combine(folder, action.Name + ".json");
        return File.Exists(file) ? WireJson.Object(File.ReadAllText(file)) : null;
    }
}
