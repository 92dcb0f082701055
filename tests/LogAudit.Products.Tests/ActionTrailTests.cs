using LogAudit.Testing;

namespace LogAudit.Products.Tests;

public sealed class ActionTrailTests
{
    private static readonly AccountId Member = new("1000000000000002");

    [Fact]
    public async Task ObserveAsync_leaves_the_platform_trail_to_a_person_and_its_records_to_tell()
    {
        var cloud = new TrailCloud();
        var trail = Cloud.Resource("actiontrail", "logaudit");

        var observed = await cloud
            .Cloud.Handler("actiontrail")
            .ObserveAsync(Cloud.Kind("actiontrail", "platform"), [trail], Cloud.Target("innertrail_logaudit"), default)
            .SingleAsync();

        var off = Assert.IsType<Observation.Disabled>(observed.State);
        Assert.True(off.RecordsTell);
        Assert.Contains("platform trail", off.Todo);
        Assert.Empty(cloud.Exchanges.Seen);
    }

    [Fact]
    public async Task ListAsync_gives_the_organisations_trail_once_and_none_for_its_members()
    {
        var account = new TrailCloud();
        var handler = account.Cloud.Handler("actiontrail");

        var central = await handler.ListAsync(Cloud.All, default).ToListAsync();
        var member = await handler.ListAsync(new Scope(Member, Cloud.Region), default).ToListAsync();

        Assert.Equal("actiontrail_logaudit", Assert.Single(central).Properties["logstore"]);
        Assert.Empty(member);
    }

    [Fact]
    public async Task ListAsync_adopts_a_trail_that_delivers_to_the_central_project_already()
    {
        var account = new TrailCloud();
        account.Add("company-trail");

        var observed = await account.ObserveAsync();

        Assert.Equal("company-trail", observed.Resource.Id);
        Assert.Equal("actiontrail_company-trail", observed.Resource.Properties["logstore"]);
        Assert.IsType<Observation.Enabled>(observed.State);
    }

    [Fact]
    public async Task ObserveAsync_leaves_an_organisation_trail_that_goes_elsewhere_and_says_what_to_do()
    {
        var account = new TrailCloud();
        account.Add("company-trail", "acs:log:cn-beijing:1000000000000001:project/company");

        var observed = await account.ObserveAsync();

        Assert.Contains("company-trail", Assert.IsType<Observation.Disabled>(observed.State).Why);
        Assert.Empty(observed.Fixes);
    }

    [Fact]
    public async Task ObserveAsync_leaves_a_trail_of_our_name_that_somebody_else_made()
    {
        var elsewhere = new TrailCloud(AccountsMode.CentralOnly);
        elsewhere.Add("logaudit", "acs:log:cn-beijing:1000000000000001:project/company", organisation: false);
        var otherKind = new TrailCloud(AccountsMode.CentralOnly);
        otherKind.Trails.Add(new TrailCloud().Add("logaudit", organisation: false));
        var single = new TrailCloud();
        single.Add("logaudit", organisation: false);

        Assert.Empty((await elsewhere.ObserveAsync()).Fixes);
        Assert.IsType<Observation.Enabled>((await otherKind.ObserveAsync()).State);
        Assert.Contains(
            "name another trail",
            Assert.IsType<Observation.Disabled>((await single.ObserveAsync()).State).Why
        );
    }

    [Fact]
    public async Task ObserveAsync_mends_a_trail_that_is_stopped_or_records_less_than_all()
    {
        var stopped = new TrailCloud();
        stopped.Add("logaudit", status: "Disable");
        var writesOnly = new TrailCloud();
        writesOnly.Add("logaudit")["EventRW"] = "Write";

        foreach (var account in (TrailCloud[])[stopped, writesOnly])
        {
            await account
                .Cloud.Handler("actiontrail")
                .WriteAsync(Assert.Single((await account.ObserveAsync()).Fixes), default);
            Assert.IsType<Observation.Enabled>((await account.ObserveAsync()).State);
        }

        Assert.Equal(0, stopped.Exchanges.Count("UpdateTrail"));
        Assert.Equal("All", writesOnly.Exchanges.Seen.Single(request => request.Action == "UpdateTrail")["EventRW"]);
    }

    [Fact]
    public async Task ObserveAsync_reports_a_trail_whose_delivery_fails()
    {
        var account = new TrailCloud { DeliveryError = "ProjectNotExist" };
        account.Add("logaudit");

        var observed = await account.ObserveAsync();

        Assert.Contains("ProjectNotExist", Assert.IsType<Observation.Disabled>(observed.State).Why);
        Assert.Empty(observed.Fixes);
    }

    [Fact]
    public async Task ObserveAsync_makes_no_sixth_trail_of_one_account()
    {
        var account = new TrailCloud(AccountsMode.CentralOnly);
        for (var i = 0; i < 5; i++)
        {
            account.Add($"other-{i}", "acs:log:cn-beijing:1000000000000001:project/company", organisation: false);
        }

        Assert.Empty((await account.ObserveAsync()).Fixes);
    }

    [Theory]
    [InlineData(403, "Forbidden.RAM")]
    [InlineData(400, "Throttling.User")]
    [InlineData(500, "InternalError")]
    public async Task ObserveAsync_reports_unknown_when_the_read_is_refused(int status, string code)
    {
        var account = new TrailCloud();
        account.Add("logaudit");
        account.Exchanges.Fail("GetTrailStatus", status, code);

        Assert.Contains(code, Assert.IsType<Observation.Unknown>((await account.ObserveAsync()).State).Why);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"TrailList":[{"Name":"logaudit"}]}""")]
    public async Task ObserveAsync_reports_unknown_when_the_answer_is_unreadable(string answer)
    {
        var account = new TrailCloud();
        account.Exchanges.Answer("DescribeTrails", answer);
        var trail = Cloud.Resource("actiontrail", "logaudit");

        var observed = await account
            .Cloud.Handler("actiontrail")
            .ObserveAsync(Cloud.Kind("actiontrail", "events"), [trail], TrailCloud.Target, default)
            .SingleAsync();

        Assert.IsType<Observation.Unknown>(observed.State);
    }

    [Fact]
    public async Task WriteAsync_makes_and_starts_the_organisations_trail_once_and_takes_it_back()
    {
        var account = new TrailCloud();
        var fix = Assert.Single((await account.ObserveAsync()).Fixes);
        var handler = account.Cloud.Handler("actiontrail");

        await handler.WriteAsync(fix, default);
        await handler.WriteAsync(fix, default);
        var observed = await account.ObserveAsync();
        await handler.WriteAsync(fix with { From = fix.To, To = fix.From }, default);

        Assert.IsType<Observation.Enabled>(observed.State);
        Assert.Equal(1, account.Exchanges.Count("CreateTrail"));
        Assert.Equal(1, account.Exchanges.Count("StartLogging"));
        Assert.Empty(account.Trails);
    }

    [Fact]
    public async Task WriteAsync_starts_a_trail_whose_making_was_cut_short()
    {
        var account = new TrailCloud();
        var fix = Assert.Single((await account.ObserveAsync()).Fixes);
        account.Add("logaudit", status: "Fresh");

        await account.Cloud.Handler("actiontrail").WriteAsync(fix, default);

        Assert.Equal(0, account.Exchanges.Count("CreateTrail"));
        Assert.IsType<Observation.Enabled>((await account.ObserveAsync()).State);
    }

    [Fact]
    public async Task WriteAsync_reads_back_when_the_trail_is_said_to_exist_already()
    {
        var account = new TrailCloud();
        var fix = Assert.Single((await account.ObserveAsync()).Fixes);
        account.Exchanges.Once(
            "CreateTrail",
            _ =>
            {
                account.Add("logaudit", status: "Fresh");
                return Reply.Error(400, "TrailExists", "The trail already exists.");
            }
        );

        await account.Cloud.Handler("actiontrail").WriteAsync(fix, default);

        Assert.IsType<Observation.Enabled>((await account.ObserveAsync()).State);
    }

    [Fact]
    public async Task WriteAsync_is_content_with_the_trail_that_another_run_made_and_started_at_once()
    {
        var account = new TrailCloud();
        var fix = Assert.Single((await account.ObserveAsync()).Fixes);
        account.Exchanges.Once(
            "CreateTrail",
            _ =>
            {
                account.Add("logaudit");
                return Reply.Error(400, "TrailExists", "The trail already exists.");
            }
        );

        await account.Cloud.Handler("actiontrail").WriteAsync(fix, default);

        Assert.Single(account.Trails);
        Assert.IsType<Observation.Enabled>((await account.ObserveAsync()).State);
    }

    [Fact]
    public async Task WriteAsync_names_no_role_for_a_member_of_a_list_because_its_project_is_of_its_own_account()
    {
        var account = new TrailCloud(AccountsMode.List);
        var fix = Assert.Single((await account.ObserveAsync(Member)).Fixes);

        await account.Cloud.Handler("actiontrail").WriteAsync(fix, default);

        var sent = account.Exchanges.Seen.Single(request => request.Action == "CreateTrail");
        Assert.Equal("", sent["SlsWriteRoleArn"]);
        Assert.Equal("false", sent["IsOrganizationTrail"]);
        Assert.Equal(TrailCloud.Central, sent["SlsProjectArn"]);
        Assert.IsType<Observation.Enabled>((await account.ObserveAsync(Member)).State);
    }
}
