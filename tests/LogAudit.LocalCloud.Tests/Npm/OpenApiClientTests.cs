using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.ResourceDirectory;
using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Npm;

/// <summary>RPC products through @alicloud/openapi-client (ACS3 and V1) and @alicloud/pop-core (V1).</summary>
public sealed class OpenApiClientTests
{
    [PeerFact("npm")]
    public async Task Every_RPC_product_answers_a_call_in_ACS3_and_in_V1()
    {
        await using var clients = await NpmClients.StartAsync();
        Organisation.Create(clients.Cloud, clients.Account);
        var actions = OneReadActionOfEachProduct(clients.Cloud).ToList();

        var steps = actions.SelectMany(action =>
            new[]
            {
                Step(clients.Cloud, "openapi", action, signature: null),
                Step(clients.Cloud, "openapi", action, signature: "v2"),
                Step(clients.Cloud, "pop-rpc", action, signature: null),
            }
        );
        var results = await clients.RunAsync(steps);

        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal) { "Ram", "ResourceDirectoryMaster", "Slb", "Sts" },
            actions.Select(action => action.Product).ToHashSet(StringComparer.Ordinal)
        );
        for (var i = 0; i < results.Count; i++)
        {
            var action = actions[i / 3];
            Assert.True(
                results[i].Ok || results[i].IsAboutTheResource,
                $"{action.Product} {action.Name}, form {i % 3}: {results[i]}"
            );
        }
    }

    [PeerFact("npm")]
    public async Task Lists_of_values_arrive_in_every_way_a_client_sends_them()
    {
        await using var clients = await NpmClients.StartAsync();
        var parameters = new JObject
        {
            ["RoleName"] = "worker",
            ["AssumeRolePolicyDocument"] = TrustPolicies.Service("fc.aliyuncs.com"),
            ["Description"] = "Zeichen & = + % / ~ * ' ( ) ! 审计",
        };
        JObject Call(string client, string action, JObject query, JObject? body) =>
            new()
            {
                ["client"] = client,
                ["host"] = "ram.aliyuncs.com",
                ["version"] = "2015-05-01",
                ["action"] = action,
                ["query"] = query,
                ["body"] = body,
            };

        var results = await clients.RunAsync(
            Call("openapi", "CreateRole", parameters, null),
            Call("pop-rpc", "GetRole", new() { ["RoleName"] = "worker" }, null),
            Call("openapi", "DeleteRole", [], new() { ["RoleName"] = "worker" }),
            Call("pop-rpc", "CreateRole", parameters, null)
        );

        Assert.All(results, result => result.Succeeded());
        Assert.Equal("Zeichen & = + % / ~ * ' ( ) ! 审计", (string?)results[1].Value["Role"]!["Description"]);
    }

    [PeerFact("npm")]
    public async Task A_ROA_product_is_called_by_its_path_in_ACS3_and_in_V1()
    {
        await using var clients = await NpmClients.StartAsync();
        clients.Cloud.Api.Hosts("CS", "cs.{region}.aliyuncs.com");
        clients.Cloud.Api.Roa(
            "CS",
            "2015-12-15",
            "UpdateControlPlaneLog",
            "PUT",
            "/clusters/{ClusterId}/controlplanelog",
            [
                ApiParameter.Path("ClusterId"),
                ApiParameter.Boolean("dryRun"),
                ApiParameter.Body("log_project", ApiType.String),
            ],
            new RamRule("cs:UpdateControlPlaneLog"),
            isWrite: true,
            call => new() { ["cluster"] = call.Text("ClusterId"), ["project"] = call.Body["log_project"] }
        );
        JObject Update(string client, string? signature, string member = "log_project") =>
            new()
            {
                ["client"] = client,
                ["signature"] = signature,
                ["style"] = "ROA",
                ["method"] = "PUT",
                ["host"] = "cs.cn-hangzhou.aliyuncs.com",
                ["version"] = "2015-12-15",
                ["action"] = "UpdateControlPlaneLog",
                ["path"] = "/clusters/c-1/controlplanelog",
                ["query"] = new JObject { ["dryRun"] = "true" },
                ["body"] = new JObject { [member] = "k8s-log" },
            };

        var results = await clients.RunAsync(
            Update("openapi", null),
            Update("openapi", "v2"),
            Update("pop-roa", null),
            Update("openapi", null, "log_projekt")
        );

        foreach (var result in results.Take(3))
        {
            Assert.Equal("c-1", (string?)result.Succeeded()["cluster"]);
            Assert.Equal("k8s-log", (string?)result.Value["project"]);
        }
        results[3].Refused("UnknownParameter");
    }

    [PeerFact("npm")]
    public async Task Function_Compute_answers_by_path_on_both_of_its_hosts()
    {
        await using var clients = await NpmClients.StartAsync();
        JObject Read(string client, string host, string action, string path) =>
            new()
            {
                ["client"] = client,
                ["style"] = "ROA",
                ["method"] = "GET",
                ["host"] = host,
                ["version"] = "2023-03-30",
                ["action"] = action,
                ["path"] = path,
            };
        const string Functions = "/2023-03-30/functions";

        var results = await clients.RunAsync(
            Read("openapi", "fcv3.cn-hangzhou.aliyuncs.com", "ListFunctions", Functions),
            Read("openapi", $"{NpmClients.Uid}.cn-hangzhou.fc.aliyuncs.com", "ListFunctions", Functions),
            Read("pop-roa", "fcv3.cn-hangzhou.aliyuncs.com", "ListFunctions", Functions),
            Read("openapi", "fcv3.cn-hangzhou.aliyuncs.com", "GetFunction", Functions + "/absent")
        );

        Assert.All(results.Take(3), result => Assert.Empty(result.Succeeded()["functions"]!));
        results[3].Refused("FunctionNotFound");
    }

    [PeerFact("npm")]
    public async Task A_wrong_secret_an_expired_token_and_a_wrong_token_are_refused()
    {
        await using var clients = await NpmClients.StartAsync();
        var wrong = NpmClients.Credentials(clients.Key);
        wrong["secret"] = "WrongSecret";
        var unknown = NpmClients.Credentials(clients.Key);
        unknown["id"] = "LTAI5tUnknownKey";
        var role = clients.Account.AddRole("worker", TrustPolicies.Ram(clients.Account.RootArn));
        var expired = clients.Cloud.Keys.OpenSession(role, "gone", TimeSpan.FromSeconds(-1));
        var alive = NpmClients.Credentials(clients.Cloud.Keys.OpenSession(role, "alive", TimeSpan.FromHours(1)));
        alive["token"] = "CAISWrong";

        foreach (var (client, signature) in Forms)
        {
            var results = await clients.RunAsync(
                Identity(client, signature, wrong),
                Identity(client, signature, unknown),
                Identity(client, signature, NpmClients.Credentials(expired)),
                Identity(client, signature, alive)
            );

            results[0].Refused("SignatureDoesNotMatch");
            results[1].Refused("InvalidAccessKeyId.NotFound");
            results[2].Refused("InvalidSecurityToken.Expired");
            results[3].Refused("InvalidSecurityToken.MismatchWithAccessKey");
        }
    }

    [PeerFact("npm")]
    public async Task A_clock_that_is_16_minutes_off_is_refused_and_14_minutes_are_not()
    {
        await using var clients = await NpmClients.StartAsync();
        var steps = () =>
            Forms.Select(form => Identity(form.Client, form.Signature, NpmClients.Credentials(clients.Key)));

        var late = await clients.RunAsync(16, steps());
        var nearly = await clients.RunAsync(-14, steps());

        Assert.All(late, result => result.Refused("InvalidTimeStamp.Expired"));
        Assert.All(nearly, result => result.Succeeded());
    }

    [PeerFact("npm")]
    public async Task A_session_from_AssumeRole_is_what_the_client_then_is()
    {
        await using var clients = await NpmClients.StartAsync();
        clients.Account.AddRole("worker", TrustPolicies.Ram(clients.Account.RootArn));
        var assume = new JObject
        {
            ["client"] = "openapi",
            ["host"] = "sts.cn-hangzhou.aliyuncs.com",
            ["version"] = "2015-04-01",
            ["action"] = "AssumeRole",
            ["query"] = new JObject
            {
                ["RoleArn"] = $"acs:ram::{NpmClients.Uid}:role/worker",
                ["RoleSessionName"] = "logaudit",
            },
        };

        var credentials = (await clients.RunAsync(assume))[0].Succeeded()["Credentials"]!;
        var key = new JObject
        {
            ["id"] = credentials["AccessKeyId"],
            ["secret"] = credentials["AccessKeySecret"],
            ["token"] = credentials["SecurityToken"],
        };
        var identities = await clients.RunAsync(
            Forms.Select(form => Identity(form.Client, form.Signature, (JObject)key.DeepClone()))
        );

        Assert.All(
            identities,
            identity =>
                Assert.Equal(
                    $"acs:ram::{NpmClients.Uid}:assumed-role/worker/logaudit",
                    (string?)identity.Succeeded()["Arn"]
                )
        );
    }

    private static IReadOnlyList<(string Client, string? Signature)> Forms =>
        [("openapi", null), ("openapi", "v2"), ("pop-rpc", null)];

    private static JObject Identity(string client, string? signature, JObject key) =>
        new()
        {
            ["client"] = client,
            ["signature"] = signature,
            ["host"] = "sts.cn-hangzhou.aliyuncs.com",
            ["version"] = "2015-04-01",
            ["action"] = "GetCallerIdentity",
            ["key"] = key.DeepClone(),
        };

    /// <summary>One reading action stands for each product; the one that needs the fewest parameters.</summary>
    private static IEnumerable<ApiAction> OneReadActionOfEachProduct(Cloud cloud) =>
        cloud
            .Api.All.Where(action => !action.IsRoa && !action.IsWrite)
            .GroupBy(action => action.Product, StringComparer.Ordinal)
            .OrderBy(product => product.Key, StringComparer.Ordinal)
            .Select(product =>
                product
                    .OrderBy(action => Needed(action).Count())
                    .ThenBy(action => action.Name, StringComparer.Ordinal)
                    .First()
            );

    private static IEnumerable<ApiParameter> Needed(ApiAction action) =>
        action.Parameters.Where(parameter => parameter.Required && parameter.Name != "RegionId");

    private static JObject Step(Cloud cloud, string client, ApiAction action, string? signature) =>
        new()
        {
            ["client"] = client,
            ["signature"] = signature,
            ["host"] = cloud.Api.HostFor(action.Product, NpmClients.Region),
            ["version"] = action.Version,
            ["action"] = action.Name,
            ["query"] = new JObject(
                Needed(action)
                    .Select(parameter => new JProperty(
                        parameter.Name,
                        parameter.Type is ApiType.Integer or ApiType.Long ? "1" : "absent-1"
                    ))
                    .Append(new JProperty("RegionId", NpmClients.Region))
            ),
        };
}
