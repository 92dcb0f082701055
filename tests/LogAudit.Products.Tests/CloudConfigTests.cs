using LogAudit.Testing;

namespace LogAudit.Products.Tests;

public sealed class CloudConfigTests
{
    [Fact]
    public async Task ObserveAsync_wants_the_recorder_and_one_notification_for_each_kind()
    {
        var account = new ConfigCloud { Recorder = "REGISTRABLE" };

        var observed = await account.ObserveBothAsync();

        Assert.All(observed.Values, answer => Assert.IsType<Observation.Disabled>(answer.State));
        Assert.Equal(
            [
                "cloudconfig.recorder 1000000000000001",
                $"cloudconfig.notification {ConfigCloud.Arn}#NonCompliantNotification",
            ],
            observed["noncompliance"].Fixes.Select(fix => $"{fix.Setting.Kind} {fix.Setting.Id}")
        );
        Assert.Equal(Reversal.Cannot, observed["change"].Fixes[0].Reversal);
    }

    [Theory]
    [InlineData("BUILDING")]
    [InlineData("REBUILDING")]
    [InlineData("REGISTERED")]
    public async Task ObserveAsync_takes_a_recorder_that_is_being_built_for_started(string status)
    {
        var account = new ConfigCloud { Recorder = status };
        account.Add("team")["ConfigurationItemChangeNotification"] = true;

        var observed = await account.ObserveBothAsync();

        Assert.IsType<Observation.Enabled>(observed["change"].State);
        Assert.IsType<Observation.Disabled>(observed["noncompliance"].State);
    }

    [Fact]
    public async Task ObserveAsync_does_not_count_a_channel_that_was_stopped_or_goes_elsewhere()
    {
        var account = new ConfigCloud();
        account.Add("stopped")["ConfigurationItemChangeNotification"] = true;
        account.Channels[0]["Status"] = 0;
        account.Add("other", "acs:oss:cn-hangzhou:1000000000000001:bucket")["ConfigurationItemChangeNotification"] =
            true;

        var observed = await account.ObserveBothAsync();

        Assert.IsType<Observation.Disabled>(observed["change"].State);
    }

    [Fact]
    public async Task ObserveAsync_tells_a_person_when_no_channel_fits_any_more()
    {
        var account = new ConfigCloud();
        for (var i = 0; i < 5; i++)
        {
            account.Add("team", $"acs:log:cn-hangzhou:1000000000000001:project/team-{i}/logstore/config");
        }

        var observed = (await account.ObserveBothAsync())["change"];

        Assert.Contains("delete one that nobody needs", Assert.IsType<Observation.Disabled>(observed.State).Todo);
        Assert.Empty(observed.Fixes);
    }

    [Theory]
    [InlineData("GetConfigurationRecorder", 403, "NoPermission")]
    [InlineData("ListConfigDeliveryChannels", 400, "Throttling.User")]
    [InlineData("ListConfigDeliveryChannels", 503, "ServiceUnavailable")]
    public async Task ObserveAsync_reports_unknown_when_a_read_is_refused(string action, int status, string code)
    {
        var account = new ConfigCloud();
        account.Exchanges.Fail(action, status, code);

        var observed = (await account.ObserveBothAsync())["change"];

        Assert.Contains(code, Assert.IsType<Observation.Unknown>(observed.State).Why);
        Assert.Empty(observed.Fixes);
    }

    [Theory]
    [InlineData("GetConfigurationRecorder", "{}")]
    [InlineData("ListConfigDeliveryChannels", "{}")]
    [InlineData("ListConfigDeliveryChannels", """{"DeliveryChannels":[{"DeliveryChannelId":"cdc-1"}]}""")]
    public async Task ObserveAsync_reports_unknown_when_an_answer_is_unreadable(string action, string answer)
    {
        var account = new ConfigCloud();
        account.Exchanges.Answer(action, answer);

        Assert.IsType<Observation.Unknown>((await account.ObserveBothAsync())["change"].State);
    }

    [Fact]
    public async Task WriteAsync_makes_one_channel_for_both_kinds_and_takes_it_away_when_neither_is_wanted()
    {
        var account = new ConfigCloud();
        var handler = account.Cloud.Handler("cloudconfig");
        var fixes = (await account.ObserveBothAsync()).Values.SelectMany(answer => answer.Fixes).ToArray();

        foreach (var fix in fixes)
        {
            await handler.WriteAsync(fix, default);
        }

        Assert.Single(account.Channels);
        Assert.All(
            (await account.ObserveBothAsync()).Values,
            answer => Assert.IsType<Observation.Enabled>(answer.State)
        );
        foreach (var fix in fixes)
        {
            await handler.WriteAsync(fix with { From = fix.To, To = fix.From }, default);
        }

        Assert.Empty(account.Channels);
    }

    [Fact]
    public async Task WriteAsync_leaves_what_else_a_channel_of_somebody_else_delivers_and_the_channel_itself()
    {
        var account = new ConfigCloud();
        account.Add("team")["ConfigurationSnapshot"] = true;
        var fix = Assert.Single((await account.ObserveBothAsync())["change"].Fixes);

        await account.Cloud.Handler("cloudconfig").WriteAsync(fix, default);
        Assert.True((bool)account.Channels[0]["ConfigurationItemChangeNotification"]!);
        await account.Cloud.Handler("cloudconfig").WriteAsync(fix with { From = fix.To, To = fix.From }, default);

        var channel = Assert.Single(account.Channels);
        Assert.True((bool)channel["ConfigurationSnapshot"]!);
        Assert.False((bool)channel["ConfigurationItemChangeNotification"]!);
    }

    [Fact]
    public async Task WriteAsync_reads_back_when_the_answer_was_lost_and_makes_no_second_channel()
    {
        var account = new ConfigCloud();
        var fix = Assert.Single((await account.ObserveBothAsync())["change"].Fixes);
        account.Exchanges.Once(
            "CreateConfigDeliveryChannel",
            _ =>
            {
                account.Add("logaudit")["ConfigurationItemChangeNotification"] = true;
                return Reply.Cut;
            }
        );

        await account.Cloud.Handler("cloudconfig").WriteAsync(fix, default);

        Assert.Single(account.Channels);
    }
}
