using LogAudit.OpenApi;
using LogAudit.Testing;

namespace LogAudit.Products.Tests;

public sealed class DdosTests
{
    private const string Www = "www.example.com";
    private const string Origin = "ddosbgp-cn-1";

    [Fact]
    public async Task ObserveAsync_reads_every_page_of_the_switches()
    {
        var site = new DdosCloud([.. Enumerable.Range(10, 11).Select(number => $"{number}.example.com")]);
        site.Domains["20.example.com"] = true;

        var found = await site.ObserveAsync();

        Assert.Equal(11, found.Count);
        Assert.IsType<Observation.Enabled>(found["20.example.com"].State);
        Assert.Equal("ddos.domain-log", Assert.Single(found["10.example.com"].Fixes).Setting.Kind);
        Assert.Equal(2, site.Exchanges.Count("DescribeWebAccessLogDispatchStatus"));
    }

    [Fact]
    public async Task ListAsync_asks_nothing_further_where_nothing_is_guarded()
    {
        var site = new DdosCloud();

        Assert.Empty(await site.ObserveAsync());
        Assert.Equal(["DescribeDomains", "DescribeInstanceList"], site.Exchanges.Seen.Select(call => call.Action));
    }

    [Fact]
    public async Task ListAsync_asks_Proxy_only_at_its_two_sites()
    {
        var site = new DdosCloud(Www);
        site.Origins[Origin] = false;
        var abroad = new Scope(Cloud.Account, new RegionId("us-west-1"));

        var found = await site.Cloud.Handler("ddos").ListAsync(abroad, default).ToListAsync();

        Assert.Equal(Origin, Assert.Single(found).Id);
        Assert.All(site.Exchanges.Seen, call => Assert.Equal("ddosbgp.us-west-1.aliyuncs.com", call.Host));
    }

    [Theory]
    [InlineData(false, true, "buy full logs")]
    [InlineData(true, false, "authorise")]
    public async Task ObserveAsync_tells_what_a_person_must_do_first(bool isBought, bool isAuthorised, string step)
    {
        var site = new DdosCloud(Www) { IsBought = isBought, IsAuthorised = isAuthorised };

        var answer = (await site.ObserveAsync())[Www];

        Assert.Contains(step, Assert.IsType<Observation.Disabled>(answer.State).Todo, StringComparison.Ordinal);
        Assert.Empty(answer.Fixes);
    }

    [Fact]
    public async Task ObserveAsync_asks_a_person_to_enable_an_instance_of_Origin_and_turns_green_by_itself()
    {
        var site = new DdosCloud();
        site.Origins[Origin] = false;

        var before = (await site.ObserveAsync("origin"))[Origin];
        site.Origins[Origin] = true;
        var after = (await site.ObserveAsync("origin"))[Origin];

        Assert.Contains(
            "Mitigation Logs",
            Assert.IsType<Observation.Disabled>(before.State).Todo,
            StringComparison.Ordinal
        );
        Assert.Empty(before.Fixes);
        Assert.IsType<Observation.Enabled>(after.State);
    }

    [Fact]
    public async Task ObserveAsync_knows_that_Proxy_and_Origin_have_logs_of_their_own()
    {
        var site = new DdosCloud(Www);
        site.Origins[Origin] = true;

        Assert.IsType<Observation.NotApplicable>((await site.ObserveAsync())[Origin].State);
        Assert.IsType<Observation.NotApplicable>((await site.ObserveAsync("origin"))[Www].State);
    }

    [Theory]
    [InlineData(403, "NoPermission")]
    [InlineData(400, "Throttling.User")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task ObserveAsync_reports_unknown_when_the_switches_are_refused(int status, string code)
    {
        var site = new DdosCloud(Www);
        site.Exchanges.Fail("DescribeWebAccessLogDispatchStatus", status, code);

        var answer = (await site.ObserveAsync())[Www];

        Assert.Contains(code, Assert.IsType<Observation.Unknown>(answer.State).Why, StringComparison.Ordinal);
        Assert.Empty(answer.Fixes);
    }

    [Fact]
    public async Task ListAsync_throws_when_the_domains_cannot_be_read()
    {
        var site = new DdosCloud(Www);
        site.Exchanges.Fail("DescribeDomains", 403, "NoPermission");

        await Assert.ThrowsAsync<OpenApiException>(() => site.ObserveAsync());
    }

    [Fact]
    public async Task WriteAsync_switches_once_and_reads_back_when_the_answer_was_lost()
    {
        var site = new DdosCloud(Www);
        var fix = Assert.Single((await site.ObserveAsync())[Www].Fixes);
        site.Exchanges.Once(
            "EnableWebAccessLogConfig",
            _ =>
            {
                site.Domains[Www] = true;
                return Reply.Cut;
            }
        );

        await site.Cloud.Handler("ddos").WriteAsync(fix, default);
        await site.Cloud.Handler("ddos").WriteAsync(fix, default);

        Assert.Equal(1, site.Exchanges.Count("EnableWebAccessLogConfig"));
    }

    [Fact]
    public async Task WriteAsync_refuses_when_the_domain_is_gone()
    {
        var site = new DdosCloud(Www);
        var fix = Assert.Single((await site.ObserveAsync())[Www].Fixes);
        site.Domains.Clear();

        await Assert.ThrowsAsync<SettingMovedException>(() => site.Cloud.Handler("ddos").WriteAsync(fix, default));
    }
}
