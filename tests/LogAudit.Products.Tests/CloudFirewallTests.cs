using LogAudit.OpenApi;
using LogAudit.Testing;

namespace LogAudit.Products.Tests;

public sealed class CloudFirewallTests
{
    [Theory]
    [InlineData("ErrorUserNotBuy", "not buy user")]
    [InlineData("not valid instanceId", "no such instance")]
    public async Task ListAsync_finds_nothing_where_no_firewall_was_bought(string code, string message)
    {
        var site = new CloudFirewallCloud();
        site.Exchanges.Fail("DescribeUserBuyVersion", 400, code, message);

        Assert.Empty(await site.ObserveAsync());
    }

    [Fact]
    public async Task ListAsync_throws_when_the_purchase_cannot_be_read()
    {
        var site = new CloudFirewallCloud();
        site.Exchanges.Fail("DescribeUserBuyVersion", 403, "NoPermission");

        await Assert.ThrowsAsync<OpenApiException>(() => site.ObserveAsync());
    }

    [Fact]
    public async Task ObserveAsync_opens_log_analysis_before_it_delivers_a_category()
    {
        var answer = await new CloudFirewallCloud { IsOpen = false }.ObserveOneAsync();

        Assert.Equal(
            ["cloudfirewall.log-analysis", "cloudfirewall.dispatch"],
            answer.Fixes.Select(fix => fix.Setting.Kind)
        );
        Assert.Equal(Reversal.Cannot, answer.Fixes[0].Reversal);
    }

    [Theory]
    [InlineData(2, false, "buy log storage")]
    [InlineData(0, true, "upgrade the edition")]
    public async Task ObserveAsync_tells_what_a_person_must_buy(int version, bool hasLogs, string step)
    {
        var answer = await new CloudFirewallCloud { Version = version, HasLogs = hasLogs }.ObserveOneAsync();

        Assert.Contains(step, Assert.IsType<Observation.Disabled>(answer.State).Todo, StringComparison.Ordinal);
        Assert.Empty(answer.Fixes);
    }

    [Fact]
    public async Task ObserveAsync_finds_a_delivery_that_leaves_something_out_and_mends_it()
    {
        var site = new CloudFirewallCloud { ["internet_log"] = ["attack"] };

        var answer = await site.ObserveOneAsync();
        await site.Cloud.Handler("cloudfirewall").WriteAsync(Assert.Single(answer.Fixes), default);

        Assert.Contains("only attack", Assert.IsType<Observation.Disabled>(answer.State).Why, StringComparison.Ordinal);
        Assert.Equal(["acl", "attack", "other"], site["internet_log"]);
    }

    [Fact]
    public async Task ObserveAsync_leaves_the_known_generation_to_the_policy_and_the_newer_one_to_a_job()
    {
        var newer = new CloudFirewallCloud { Project = "cloudfirewallnew-project-1000000000000001-cn-hangzhou" };

        Assert.Null((await new CloudFirewallCloud().ObserveOneAsync()).Lands);
        Assert.Equal(newer.Project, (await newer.ObserveOneAsync()).Lands!.Value.Project.Value);
    }

    [Fact]
    public async Task ObserveAsync_knows_a_category_that_is_not_offered()
    {
        var site = new CloudFirewallCloud();
        site.Exchanges.Answer("DescribeBatchSlsDispatchStatus", """{"LogVersion":"1","ItemList":[]}""");

        Assert.IsType<Observation.NotApplicable>((await site.ObserveOneAsync("vpc")).State);
    }

    [Fact]
    public async Task WriteAsync_leaves_a_second_change_within_five_minutes_to_a_later_run()
    {
        var site = new CloudFirewallCloud();
        var fix = Assert.Single((await site.ObserveOneAsync("vpc")).Fixes);
        site.Exchanges.Fail("ModifySlsDispatchStatus", 400, "IllegalOperation", "within 5 minutes");

        var later = await Assert.ThrowsAsync<NotYetException>(() =>
            site.Cloud.Handler("cloudfirewall").WriteAsync(fix, default)
        );

        Assert.Contains("within 5 minutes", later.Message, StringComparison.Ordinal);
        Assert.Equal(1, site.Exchanges.Count("ModifySlsDispatchStatus"));
    }

    [Fact]
    public async Task WriteAsync_brings_a_part_back_in_one_change_because_a_second_is_not_taken()
    {
        var site = new CloudFirewallCloud { ["internet_log"] = ["attack", "acl"] };
        var handler = site.Cloud.Handler("cloudfirewall");
        var fix = Assert.Single((await site.ObserveOneAsync()).Fixes);
        await handler.WriteAsync(fix, default);

        await handler.WriteAsync(fix with { From = fix.To, To = fix.From }, default);

        Assert.Equal("filters=acl,attack status=on", fix.From!.ToString());
        Assert.Equal(["acl", "attack"], site["internet_log"]);
        Assert.Equal(2, site.Exchanges.Count("ModifySlsDispatchStatus"));
    }

    [Theory]
    [InlineData("vipcloudfw-cn-1/intl/internet_log", "filters= status=off")]
    [InlineData("vipcloudfw-cn-1/internet_log", "filters=acl,attack,other status=on")]
    public async Task ReadAsync_finds_the_site_that_the_id_names_and_any_where_it_names_none(string id, string state)
    {
        var site = new CloudFirewallCloud();
        site.Exchanges.Answer(
            "DescribeBatchSlsDispatchStatus",
            """{"LogVersion":"2","InfoList":[{"Site":"cn","ItemList":[{"DispatchValue":"internet_log","Enable":true}]},{"Site":"intl","ItemList":[{"DispatchValue":"internet_log","Enable":false,"FilterKeys":["acl"]}]}]}"""
        );

        var read = await site
            .Cloud.Handler("cloudfirewall")
            .ReadAsync(new SettingRef("cloudfirewall.dispatch", Cloud.Account, Cloud.Region, id), default);

        Assert.Equal(state, read!.ToString());
    }

    [Fact]
    public async Task WriteAsync_reads_back_when_the_answer_was_lost()
    {
        var site = new CloudFirewallCloud();
        var fix = Assert.Single((await site.ObserveOneAsync()).Fixes);
        site.Exchanges.Once(
            "ModifySlsDispatchStatus",
            request =>
            {
                site["internet_log"] = request["FilterKeys"].Split(',');
                return Reply.Cut;
            }
        );

        await site.Cloud.Handler("cloudfirewall").WriteAsync(fix, default);

        Assert.Equal(1, site.Exchanges.Count("ModifySlsDispatchStatus"));
    }

    [Fact]
    public async Task WriteAsync_refuses_to_close_log_analysis()
    {
        var site = new CloudFirewallCloud { IsOpen = false };
        var open = (await site.ObserveOneAsync()).Fixes[0];
        await site.Cloud.Handler("cloudfirewall").WriteAsync(open, default);

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            site.Cloud.Handler("cloudfirewall").WriteAsync(open with { From = open.To, To = open.From }, default)
        );
    }
}
