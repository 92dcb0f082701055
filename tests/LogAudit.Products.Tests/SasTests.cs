using LogAudit.OpenApi;
using LogAudit.Testing;

namespace LogAudit.Products.Tests;

public sealed class SasTests
{
    [Fact]
    public async Task ObserveAsync_tells_each_switch_apart_with_three_calls_for_all_of_them()
    {
        var site = new SasCloud(("aegis-log-process", "enabled"));
        var handler = site.Cloud.Handler("sas");
        var subscriptions = await handler.ListAsync(Cloud.All, default).ToListAsync();

        var states = new Dictionary<string, Observation>();
        foreach (var kind in handler.Spec.LogKinds)
        {
            var answers = handler.ObserveAsync(kind, subscriptions, Cloud.Target("sas_log"), default);
            states[kind.Name] = Assert.Single(await answers.ToListAsync()).State;
        }

        Assert.IsType<Observation.Enabled>(states["process"]);
        Assert.Equal(new Observation.Disabled("aegis-log-login of sas-example is disabled"), states["login"]);
        Assert.IsType<Observation.NotApplicable>(states["rasp"]);
        Assert.Equal(3, site.Exchanges.Seen.Count);
    }

    [Theory]
    [InlineData("dns", "sas-log-dns")]
    [InlineData("local-dns", "local-dns")]
    [InlineData("session", "sas-log-session")]
    [InlineData("http", "sas-log-http")]
    public async Task ObserveAsync_never_enables_a_kind_that_ended_even_where_its_switch_is_listed(
        string kind,
        string id
    )
    {
        var site = new SasCloud((id, "disabled"));

        var observed = Assert.Single(await site.ObserveAsync(kind)).Value;

        Assert.Contains("2025-03-27", Assert.IsType<Observation.NotApplicable>(observed.State).Why);
        Assert.Empty(observed.Fixes);
    }

    [Fact]
    public async Task ObserveAsync_says_where_the_product_put_the_logs()
    {
        var site = new SasCloud();

        var observed = (await site.ObserveAsync("alert"))[SasCloud.Instance];

        Assert.Equal(
            new LogTarget(
                Cloud.Account,
                Cloud.Region,
                new ProjectName("sas-log-1000000000000001-cn-hangzhou"),
                new LogstoreName("sas-log")
            ),
            observed.Lands
        );
    }

    [Theory]
    [InlineData("BuyStatus", "no", "buy log storage")]
    [InlineData("SlsServiceStatus", "no", "activate Simple Log Service")]
    [InlineData("AuthStatus", "no", "AliyunServiceRoleForSas")]
    [InlineData("SlsProjectStatus", "Disable", "support ticket")]
    public async Task ObserveAsync_tells_a_person_the_step_that_is_missing(string name, string value, string step)
    {
        var site = new SasCloud { [name] = value };

        var observed = (await site.ObserveAsync("login"))[SasCloud.Instance];

        Assert.Contains(step, Assert.IsType<Observation.Disabled>(observed.State).Todo);
        Assert.Empty(observed.Fixes);
    }

    [Fact]
    public async Task ObserveAsync_takes_log_analysis_by_use_for_bought_whatever_the_edition()
    {
        var site = new SasCloud { ["BuyStatus"] = "no", ["PostPaidOpenStatus"] = "yes" };
        site.Edition = 1;

        Assert.IsType<Observation.Enabled>((await site.ObserveAsync("alert"))[SasCloud.Instance].State);
    }

    [Fact]
    public async Task ListAsync_finds_nothing_where_the_service_says_that_there_is_no_subscription()
    {
        var site = new SasCloud { Subscription = "", Edition = 1 };

        Assert.Empty(await site.ObserveAsync("login"));
    }

    [Theory]
    [InlineData("DescribeVersionConfig", 403, "Forbidden.RAM")]
    [InlineData("DescribeLogShipperStatus", 400, "Throttling.User")]
    [InlineData("DescribeLogMeta", 503, "ServiceUnavailable")]
    public async Task ListAsync_throws_when_a_read_is_refused_and_says_never_that_there_is_nothing(
        string action,
        int status,
        string code
    )
    {
        var site = new SasCloud();
        site.Exchanges.Fail(action, status, code);

        var failure = await Assert.ThrowsAsync<OpenApiException>(() => site.ObserveAsync("login"));

        Assert.Equal(code, failure.Code);
    }

    [Theory]
    [InlineData("DescribeLogShipperStatus", """{"LogShipperStatus":{"BuyStatus":"yes"}}""")]
    [InlineData("DescribeLogMeta", """{"LogMetaList":[{"LogStore":"aegis-log-login"}]}""")]
    [InlineData("DescribeLogMeta", "{}")]
    public async Task ListAsync_throws_when_an_answer_lacks_what_it_must_have(string action, string answer)
    {
        var site = new SasCloud();
        site.Exchanges.Answer(action, answer);

        var failure = await Assert.ThrowsAsync<OpenApiException>(() => site.ObserveAsync("login"));

        Assert.Equal(ClientErrorCodes.UnreadableAnswer, failure.Code);
    }

    [Fact]
    public async Task WriteAsync_opens_log_analysis_first_and_switches_one_kind_once()
    {
        var site = new SasCloud { ["OpenStatus"] = "no" };
        var handler = site.Cloud.Handler("sas");
        var fixes = (await site.ObserveAsync("login"))[SasCloud.Instance].Fixes;

        foreach (var fix in fixes.Concat(fixes))
        {
            await handler.WriteAsync(fix, default);
        }

        Assert.Equal(1, site.Exchanges.Count("ModifyOpenLogShipper"));
        var switched = Assert.Single(site.Exchanges.Seen, call => call.Action is "ModifyLogMetaStatus");
        Assert.Equal(
            "aegis-log-login enabled sas sas",
            $"{switched["LogStore"]} {switched["Status"]} {switched["From"]} {switched["Project"]}"
        );
        Assert.Equal([Reversal.Cannot, Reversal.Restores], fixes.Select(fix => fix.Reversal));
        Assert.IsType<Observation.Enabled>((await site.ObserveAsync("login"))[SasCloud.Instance].State);
    }

    [Fact]
    public async Task WriteAsync_reads_back_when_the_answer_was_lost()
    {
        var site = new SasCloud();
        var fix = Assert.Single((await site.ObserveAsync("login"))[SasCloud.Instance].Fixes);
        site.Exchanges.Once(
            "ModifyLogMetaStatus",
            request =>
            {
                site.Logs[request["LogStore"]] = request["Status"];
                return Reply.Cut;
            }
        );

        await site.Cloud.Handler("sas").WriteAsync(fix, default);

        Assert.Equal(1, site.Exchanges.Count("ModifyLogMetaStatus"));
    }

    [Fact]
    public async Task WriteAsync_refuses_to_switch_a_log_that_the_site_no_longer_lists()
    {
        var site = new SasCloud();
        var fix = Assert.Single((await site.ObserveAsync("login"))[SasCloud.Instance].Fixes);
        site.Logs.Remove("aegis-log-login");

        await Assert.ThrowsAsync<SettingMovedException>(() => site.Cloud.Handler("sas").WriteAsync(fix, default));

        Assert.Equal(0, site.Exchanges.Count("ModifyLogMetaStatus"));
    }
}
