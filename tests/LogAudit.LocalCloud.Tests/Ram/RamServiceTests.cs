using System.Net;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Tests.Kernel;
using Microsoft.Extensions.Time.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Ram;

public sealed class RamServiceTests : IAsyncLifetime
{
    private const string Admin = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 15, 8, 0, 0, TimeSpan.Zero));
    private SignedCalls _calls = null!;
    private Account _account = null!;
    private AccessKey _key = null!;

    public async Task InitializeAsync()
    {
        _calls = await SignedCalls.StartAsync(new() { Clock = _clock });
        _account = _calls.Cloud.AddAccount("1000000000000001", "central");
        _key = _account.AddKey(_account.AddUser("admin", Admin));
    }

    public async Task DisposeAsync() => await _calls.DisposeAsync();

    [Fact]
    public async Task A_new_role_can_be_assumed_after_its_propagation()
    {
        await Ok(
            "CreateRole",
            ("RoleName", "worker"),
            ("AssumeRolePolicyDocument", TrustPolicies.Ram(_account.RootArn))
        );
        (string, string)[] assume = [("RoleArn", "acs:ram::1000000000000001:role/worker"), ("RoleSessionName", "s1")];

        var early = await _calls.StsAsync(_key, "AssumeRole", assume);
        _clock.Advance(TimeSpan.FromSeconds(10));
        var late = await _calls.StsAsync(_key, "AssumeRole", assume);

        Assert.Equal("EntityNotExist.Role", (string?)early.Body["Code"]);
        Assert.Equal(HttpStatusCode.OK, late.Status);
    }

    [Fact]
    public async Task Roles_are_created_once_updated_and_deleted_when_nothing_is_attached()
    {
        (string, string)[] create =
        [
            ("RoleName", "worker"),
            ("AssumeRolePolicyDocument", TrustPolicies.Service("fc.aliyuncs.com")),
            ("MaxSessionDuration", "7200"),
        ];
        var made = await Ok("CreateRole", create);
        Assert.Equal("acs:ram::1000000000000001:role/worker", (string?)made["Role"]!["Arn"]);
        await Refused("EntityAlreadyExists.Role", "CreateRole", create);

        var trust = TrustPolicies.Ram(_account.RootArn);
        await Ok("UpdateRole", ("RoleName", "worker"), ("NewAssumeRolePolicyDocument", trust));
        var read = await Ok("GetRole", ("RoleName", "worker"));
        Assert.Equal(trust, (string?)read["Role"]!["AssumeRolePolicyDocument"]);
        Assert.Equal(7200, (int)read["Role"]!["MaxSessionDuration"]!);

        (string, string)[] attachment =
        [
            ("RoleName", "worker"),
            ("PolicyType", "System"),
            ("PolicyName", "AliyunSTSAssumeRoleAccess"),
        ];
        await Ok("AttachPolicyToRole", attachment);
        await Refused("EntityAlreadyExists.Role.Policy", "AttachPolicyToRole", attachment);
        await Refused("DeleteConflict.Role.Policy", "DeleteRole", ("RoleName", "worker"));
        await Ok("DetachPolicyFromRole", attachment);
        await Refused("EntityNotExist.Role.Policy", "DetachPolicyFromRole", attachment);
        await Ok("DeleteRole", ("RoleName", "worker"));
        await Refused("EntityNotExist.Role", "GetRole", ("RoleName", "worker"));
    }

    [Fact]
    public async Task CreateRole_refuses_to_trust_a_role_that_does_not_exist()
    {
        await Refused(
            "MalformedPolicyDocument",
            "CreateRole",
            ("RoleName", "worker"),
            ("AssumeRolePolicyDocument", TrustPolicies.Ram("acs:ram::1000000000000001:role/absent"))
        );
    }

    [Fact]
    public async Task A_policy_has_five_versions_and_goes_last()
    {
        await Ok("CreatePolicy", ("PolicyName", "audit"), ("PolicyDocument", Admin));
        for (var version = 2; version <= 5; version++)
        {
            await Ok(
                "CreatePolicyVersion",
                ("PolicyName", "audit"),
                ("PolicyDocument", Admin),
                ("SetAsDefault", "true")
            );
        }

        await Refused(
            "LimitExceeded.Policy.Version",
            "CreatePolicyVersion",
            ("PolicyName", "audit"),
            ("PolicyDocument", Admin)
        );
        var rotated = await Ok(
            "CreatePolicyVersion",
            ("PolicyName", "audit"),
            ("PolicyDocument", Admin),
            ("RotateStrategy", "DeleteOldestNonDefaultVersionWhenLimitExceeded")
        );
        Assert.Equal("v6", (string?)rotated["PolicyVersion"]!["VersionId"]);
        var versions = await Ok("ListPolicyVersions", ("PolicyName", "audit"), ("PolicyType", "Custom"));
        Assert.Equal(["v2", "v3", "v4", "v5", "v6"], versions.SelectTokens("$..VersionId").Select(id => (string)id!));
        await Refused(
            "DeleteConflict.PolicyVersion.Default",
            "DeletePolicyVersion",
            ("PolicyName", "audit"),
            ("VersionId", "v5")
        );
        await Refused("DeleteConflict.Policy.Version", "DeletePolicy", ("PolicyName", "audit"));
        foreach (var version in (string[])["v2", "v3", "v4", "v6"])
        {
            await Ok("DeletePolicyVersion", ("PolicyName", "audit"), ("VersionId", version));
        }
        await Ok("DeletePolicy", ("PolicyName", "audit"));
        await Refused("EntityNotExist.Policy", "GetPolicy", ("PolicyName", "audit"), ("PolicyType", "Custom"));
    }

    [Fact]
    public async Task CreatePolicy_refuses_more_than_6144_characters()
    {
        var document = Admin.Replace(
            "\"*\"",
            $"[{string.Join(',', Enumerable.Repeat("\"log:Get*\"", 600))}]",
            StringComparison.Ordinal
        );

        await Refused(
            "InvalidParameter.PolicyDocument.Length",
            "CreatePolicy",
            ("PolicyName", "long"),
            ("PolicyDocument", document)
        );
    }

    [Fact]
    public async Task ListRoles_pages_by_marker()
    {
        foreach (var number in Enumerable.Range(1, 5))
        {
            _account.AddRole($"role-{number}", TrustPolicies.Service("fc.aliyuncs.com"));
        }
        var names = new List<string>();
        string? marker = null;
        do
        {
            var page = await Ok(
                "ListRoles",
                marker is null ? [("MaxItems", "2")] : [("MaxItems", "2"), ("Marker", marker)]
            );
            names.AddRange(page.SelectTokens("$.Roles.Role[*].RoleName").Select(name => (string)name!));
            marker = (bool)page["IsTruncated"]! ? (string?)page["Marker"] : null;
        } while (marker is not null);

        Assert.Equal(["role-1", "role-2", "role-3", "role-4", "role-5"], names);
    }

    [Fact]
    public async Task A_service_linked_role_is_made_once_and_not_changed_by_hand()
    {
        async Task<JObject> Create() =>
            (
                await _calls.CallAsync(
                    _key,
                    "resourcemanager.aliyuncs.com",
                    "2020-03-31",
                    "CreateServiceLinkedRole",
                    ("ServiceName", "actiontrail.aliyuncs.com")
                )
            ).Body;

        Assert.Equal("AliyunServiceRoleForActionTrail", (string?)(await Create())["Role"]!["RoleName"]);
        Assert.Equal("EntityAlreadyExist.Role", (string?)(await Create())["Code"]);
        await Refused(
            "NotSupported.Operation.ServiceLinkedRole",
            "DeleteRole",
            ("RoleName", "AliyunServiceRoleForActionTrail")
        );
    }

    private async Task<JObject> Ok(string action, params IEnumerable<(string, string)> parameters)
    {
        var (status, body) = await _calls.RamAsync(_key, action, parameters);
        Assert.True(status == HttpStatusCode.OK, $"{action}: {body}");
        return body;
    }

    private async Task Refused(string code, string action, params IEnumerable<(string, string)> parameters)
    {
        var (_, body) = await _calls.RamAsync(_key, action, parameters);
        Assert.Equal(code, (string?)body["Code"]);
    }
}
