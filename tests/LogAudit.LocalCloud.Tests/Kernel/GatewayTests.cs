using System.Net;
using LogAudit.LocalCloud.Kernel;
using Microsoft.Extensions.Time.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Kernel;

public sealed class GatewayTests : IAsyncLifetime
{
    private const string Admin = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 15, 8, 0, 0, TimeSpan.Zero));
    private SignedCalls _calls = null!;
    private Account _central = null!;
    private AccessKey _key = null!;

    public async Task InitializeAsync()
    {
        _calls = await SignedCalls.StartAsync(new() { Clock = _clock });
        _central = _calls.Cloud.AddAccount("1000000000000001", "central");
        _key = _central.AddKey(_central.AddUser("admin", Admin));
    }

    public async Task DisposeAsync() => await _calls.DisposeAsync();

    [Fact]
    public async Task GetCallerIdentity_says_who_signed()
    {
        var (status, body) = await _calls.StsAsync(_key, "GetCallerIdentity");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("1000000000000001", (string?)body["AccountId"]);
        Assert.Equal("acs:ram::1000000000000001:user/admin", (string?)body["Arn"]);
        Assert.NotNull(body["RequestId"]);
    }

    [Fact]
    public async Task Parameters_that_are_unknown_missing_or_ill_typed_are_refused()
    {
        var missing = await _calls.StsAsync(_key, "AssumeRole", ("RoleArn", "acs:ram::1000000000000001:role/x"));
        var unknown = await _calls.StsAsync(_key, "GetCallerIdentity", ("Wrong", "1"));
        var illTyped = await _calls.RamAsync(_key, "ListRoles", ("MaxItems", "many"));

        Assert.Equal("MissingRoleSessionName", (string?)missing.Body["Code"]);
        Assert.Equal("UnknownParameter", (string?)unknown.Body["Code"]);
        Assert.Equal("InvalidParameter", (string?)illTyped.Body["Code"]);
    }

    [Fact]
    public async Task An_action_or_version_that_is_not_served_is_not_found()
    {
        var action = await _calls.StsAsync(_key, "NoSuchAction");
        var version = await _calls.CallAsync(_key, "sts.aliyuncs.com", "1999-01-01", "GetCallerIdentity");

        Assert.Equal(
            (HttpStatusCode.NotFound, "InvalidAction.NotFound"),
            (action.Status, (string?)action.Body["Code"])
        );
        Assert.Equal("InvalidVersion", (string?)version.Body["Code"]);
    }

    [Fact]
    public async Task A_session_works_until_it_expires()
    {
        _central.AddRole("worker", TrustPolicies.Ram(_central.RootArn), Admin);
        var (_, answer) = await _calls.StsAsync(
            _key,
            "AssumeRole",
            ("RoleArn", "acs:ram::1000000000000001:role/worker"),
            ("RoleSessionName", "logaudit"),
            ("DurationSeconds", "900")
        );
        var session = _calls.Cloud.Keys.Find((string)answer["Credentials"]!["AccessKeyId"]!)!;

        var alive = await _calls.StsAsync(session, "GetCallerIdentity");
        _clock.Advance(TimeSpan.FromSeconds(900));
        var expired = await _calls.StsAsync(session, "GetCallerIdentity");

        Assert.Equal("acs:ram::1000000000000001:assumed-role/worker/logaudit", (string?)alive.Body["Arn"]);
        Assert.Equal("InvalidSecurityToken.Expired", (string?)expired.Body["Code"]);
    }

    [Fact]
    public async Task AssumeRole_is_refused_to_root_to_strangers_and_beyond_the_role()
    {
        var other = _calls.Cloud.AddAccount("2000000000000002", "other");
        other.AddRole("closed", TrustPolicies.Ram(other.RootArn));
        (string, string)[] Arguments(string role, string seconds) =>
            [("RoleArn", role), ("RoleSessionName", "logaudit"), ("DurationSeconds", seconds)];

        var root = await _calls.StsAsync(
            _central.AddRootKey(),
            "AssumeRole",
            Arguments("acs:ram::2000000000000002:role/closed", "900")
        );
        var stranger = await _calls.StsAsync(
            _key,
            "AssumeRole",
            Arguments("acs:ram::2000000000000002:role/closed", "900")
        );
        var absent = await _calls.StsAsync(
            _key,
            "AssumeRole",
            Arguments("acs:ram::2000000000000002:role/absent", "900")
        );
        _central.AddRole("open", TrustPolicies.Ram(_central.RootArn));
        var tooLong = await _calls.StsAsync(
            _key,
            "AssumeRole",
            Arguments("acs:ram::1000000000000001:role/open", "7200")
        );

        Assert.Equal("NoPermission", (string?)root.Body["Code"]);
        Assert.Contains("root accounts", (string?)root.Body["Message"], StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Forbidden, "NoPermission"), (stranger.Status, (string?)stranger.Body["Code"]));
        Assert.Equal((HttpStatusCode.NotFound, "EntityNotExist.Role"), (absent.Status, (string?)absent.Body["Code"]));
        Assert.Equal("InvalidParameter.DurationSeconds", (string?)tooLong.Body["Code"]);
    }

    [Fact]
    public async Task A_call_without_permission_names_what_lacked()
    {
        var reader = _central.AddKey(_central.AddUser("reader"));

        var (status, body) = await _calls.RamAsync(
            reader,
            "CreatePolicy",
            ("PolicyName", "p"),
            ("PolicyDocument", Admin)
        );

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Equal("NoPermission", (string?)body["Code"]);
        Assert.Equal("ram:CreatePolicy", (string?)body["AccessDeniedDetail"]!["AuthAction"]);
        Assert.Equal("ImplicitDeny", (string?)body["AccessDeniedDetail"]!["NoPermissionType"]);
    }

    [Fact]
    public async Task Every_request_is_in_the_log_with_who_what_and_how_it_ended()
    {
        var before = _calls.Cloud.Requests.Latest;
        await _calls.RamAsync(_key, "CreatePolicy", ("PolicyName", "audit"), ("PolicyDocument", Admin));
        await _calls.RamAsync(_key, "GetRole", ("RoleName", "absent"));

        var entries = _calls.Cloud.Requests.Since(before);

        Assert.Equal(
            [("CreatePolicy", true, 200, ""), ("GetRole", false, 404, "EntityNotExist.Role")],
            entries.Select(e => (e.Action, e.IsWrite, e.Status, e.ErrorCode))
        );
        Assert.All(entries, entry => Assert.Equal("acs:ram::1000000000000001:user/admin", entry.CallerArn));
    }

    [Fact]
    public async Task Faults_strike_by_rule_and_count()
    {
        await _calls.ControlAsync(
            HttpMethod.Post,
            "faults",
            new()
            {
                ["name"] = "slow down",
                ["kind"] = "Throttle",
                ["product"] = "Sts",
                ["count"] = 2,
                ["status"] = 429,
            }
        );

        var first = await _calls.StsAsync(_key, "GetCallerIdentity");
        var second = await _calls.StsAsync(_key, "GetCallerIdentity");
        var third = await _calls.StsAsync(_key, "GetCallerIdentity");

        Assert.Equal(("Throttling.User", (HttpStatusCode)429), ((string?)first.Body["Code"], first.Status));
        Assert.Equal("Throttling.User", (string?)second.Body["Code"]);
        Assert.Equal(HttpStatusCode.OK, third.Status);
        Assert.Equal(2, (int)(await _calls.ControlAsync(HttpMethod.Get, "faults"))[0]!["struck"]!);
    }

    [Fact]
    public async Task A_lost_answer_comes_after_the_work()
    {
        _calls.Cloud.Faults.Add(new("lost", FaultKind.LostAnswer) { Action = "CreatePolicy", Count = 1 });

        await Assert.ThrowsAsync<HttpRequestException>(() =>
            _calls.RamAsync(_key, "CreatePolicy", ("PolicyName", "audit"), ("PolicyDocument", Admin))
        );

        Assert.True(_central.Policies.ContainsKey("audit"));
    }

    [Fact]
    public async Task A_connection_cut_before_the_work_does_nothing()
    {
        _calls.Cloud.Faults.Add(new("cut", FaultKind.CutBefore) { Writes = true, Count = 1 });

        await Assert.ThrowsAsync<HttpRequestException>(() =>
            _calls.RamAsync(_key, "CreatePolicy", ("PolicyName", "audit"), ("PolicyDocument", Admin))
        );

        Assert.False(_central.Policies.ContainsKey("audit"));
    }

    [Fact]
    public async Task State_shows_accounts_and_delays_show_their_source()
    {
        var state = await _calls.ControlAsync(HttpMethod.Get, "state");
        var delays = (JArray)await _calls.ControlAsync(HttpMethod.Get, "delays");

        Assert.Equal("1000000000000001", (string?)state["accounts"]![0]!["id"]);
        Assert.All(delays, delay => Assert.False(string.IsNullOrEmpty((string?)delay["source"])));
        Assert.Contains(delays, delay => (string?)delay["name"] == "ram.role.propagation");
    }

    [Fact]
    public async Task A_malformed_answer_is_no_JSON()
    {
        _calls.Cloud.Faults.Add(new("garbled", FaultKind.Malformed) { Action = "GetCallerIdentity", Count = 1 });

        await Assert.ThrowsAnyAsync<Newtonsoft.Json.JsonException>(() => _calls.StsAsync(_key, "GetCallerIdentity"));
        Assert.Equal(HttpStatusCode.OK, (await _calls.StsAsync(_key, "GetCallerIdentity")).Status);
    }

    [Fact]
    public async Task Faults_of_one_account_leave_the_others_alone()
    {
        var other = _calls.Cloud.AddAccount("2000000000000002", "other");
        _calls.Cloud.Faults.Add(new("denied", FaultKind.Deny) { AccountId = other.Id });

        var struck = await _calls.StsAsync(other.AddKey(other.AddUser("admin", Admin)), "GetCallerIdentity");
        var spared = await _calls.StsAsync(_key, "GetCallerIdentity");

        Assert.Equal("Forbidden.RAM", (string?)struck.Body["Code"]);
        Assert.Equal(HttpStatusCode.OK, spared.Status);
    }

    [Fact]
    public async Task A_fault_of_LocalCloud_itself_is_told_and_kept()
    {
        _calls.Cloud.Api.Rpc(
            "Sts",
            "2015-04-01",
            "Break",
            [],
            ram: null,
            isWrite: false,
            _ => throw new InvalidOperationException("broken")
        );

        var (status, body) = await _calls.StsAsync(_key, "Break");

        Assert.Equal((HttpStatusCode.InternalServerError, "InternalError"), (status, (string?)body["Code"]));
        Assert.Contains(
            "broken",
            Assert.Single(_calls.Cloud.Background.Failures).Failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Calls_are_published_with_their_parameters_and_how_they_ended()
    {
        var events = new System.Collections.Concurrent.ConcurrentQueue<ApiEvent>();
        _calls.Cloud.Events.Subscribe(events.Enqueue);

        await _calls.RamAsync(_key, "CreatePolicy", ("PolicyName", "audit"), ("PolicyDocument", Admin));
        await _calls.RamAsync(_key, "GetRole", ("RoleName", "absent"));

        Assert.Equal(
            [("CreatePolicy", ""), ("GetRole", "EntityNotExist.Role")],
            events.Select(e => (e.Action, e.ErrorCode))
        );
        Assert.Equal("audit", (string?)events.First().Request["PolicyName"]);
        Assert.Contains(("ACS::RAM::Policy", "audit"), events.First().Resources);
    }

    [Fact]
    public async Task A_host_that_nobody_serves_is_named()
    {
        var (status, body) = await _calls.CallAsync(_key, "nothing.example.com", "2015-04-01", "GetCallerIdentity");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("nothing.example.com", (string?)body["Message"], StringComparison.Ordinal);
    }
}
