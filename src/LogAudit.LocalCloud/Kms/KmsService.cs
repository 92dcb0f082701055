using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;
using P = LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Kms;

/// <summary>KMS 2016-01-20, secrets only: a test puts them, a caller with the right to one reads it.</summary>
internal sealed class KmsService : IPart
{
    private const string Product = "Kms";
    private const string Current = "ACSCurrent";
    private readonly Dictionary<(string Account, string Region, string Name), List<string>> _secrets = [];

    public void Register(Cloud cloud)
    {
        cloud.Services.Add(this);
        cloud.Api.Hosts(Product, "kms.{region}.aliyuncs.com", "kms-vpc.{region}.aliyuncs.com");
        cloud.Api.Rpc(
            Product,
            "2016-01-20",
            "GetSecretValue",
            [
                P.RequiredText("SecretName"),
                P.Text("VersionStage"),
                P.Text("VersionId"),
                P.Boolean("FetchExtendedConfig"),
                P.Text("DryRun"),
            ],
            new RamRule(
                "kms:GetSecretValue",
                call => $"acs:kms:{call.Region}:{call.AccountId}:secret/{call.Text("SecretName")}"
            ),
            isWrite: false,
            GetSecretValue
        );
    }

    /// <summary>Stores a version of a secret, which becomes its current one.</summary>
    public void Put(string account, string region, string name, string value)
    {
        if (!_secrets.TryGetValue((account, region, name), out var versions))
        {
            _secrets.Add((account, region, name), versions = []);
        }
        versions.Add(value);
    }

    private JObject GetSecretValue(ApiCall call)
    {
        var name = call.Text("SecretName");
        if (!_secrets.TryGetValue((call.AccountId, call.Region, name), out var versions))
        {
            throw NotFound();
        }
        // ACSPrevious is the version before the current one. Source: KMS, version stages.
        var back = (call.Optional("VersionStage") ?? Current) switch
        {
            Current => 1,
            "ACSPrevious" => 2,
            _ => throw NotFound(),
        };
        var at = call.Optional("VersionId") is { } id
            ? versions.FindIndex(one => VersionId(versions, one) == id)
            : versions.Count - back;
        return at < 0
            ? throw NotFound()
            : new JObject
            {
                ["SecretName"] = name,
                ["SecretType"] = "Generic",
                ["SecretData"] = versions[at],
                ["SecretDataType"] = "text",
                ["VersionId"] = VersionId(versions, versions[at]),
                ["VersionStages"] = new JObject
                {
                    ["VersionStage"] = new JArray(at == versions.Count - 1 ? Current : "ACSPrevious"),
                },
                ["CreateTime"] = call.Now.UtcDateTime.ToString(
                    "yyyy-MM-dd'T'HH:mm:ss'Z'",
                    System.Globalization.CultureInfo.InvariantCulture
                ),
            };
    }

    private static string VersionId(List<string> versions, string value) => $"v{versions.IndexOf(value) + 1}";

    private static CloudError NotFound() => new(404, "Forbidden.ResourceNotFound", "Resource not found.");
}
