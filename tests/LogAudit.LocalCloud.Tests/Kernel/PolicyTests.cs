using LogAudit.LocalCloud.Kernel;
using Microsoft.Extensions.Time.Testing;

namespace LogAudit.LocalCloud.Tests.Kernel;

public sealed class PolicyTests : IAsyncDisposable
{
    private const string Uid = "1000000000000001";
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 15, 8, 0, 0, TimeSpan.Zero));
    private readonly Cloud _cloud;
    private readonly Account _account;

    public PolicyTests()
    {
        _cloud = new Cloud(new() { Clock = _clock });
        _account = _cloud.AddAccount(Uid, "hub");
        _cloud.Ram.Declare("slb:DescribeLoadBalancers", "slb:SetAccessLog", "log:PostLogStoreLogs", "ram:PassRole");
    }

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();

    [Theory]
    // Nothing said, nothing allowed.
    [InlineData("""{"Effect":"Allow","Action":"ecs:*","Resource":"*"}""", false)]
    // Wildcards in actions, without regard to case.
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*"}""", true)]
    [InlineData("""{"Effect":"Allow","Action":"slb:Describe*","Resource":"*"}""", true)]
    [InlineData("""{"Effect":"Allow","Action":"slb:DescribeLoadBalancer?","Resource":"*"}""", true)]
    [InlineData("""{"Effect":"Allow","Action":"SLB:describeloadbalancers","Resource":"*"}""", true)]
    [InlineData("""{"Effect":"Allow","Action":["ecs:*","slb:Set*"],"Resource":"*"}""", false)]
    // Resources.
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"acs:slb:*:*:loadbalancer/*"}""", true)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"acs:slb:cn-hangzhou:1000000000000001:*"}""", true)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"acs:slb:cn-shanghai:*:*"}""", false)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"acs:slb:*:2000000000000002:*"}""", false)]
    // Negated lists.
    [InlineData("""{"Effect":"Allow","NotAction":"ecs:*","Resource":"*"}""", true)]
    [InlineData("""{"Effect":"Allow","NotAction":"slb:*","Resource":"*"}""", false)]
    [InlineData("""{"Effect":"Allow","Action":"*","NotResource":"acs:slb:*"}""", false)]
    // Deny wins, wherever it stands.
    [InlineData(
        """{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"slb:Describe*","Resource":"*"}""",
        false
    )]
    [InlineData(
        """{"Effect":"Deny","Action":"slb:Describe*","Resource":"*"},{"Effect":"Allow","Action":"*","Resource":"*"}""",
        false
    )]
    [InlineData(
        """{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"slb:Set*","Resource":"*"}""",
        true
    )]
    // Conditions: values of a key are alternatives, keys and operators must all hold.
    [InlineData(
        """{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"acs:SourceIp":["10.0.0.0/8","127.0.0.0/8"]}}}""",
        true
    )]
    [InlineData(
        """{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NotIpAddress":{"acs:SourceIp":"127.0.0.1"}}}""",
        false
    )]
    [InlineData(
        """{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"acs:SecureTransport":"true"}}}""",
        false
    )]
    [InlineData(
        """{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"DateLessThan":{"acs:CurrentTime":"2026-02-01T00:00:00Z"}}}""",
        true
    )]
    [InlineData(
        """{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"DateGreaterThan":{"acs:CurrentTime":"2026-02-01T00:00:00+08:00"}}}""",
        false
    )]
    [InlineData(
        """{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"slb:Tag":"pr*"},"Bool":{"acs:SecureTransport":"false"}}}""",
        true
    )]
    [InlineData(
        """{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"slb:Tag":["test","dev"]}}}""",
        false
    )]
    [InlineData(
        """{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"slb:Tag":["test","dev"]}}}""",
        true
    )]
    [InlineData(
        """{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NumericLessThanEquals":{"slb:Count":"5"}}}""",
        true
    )]
    [InlineData(
        """{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NumericGreaterThan":{"slb:Count":"5"}}}""",
        false
    )]
    [InlineData(
        """{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"slb:Absent":"x"}}}""",
        false
    )]
    public void Decide_evaluates_the_grammar(string statements, bool allowed)
    {
        var user = _account.AddUser("ops", Policy(statements));

        var decision = _cloud.Ram.Decide(
            Caller.Of(_account.AddKey(user), "127.0.0.1", secure: false),
            "slb:DescribeLoadBalancers",
            $"acs:slb:cn-hangzhou:{Uid}:loadbalancer/lb-1",
            new("slb:Tag", "prod"),
            new("slb:Count", "5")
        );

        Assert.Equal(allowed, decision.Allowed);
        Assert.Equal(!allowed, decision.Denied is not null);
    }

    [Fact]
    public void Decide_denies_an_action_that_nobody_declared()
    {
        var user = _account.AddUser("admin", Policy("""{"Effect":"Allow","Action":"*","Resource":"*"}"""));

        var decision = _cloud.Ram.Decide(Of(user), "slb:InventedAction", "*");

        Assert.False(decision.Allowed);
        Assert.Contains("slb:InventedAction", decision.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_bounds_a_session_by_its_own_policy()
    {
        var role = _account.AddRole(
            "worker",
            TrustPolicies.Ram(_account.RootArn),
            Policy("""{"Effect":"Allow","Action":"slb:*","Resource":"*"}""")
        );
        var narrow = PolicyDocument.Parse(Policy("""{"Effect":"Allow","Action":"slb:Describe*","Resource":"*"}"""));
        var key = _cloud.Keys.OpenSession(role, "s1", TimeSpan.FromHours(1), narrow);
        var caller = Caller.Of(key, "127.0.0.1", secure: true);

        Assert.True(_cloud.Ram.Decide(caller, "slb:DescribeLoadBalancers", "*").Allowed);
        Assert.False(_cloud.Ram.Decide(caller, "slb:SetAccessLog", "*").Allowed);
    }

    [Fact]
    public void Decide_bounds_an_account_by_its_control_policy()
    {
        var user = _account.AddUser("admin", Policy("""{"Effect":"Allow","Action":"*","Resource":"*"}"""));
        _cloud.Ram.ControlPolicies[Uid] = PolicyDocument.Parse(
            Policy("""{"Effect":"Deny","Action":"slb:Set*","Resource":"*"}""")
        );

        Assert.True(_cloud.Ram.Decide(Of(user), "slb:DescribeLoadBalancers", "*").Allowed);
        Assert.Equal("ControlPolicy", _cloud.Ram.Decide(Of(user), "slb:SetAccessLog", "*").Denied!.PolicyType);
    }

    [Fact]
    public void Decide_waits_until_an_attachment_is_in_force()
    {
        var role = _account.AddRole("late", TrustPolicies.Ram(_account.RootArn));
        var now = _clock.GetUtcNow();
        role.Attached.Add(new("System", "AdministratorAccess", now) { EffectiveAt = now.AddSeconds(5) });
        var caller = Caller.Of(_cloud.Keys.OpenSession(role, "s1", TimeSpan.FromHours(1)), "127.0.0.1", secure: true);

        Assert.False(_cloud.Ram.Decide(caller, "slb:SetAccessLog", "*").Allowed);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(_cloud.Ram.Decide(caller, "slb:SetAccessLog", "*").Allowed);
    }

    [Theory]
    [InlineData("acs:ram::2000000000000002:root", true)]
    [InlineData("acs:ram::2000000000000002:role/logaudit-function", true)]
    [InlineData("acs:ram::2000000000000002:role/LogAudit-Function", true)]
    [InlineData("acs:ram::2000000000000002:role/other", false)]
    [InlineData("acs:ram::1000000000000001:root", false)]
    public void Trusts_names_a_role_or_its_account(string principal, bool trusted)
    {
        var central = _cloud.AddAccount("2000000000000002", "central");
        var function = central.AddRole("logaudit-function", TrustPolicies.Service("fc.aliyuncs.com"));
        var member = _account.AddRole("logaudit-member", TrustPolicies.Ram(principal));
        var caller = Caller.Of(_cloud.Keys.OpenSession(function, "s", TimeSpan.FromHours(1)), "127.0.0.1", true);

        Assert.Equal(trusted, _cloud.Trust.Trusts(member, caller, externalId: null));
    }

    [Theory]
    [InlineData("sesame", true)]
    [InlineData("other", false)]
    [InlineData(null, false)]
    public void Trusts_asks_for_the_external_id(string? given, bool trusted)
    {
        var user = _account.AddUser("ops");
        var role = _account.AddRole(
            "guarded",
            TrustPolicies
                .Ram(_account.RootArn)
                .Replace(
                    "}}]}",
                    """},"Condition":{"StringEquals":{"sts:ExternalId":"sesame"}}}]}""",
                    StringComparison.Ordinal
                )
        );

        Assert.Equal(trusted, _cloud.Trust.Trusts(role, Of(user), given));
    }

    [Theory]
    [InlineData("log.aliyuncs.com", "1000000000000001", true)]
    [InlineData("log.aliyuncs.com", "3000000000000003", false)]
    [InlineData("3000000000000003@log.aliyuncs.com", "3000000000000003", true)]
    [InlineData("3000000000000003@log.aliyuncs.com", "1000000000000001", false)]
    [InlineData("fc.aliyuncs.com", "1000000000000001", false)]
    public void AssumeAsService_tells_its_own_account_from_another(string principal, string actingFor, bool trusted)
    {
        var role = _account.AddRole("sink", TrustPolicies.Service(principal));

        Assert.Equal(trusted, _cloud.Trust.AssumeAsService(role.Arn, "log.aliyuncs.com", actingFor) is not null);
    }

    [Theory]
    [InlineData("{}", "Version")]
    [InlineData("""{"Version":"1"}""", "Statement")]
    [InlineData("""{"Version":"1","Statement":[]}""", "empty")]
    [InlineData("""{"Version":"1","Statement":[{"Effect":"Maybe","Action":"*","Resource":"*"}]}""", "Effect")]
    [InlineData("""{"Version":"1","Statement":[{"Effect":"Allow","Resource":"*"}]}""", "Action")]
    [InlineData("""{"Version":"1","Statement":[{"Effect":"Allow","Action":"*"}]}""", "Resource")]
    [InlineData(
        """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Sounds":{"a":"b"}}}]}""",
        "Sounds"
    )]
    [InlineData("not json", "malformed")]
    public void Parse_refuses_what_is_no_policy(string text, string says)
    {
        var refused = Assert.Throws<CloudError>(() => PolicyDocument.Parse(text));

        Assert.Equal("MalformedPolicyDocument", refused.Code);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    private static string Policy(string statements) => $$"""{"Version":"1","Statement":[{{statements}}]}""";

    private Caller Of(RamUser user) => Caller.Of(_account.AddKey(user), "127.0.0.1", secure: false);
}
