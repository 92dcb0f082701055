namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary>Bad input to the real functions: a clear error each, nothing lost, and the next good invocation works.</summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private const int MostBytes = 32 * 1024 * 1024;

    private ForwardedToSoc forwarded = null!;
    private FunctionCloud cloud = null!;
    private MarkedRecords records = null!;

    public async Task InitializeAsync()
    {
        forwarded = await ForwardedToSoc.StartAsync(seed: 6);
        (cloud, records) = (forwarded.Cloud, forwarded.Records);
    }

    public Task DisposeAsync() => forwarded.DisposeAsync().AsTask();

    [Theory]
    [InlineData("this is not JSON", "it is not JSON (line 0, byte ")]
    [InlineData("""{"some":"thing"}""", "it has neither 'source' (log trigger) nor 'triggerTime' (timer)")]
    [InlineData("""{"source":{"projectName":7}}""", "source.projectName is missing or not a text")]
    [InlineData("", "it is not JSON")]
    public async Task Sync_refuses_an_unreadable_event_and_works_on(string body, string says)
    {
        await cloud.DeployAsync("sync", forwarded.Settings);
        records.Append("slb_log", 2, 10);

        var (ok, answer) = await cloud.InvokeAsync("sync", body);

        Assert.False(ok);
        Assert.Contains(says, answer, StringComparison.Ordinal);
        await AssertSyncWorksAsync();
    }

    [Fact]
    public async Task Sync_names_the_deleted_Logstore_of_a_trigger_and_works_on()
    {
        await cloud.DeployAsync("sync", forwarded.Settings);
        records.Append("slb_log", 2, 10);
        cloud.Store.Project(FunctionCloud.Project)!.DeleteLogstore("rds_log");

        var (ok, answer) = await cloud.InvokeAsync("sync", FunctionCloud.Doorbell("rds_log", 0));

        Assert.False(ok);
        Assert.Contains("rds_log does not exist. Remove its trigger", answer, StringComparison.Ordinal);
        await AssertSyncWorksAsync();
    }

    [Fact]
    public async Task Sync_refuses_a_trigger_of_another_project_and_works_on()
    {
        await cloud.DeployAsync("sync", forwarded.Settings);
        records.Append("slb_log", 2, 10);

        var (ok, answer) = await cloud.InvokeAsync(
            "sync",
            FunctionCloud
                .Doorbell("slb_log", 0)
                .Replace(FunctionCloud.Project, "somebody-else", StringComparison.Ordinal)
        );

        Assert.False(ok);
        Assert.Contains("A log trigger of project 'somebody-else' rang", answer, StringComparison.Ordinal);
        await AssertSyncWorksAsync();
    }

    [Theory]
    [InlineData("sync", MostBytes, false, "it has neither 'source' (log trigger) nor 'triggerTime' (timer)")]
    [InlineData("sync", MostBytes + 1, false, "The event is larger than 33554432 bytes")]
    [InlineData("onchange", MostBytes, true, "\"unreadable\":1")]
    [InlineData("onchange", MostBytes + 1, false, "The event is larger than 33554432 bytes")]
    public async Task Body_of_32_MB_is_answered_and_a_larger_one_refused(
        string function,
        int bytes,
        bool succeeds,
        string says
    )
    {
        await cloud.DeployAsync(function, forwarded.Settings);
        var body = new byte[bytes];
        Array.Fill(body, (byte)'a');
        "{\"x\":\""u8.CopyTo(body);
        "\"}"u8.CopyTo(body.AsSpan(bytes - 2));

        var (ok, answer) = await cloud.InvokeAsync(function, body);

        Assert.Equal(succeeds, ok);
        Assert.Contains(says, answer, StringComparison.Ordinal);
        await (function == "sync" ? AssertSyncWorksAsync() : AssertOnChangeWorksAsync());
    }

    [Fact]
    public async Task OnChange_ignores_an_event_of_an_unknown_product_and_tells_unreadable_ones()
    {
        await cloud.DeployAsync("onchange", forwarded.Settings);

        var unknown = await cloud.InvokeAsync("onchange", Event("Teapot", "BrewTea"));
        var nameless = await cloud.InvokeAsync("onchange", """{"specversion":"1.0","id":"1","type":"","data":{} }""");
        var broken = await cloud.InvokeAsync("onchange", "{\"specversion\":");
        var gone = await cloud.InvokeAsync("onchange", FunctionCloud.Doorbell("actiontrail_logaudit", 0));

        Assert.True(unknown.Ok, unknown.Answer);
        Assert.Contains("\"events\":1,\"ignored\":1,\"unreadable\":0", unknown.Answer, StringComparison.Ordinal);
        Assert.Contains("\"writes\":0", unknown.Answer, StringComparison.Ordinal);
        Assert.True(nameless.Ok, nameless.Answer);
        Assert.Contains("\"unreadable\":1", nameless.Answer, StringComparison.Ordinal);
        Assert.True(broken.Ok, broken.Answer);
        Assert.Contains("\"unreadable\":1", broken.Answer, StringComparison.Ordinal);
        Assert.True(gone.Ok, gone.Answer);
        Assert.Contains("LogStoreNotExist", gone.Answer, StringComparison.Ordinal);
        await AssertSaysAsync("onchange", "\"level\":\"Warning\",\"event\":5031");
        await AssertSaysAsync("onchange", "The trigger names Logstore actiontrail_logaudit, which does not exist");
        await AssertOnChangeWorksAsync();
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("onchange")]
    public async Task Ten_mistakes_in_the_settings_are_told_at_once_and_the_mended_file_works(string function)
    {
        const string Mistakes = """
            central:
              account: "12a"
              regoin: cn-hangzhou
            accounts:
              mode: everybody
              memberRole: "no spaces allowed"
            regions: cn-hangzhou
            compliance: iso
            collect:
              rds_enabled: maybe
              rds_tll: 365
            destinations:
              - name: soc
                sink: 7
                format: rfc5424
                options:
                  secret: PlantedSecret

            """;
        records.Append("slb_log", 2, 10);
        await cloud.DeployAsync(function, Mistakes);

        var (ok, answer) = await cloud.InvokeAsync(function, "{}");

        Assert.False(ok);
        Assert.All(
            (string[])
                [
                    "central.account",
                    "central.region",
                    "central.regoin",
                    "accounts.mode",
                    "accounts.memberRole",
                    "regions",
                    "compliance",
                    "collect.rds_enabled",
                    "collect.rds_tll",
                    "destinations[0].options.secret",
                ],
            key => Assert.Contains(key, answer, StringComparison.Ordinal)
        );
        Assert.DoesNotContain("PlantedSecret", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("PlantedSecret", cloud.Output(function), StringComparison.Ordinal);
        await cloud.DeployAsync(function, forwarded.Settings);
        await (function == "sync" ? AssertSyncWorksAsync() : AssertOnChangeWorksAsync());
    }

    private static string Event(string service, string name) =>
        $$"""
            {
              "specversion": "1.0", "id": "8c4d", "source": "acs.teapot", "type": "teapot:ActionTrail:ApiCall",
              "aliyunaccountid": "{{FunctionCloud.Uid}}", "aliyunregionid": "{{FunctionCloud.Region}}",
              "data": {
                "eventId": "8c4d", "eventRW": "Write", "serviceName": "{{service}}", "eventName": "{{name}}",
                "acsRegion": "{{FunctionCloud.Region}}", "recipientAccountId": "{{FunctionCloud.Uid}}",
                "userIdentity": { "userName": "alice", "accountId": "{{FunctionCloud.Uid}}" }
              }
            }
            """;

    private async Task AssertSyncWorksAsync()
    {
        records.Append("slb_log", 1, 10);
        var (ok, answer) = await cloud.SweepAsync();
        Assert.True(ok, answer);
        var received = Received.Of(forwarded.Soc.Messages);
        Assert.All(records.Written, marker => Assert.Contains(marker, received.Ids));
        Assert.Equal(1, cloud.Find("sync").Pool.Started);
    }

    private async Task AssertOnChangeWorksAsync()
    {
        var (ok, answer) = await cloud.InvokeAsync(
            "onchange",
            """{"triggerTime":"2026-01-15T08:30:00Z","triggerName":"look","payload":""}"""
        );
        Assert.True(ok, answer);
        Assert.Contains("\"road\":\"look\"", answer, StringComparison.Ordinal);
        Assert.Contains("\"errors\":[]", answer, StringComparison.Ordinal);
        Assert.Equal(1, cloud.Find("onchange").Pool.Started);
    }

    // Output of a process arrives a little after its answer.
    private async Task AssertSaysAsync(string function, string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!cloud.Output(function).Contains(text, StringComparison.Ordinal))
        {
            Assert.False(patience.IsCancellationRequested, $"never said: {text}\n{cloud.Output(function)}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }
}
