namespace LogAudit.Sls.Tests.Calls;

public sealed class FailureTests
{
    private static readonly ProjectName Project = new("audit-central");
    private static readonly LogstoreName Logstore = new("slb_log");

    [Fact]
    public async Task Get_answers_null_for_what_does_not_exist()
    {
        using var sls = new ScriptedSls().Refuse(404, "ProjectNotExist").Refuse(404, "LogstoreNotExist");

        Assert.Null(await sls.Client.GetProjectAsync(Project, default));
        Assert.Null(await sls.Client.GetLogstoreAsync(Project, Logstore, default));
    }

    [Fact]
    public async Task Delete_of_what_does_not_exist_is_success()
    {
        using var sls = new ScriptedSls().Refuse(404, "LogStoreNotExist").Refuse(404, "PolicyNotExist");

        await sls.Client.DeleteLogstoreAsync(Project, Logstore, default);
        await sls.Client.DeleteCollectionPolicyAsync("p", default);

        Assert.Equal(2, sls.Requests.Count);
    }

    [Fact]
    public async Task Denied_is_never_taken_for_absent()
    {
        using var sls = new ScriptedSls().Refuse(401, "Unauthorized");

        var denied = await Assert.ThrowsAsync<SlsException>(() => sls.Client.GetProjectAsync(Project, default));

        Assert.True(denied.IsDenied);
        Assert.False(denied.Retryable);
        Assert.Equal("6110E64B004C4034363CAAAA", denied.RequestId);
    }

    [Fact]
    public async Task Inner_errors_and_quotas_are_tried_again()
    {
        using var sls = new ScriptedSls()
            .Refuse(500, "InternalServerError")
            .Refuse(403, "ReadQuotaExceed")
            .Answer("<html>bad gateway</html>", 502)
            .Answer("""{"cursor":"MTUyNDE1NTM3OTM3MzkwODQ5Ng=="}""");

        var cursor = await sls.Client.GetCursorAsync(Project, Logstore, 0, CursorFrom.Begin, default);

        Assert.Equal(1524155379373908496, cursor.Number);
        Assert.Equal(4, sls.Requests.Count);
    }

    [Fact]
    public async Task Tries_end_with_what_the_service_said_last()
    {
        using var sls = new ScriptedSls();
        for (var i = 0; i < Backoff.Default.Attempts; i++)
        {
            sls.Refuse(503, "ServerBusy");
        }

        var failure = await Assert.ThrowsAsync<SlsException>(() => sls.Client.GetProjectAsync(Project, default));

        Assert.Equal("ServerBusy", failure.ErrorCode);
        Assert.True(failure.Retryable);
        Assert.Equal(Backoff.Default.Attempts, sls.Requests.Count);
    }

    [Fact]
    public async Task Create_reads_after_an_unknown_answer_and_is_done_when_the_thing_is_there()
    {
        using var sls = new ScriptedSls()
            .Fail(HttpRequestError.ResponseEnded)
            .Answer("""{"logstoreName":"slb_log","ttl":30}""");

        await sls.Client.CreateLogstoreAsync(Project, new() { Name = Logstore, TtlDays = 30 }, default);

        Assert.Equal(["POST", "GET"], sls.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task Create_sends_again_after_an_unknown_answer_only_what_is_absent()
    {
        using var sls = new ScriptedSls().Refuse(500, "InternalServerError").Refuse(404, "LogStoreNotExist").Answer("");

        await sls.Client.CreateLogstoreAsync(Project, new() { Name = Logstore, TtlDays = 30 }, default);

        Assert.Equal(["POST", "GET", "POST"], sls.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task Split_is_not_sent_again_after_an_unknown_answer()
    {
        using var sls = new ScriptedSls().Fail(HttpRequestError.ResponseEnded);

        var failure = await Assert.ThrowsAsync<SlsException>(() =>
            sls.Client.SplitShardAsync(Project, Logstore, 0, "", default)
        );

        Assert.True(failure.AnswerUnknown);
        Assert.Single(sls.Requests);
    }

    [Fact]
    public async Task Split_is_sent_again_when_it_never_left()
    {
        using var sls = new ScriptedSls().Fail(HttpRequestError.ConnectionError).Answer("[]");

        await sls.Client.SplitShardAsync(Project, Logstore, 0, "", default);

        Assert.Equal(2, sls.Requests.Count);
    }

    [Fact]
    public async Task A_skewed_clock_is_corrected_from_the_answer()
    {
        using var sls = new ScriptedSls()
            .Refuse(400, "RequestTimeExpired", ("Date", "Thu, 15 Jan 2026 09:30:45 GMT"))
            .Answer("""{"projectName":"audit-central"}""");

        await sls.Client.GetProjectAsync(Project, default);

        Assert.Equal("20260115T083045Z", sls.Requests[0].Headers["x-log-date"]);
        Assert.Equal("20260115T093045Z", sls.Requests[1].Headers["x-log-date"]);
        Assert.Contains(sls.Logger.Records, record => record.Id.Id == 3001);
    }

    [Fact]
    public async Task A_deadline_ends_the_tries()
    {
        using var sls = new ScriptedSls().Refuse(503, "ServerBusy", ("Retry-After", "120"));
        using var invoker = new HttpMessageInvoker(sls, disposeHandler: false);
        var client = new SlsClients(sls, EndpointOverride.None, sls, sls.Time, new SlsOptions(), sls.Logger)
            .Within(Deadline.After(sls.Time.GetUtcNow(), TimeSpan.FromSeconds(60)))
            .For(new AccountId("1"), new RegionId("cn-hangzhou"));

        await Assert.ThrowsAsync<SlsException>(() => client.GetProjectAsync(Project, default));

        Assert.Single(sls.Requests);
    }

    [Fact]
    public async Task A_missing_member_is_an_error_not_an_empty_list()
    {
        using var sls = new ScriptedSls().Answer("""{"total":5}""").Answer("""{"projectName":3""");

        await Assert.ThrowsAsync<SlsDataException>(async () =>
        {
            await foreach (var _ in sls.Client.ListLogstoresAsync(Project, default)) { }
        });
        await Assert.ThrowsAsync<SlsDataException>(() => sls.Client.GetProjectAsync(Project, default));
    }

    [Fact]
    public async Task Secrets_stand_in_no_error_and_no_log()
    {
        using var sls = new ScriptedSls().Refuse(500, "InternalServerError").Refuse(401, "SignatureNotMatch");

        var failure = await Assert.ThrowsAsync<SlsException>(() => sls.Client.GetProjectAsync(Project, default));

        var seen = failure + string.Concat(sls.Logger.Records.Select(record => record.Message + record.Exception));
        Assert.Contains("it says *** and ***", seen, StringComparison.Ordinal);
        Assert.DoesNotContain(ScriptedSls.KeySecret, seen, StringComparison.Ordinal);
        Assert.DoesNotContain(ScriptedSls.Token, seen, StringComparison.Ordinal);
        Assert.NotEmpty(sls.Logger.Records);
    }
}
