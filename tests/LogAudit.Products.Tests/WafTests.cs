using LogAudit.Testing;

namespace LogAudit.Products.Tests;

public sealed class WafTests
{
    private const string Www = "www.example.com-waf";
    private const string Old = "old.example.com";

    [Fact]
    public async Task ListAsync_finds_nothing_where_no_instance_was_bought()
    {
        var site = new WafCloud { IsBought = false };

        Assert.Empty(await site.ObserveAsync());
    }

    [Fact]
    public async Task ListAsync_reads_every_page_of_objects_and_the_domains_of_the_older_generation()
    {
        var site = new WafCloud([.. Enumerable.Range(0, 51).Select(number => $"{number}.example.com-waf")]);
        site.Domains[Old] = true;

        var found = await site.ObserveAsync();

        Assert.Equal(52, found.Count);
        Assert.Equal("2.0", found[Old].Resource.Properties["generation"]);
        // 51 objects in batches of 20.
        Assert.Equal(3, site.Exchanges.Count("DescribeResourceLogStatus"));
    }

    [Fact]
    public async Task ObserveAsync_leaves_the_newest_generation_to_the_policy_and_others_to_a_job()
    {
        var site = new WafCloud(Www);
        site.Objects[Www] = true;
        site.Domains[Old] = true;

        var found = await site.ObserveAsync();
        site.Project = "wafnew-project-1000000000000001-cn-hangzhou";
        var between = await site.ObserveAsync();

        Assert.Null(found[Www].Lands);
        Assert.Equal("waf-project-1000000000000001-cn-hangzhou", found[Old].Lands!.Value.Project.Value);
        Assert.Equal(site.Project, between[Www].Lands!.Value.Project.Value);
        Assert.All(found.Values, answer => Assert.IsType<Observation.Enabled>(answer.State));
    }

    [Fact]
    public async Task ObserveAsync_opens_the_service_before_it_switches_an_object()
    {
        var site = new WafCloud(Www) { Service = "" };

        var answer = (await site.ObserveAsync())[Www];

        Assert.Equal(["waf.log-service", "waf.object-log"], answer.Fixes.Select(fix => fix.Setting.Kind));
        Assert.Equal(Reversal.Cannot, answer.Fixes[0].Reversal);
    }

    [Theory]
    [InlineData("bought", "buy log storage")]
    [InlineData("authorised", "Authorize")]
    public async Task ObserveAsync_tells_what_a_person_must_do_first(string missing, string step)
    {
        var site = new WafCloud(Www) { HasLogs = missing is not "bought", IsAuthorised = missing is not "authorised" };

        var answer = (await site.ObserveAsync())[Www];

        Assert.Contains(step, Assert.IsType<Observation.Disabled>(answer.State).Todo, StringComparison.Ordinal);
        Assert.Empty(answer.Fixes);
    }

    [Fact]
    public async Task ObserveAsync_tells_that_an_older_instance_has_no_log_service()
    {
        var site = new WafCloud();
        site.Domains[Old] = false;
        site.Exchanges.Fail("DescribeLogServiceStatus", 400, "ComboError");

        var answer = (await site.ObserveAsync())[Old];

        Assert.Contains(
            "buy log storage",
            Assert.IsType<Observation.Disabled>(answer.State).Todo,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task ObserveAsync_tells_that_only_a_share_of_the_requests_is_logged()
    {
        var site = new WafCloud(Www) { Strategy = """[{"logType":"normalRequestLog","rate":50}]""" };
        site.Objects[Www] = true;

        var answer = Assert.IsType<Observation.Disabled>((await site.ObserveAsync())[Www].State);

        Assert.Contains("normalRequestLog 50 %", answer.Why, StringComparison.Ordinal);
        Assert.Contains("100 %", answer.Todo, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("initializing", true)]
    [InlineData("releasing", true)]
    public async Task ObserveAsync_looks_again_while_the_service_is_on_its_way(string status, bool again)
    {
        var site = new WafCloud(Www) { Service = status };

        var answer = Assert.IsType<Observation.Unknown>((await site.ObserveAsync())[Www].State);

        Assert.Equal(again, answer.LookAgain);
    }

    [Fact]
    public async Task ObserveAsync_asks_a_person_where_the_service_failed()
    {
        var site = new WafCloud(Www) { Service = "initialize_failed" };

        var answer = Assert.IsType<Observation.Disabled>((await site.ObserveAsync())[Www].State);

        Assert.Contains("support ticket", answer.Todo, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "NoPermission")]
    [InlineData(400, "Throttling.User")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task ObserveAsync_reports_unknown_when_the_status_is_refused(int status, string code)
    {
        var site = new WafCloud(Www);
        site.Exchanges.Fail("DescribeResourceLogStatus", status, code);

        var answer = (await site.ObserveAsync())[Www];

        Assert.Contains(code, Assert.IsType<Observation.Unknown>(answer.State).Why, StringComparison.Ordinal);
        Assert.Empty(answer.Fixes);
    }

    [Fact]
    public async Task ListAsync_throws_when_the_instance_cannot_be_read()
    {
        var site = new WafCloud(Www);
        site.Exchanges.Fail("DescribeInstance", 403, "NoPermission");

        await Assert.ThrowsAsync<LogAudit.OpenApi.OpenApiException>(site.ObserveAsync);
    }

    [Fact]
    public async Task ObserveAsync_reports_unknown_for_an_object_that_the_answer_leaves_out()
    {
        var site = new WafCloud(Www);
        site.Exchanges.Answer("DescribeResourceLogStatus", """{"Result":[]}""");

        Assert.IsType<Observation.Unknown>((await site.ObserveAsync())[Www].State);
    }

    [Fact]
    public async Task WriteAsync_switches_once_and_waits_out_a_running_task()
    {
        var site = new WafCloud(Www);
        var fix = (await site.ObserveAsync())[Www].Fixes[0];
        site.Exchanges.Once("ModifyResourceLogStatus", _ => Reply.Error(400, "TaskStillRunning"));

        await site.Cloud.Handler("waf").WriteAsync(fix, default);
        await site.Cloud.Handler("waf").WriteAsync(fix, default);

        Assert.Equal(2, site.Exchanges.Count("ModifyResourceLogStatus"));
        Assert.True(site.Objects[Www]);
    }

    [Fact]
    public async Task WriteAsync_never_closes_the_service()
    {
        var site = new WafCloud(Www) { Service = "" };
        var open = (await site.ObserveAsync())[Www].Fixes[0];
        await site.Cloud.Handler("waf").WriteAsync(open, default);

        var back = open with { From = open.To, To = open.From };

        await Assert.ThrowsAsync<InvalidOperationException>(() => site.Cloud.Handler("waf").WriteAsync(back, default));
        Assert.Equal("normal", site.Service);
    }

    [Fact]
    public async Task WriteAsync_refuses_when_the_object_is_gone()
    {
        var site = new WafCloud(Www);
        var fix = (await site.ObserveAsync())[Www].Fixes[0];
        site.Objects.Clear();

        await Assert.ThrowsAsync<SettingMovedException>(() => site.Cloud.Handler("waf").WriteAsync(fix, default));
    }
}
