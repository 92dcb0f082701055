namespace LogAudit.Forwarding.Tests.Sync;

public sealed class ForwardedLogstoresTests
{
    [Theory]
    [InlineData(AccountsMode.List, new[] { "actiontrail_watch", "actiontrail_log" })]
    [InlineData(AccountsMode.Directory, new[] { "actiontrail_watch" })]
    public void The_sweep_reads_the_trails_of_listed_members_too_and_a_copy_of_the_own_trail_never_twice(
        AccountsMode mode,
        string[] logstores
    )
    {
        var settings = new Settings
        {
            Central = new CentralSettings
            {
                Account = new AccountId("1000000000000001"),
                Region = new RegionId("cn-hangzhou"),
                Project = new ProjectName("logaudit-center"),
                Trail = "watch",
            },
            Accounts = new AccountsSettings { Mode = mode },
            Collect = new Dictionary<string, string> { ["actiontrail_copy_enabled"] = "true" },
        };
        var trail = new LogKind
        {
            Product = "actiontrail",
            Name = "events",
            Route = Routes.Delivery,
            MakesLogstore = true,
            Logstore = "actiontrail_{trail}",
            CopyLogstore = "actiontrail_log",
            CopyVariable = "actiontrail_copy_enabled",
            Topics = [],
            Regions = [],
            EnabledVariable = "actiontrail_enabled",
            TtlVariable = "actiontrail_ttl",
            Fields = [],
            Mapping = Records.Normalised.Mapping(),
        };

        Assert.Equal(logstores, ServiceRegistration.LogstoresOf(settings, [trail]).Select(one => one.Value));
    }
}
