using LogAudit.Testing;

namespace LogAudit.Products.Tests;

public sealed class DnsTests
{
    [Fact]
    public async Task ListAsync_gives_each_kind_its_resources_once_and_VPCs_their_region()
    {
        var account = new DnsCloud();
        account.Add("intranet", "vpc-1", region: "cn-shanghai");
        account.Add("public", "example.com", "OPEN");
        account.Add("gtm", "config-1", "ENABLE");

        var resources = await account.Cloud.Handler("dns").ListAsync(Cloud.All, default).ToListAsync();

        Assert.Equal(
            ["vpc-1 cn-shanghai", "example.com cn-hangzhou", "config-1 cn-hangzhou"],
            resources.Select(resource => $"{resource.Id} {resource.Region}")
        );
    }

    [Fact]
    public async Task ListAsync_gives_only_what_an_event_named()
    {
        var account = new DnsCloud();
        account.Add("public", "example.com", "OPEN");
        account.Add("public", "example.net", "OPEN");

        var observed = await account.ObserveAsync("public", Cloud.All with { ResourceIds = ["example.net"] });

        Assert.Equal(["example.net"], observed.Keys);
    }

    [Fact]
    public async Task ObserveAsync_says_what_to_click_for_VPCs_and_lets_their_records_tell_when_it_is_done()
    {
        var account = new DnsCloud();
        account.Add("intranet", "vpc-1");

        var observed = await account.ObserveWithoutCodesAsync("intranet");

        var off = Assert.IsType<Observation.Disabled>(observed.State);
        Assert.True(off.RecordsTell);
        Assert.Contains("Log Audit Service", off.Todo);
        Assert.Contains("dns_intranet_policy_codes", off.Todo);
    }

    [Fact]
    public async Task ObserveAsync_finds_nothing_in_the_way_of_a_policy_whose_codes_the_settings_give()
    {
        var account = new DnsCloud();
        account.Add("intranet", "vpc-1");
        account.Add("intranet", "vpc-far", region: "eu-west-1");

        var observed = await account.ObserveAsync("intranet");

        Assert.IsType<Observation.Enabled>(observed["vpc-1"].State);
        Assert.IsType<Observation.NotApplicable>(observed["vpc-far"].State);
        Assert.Equal(1, account.Exchanges.Count("DescribeUserServiceStatus"));
    }

    [Theory]
    [InlineData("CLOSED")]
    [InlineData("IN_DEBT")]
    public async Task ObserveAsync_names_the_state_of_PrivateZone_that_is_in_the_way(string state)
    {
        var account = new DnsCloud { Service = state };
        account.Add("intranet", "vpc-1");

        var observed = (await account.ObserveAsync("intranet"))["vpc-1"];

        Assert.Contains(state, Assert.IsType<Observation.Disabled>(observed.State).Why);
    }

    [Theory]
    [InlineData("OPEN", typeof(Observation.Enabled))]
    [InlineData("CLOSE", typeof(Observation.Disabled))]
    [InlineData("", typeof(Observation.Unknown))]
    public async Task ObserveAsync_takes_the_switch_of_a_domain_from_its_row(string logging, Type answer)
    {
        var account = new DnsCloud();
        account.Add("public", "example.com", logging);

        var observed = await account.ObserveWithoutCodesAsync("public");

        Assert.IsType(answer, observed.State);
        Assert.Empty(observed.Fixes);
    }

    [Fact]
    public async Task ObserveAsync_has_a_person_deliver_what_the_switch_of_an_access_domain_only_records()
    {
        var account = new DnsCloud();
        account.Add("gtm", "config-1", "ENABLE");

        var observed = await account.ObserveWithoutCodesAsync("gtm");

        Assert.True(Assert.IsType<Observation.Disabled>(observed.State).RecordsTell);
        Assert.Empty(observed.Fixes);
        Assert.IsType<Observation.Enabled>((await account.ObserveAsync("gtm"))["config-1"].State);
    }

    [Theory]
    [InlineData("DescribeZoneVpcTree")]
    [InlineData("DescribeDomains")]
    [InlineData("ListCloudGtmInstanceConfigs")]
    public async Task ListAsync_throws_when_one_list_is_refused(string action)
    {
        var account = new DnsCloud();
        account.Exchanges.Fail(action, 403, "Forbidden.RAM");

        var refusal = await Assert.ThrowsAsync<OpenApi.OpenApiException>(() => account.ObserveAsync("public"));

        Assert.True(refusal.IsDenied);
    }

    [Fact]
    public async Task ListAsync_throws_when_the_tree_of_zones_is_not_there()
    {
        var account = new DnsCloud();
        account.Exchanges.Answer("DescribeZoneVpcTree", """{"RequestId":"R"}""");

        await Assert.ThrowsAsync<OpenApi.OpenApiException>(() => account.ObserveAsync("intranet"));
    }

    [Fact]
    public async Task ObserveAsync_reports_unknown_when_the_state_of_PrivateZone_is_refused()
    {
        var account = new DnsCloud();
        account.Add("intranet", "vpc-1");
        account.Exchanges.Fail("DescribeUserServiceStatus", 403, "Forbidden.RAM");

        Assert.IsType<Observation.Unknown>((await account.ObserveAsync("intranet"))["vpc-1"].State);
    }

    [Fact]
    public async Task WriteAsync_switches_an_access_domain_once_and_finds_the_switch_whose_answer_was_lost()
    {
        var account = new DnsCloud();
        account.Add("gtm", "config-1", "DISABLE");
        var fix = Assert.Single((await account.ObserveAsync("gtm"))["config-1"].Fixes);
        var handler = account.Cloud.Handler("dns");

        await handler.WriteAsync(fix, default);
        await handler.WriteAsync(fix, default);

        Assert.Equal(1, account.Exchanges.Count("SetCloudGtmInstanceConfigLogSwitch"));
        Assert.Equal(fix.To, await handler.ReadAsync(fix.Setting, default));
    }
}
