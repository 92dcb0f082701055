namespace LogAudit.OpenApi.Tests.Retries;

public sealed class OpenApiRetryTests
{
    [Theory]
    // Throttling: by code, whatever the status; also for writes, because nothing was done.
    [InlineData("Throttling", 400, true, true, false)]
    [InlineData("Throttling.User", 400, true, true, false)]
    [InlineData("Throttling.Api", 429, true, true, false)]
    [InlineData("Throttling.User", 503, true, true, false)]
    [InlineData("Rejected.Throttling", 400, true, true, false)]
    [InlineData("Throttling.User", 200, true, true, false)]
    [InlineData("Whatever", 429, true, true, false)]
    [InlineData("ServiceUnavailable", 503, true, true, false)]
    // Half-done work is possible: reads go on, writes stop and say so.
    [InlineData("InternalError", 500, true, false, true)]
    [InlineData("Client.UnreadableAnswer", 502, true, false, true)]
    [InlineData("Client.UnreadableAnswer", 504, true, false, true)]
    [InlineData("SignatureNonceUsed", 400, true, false, true)]
    // Trying again cannot help.
    [InlineData("InvalidAccessKeyId.NotFound", 404, false, false, false)]
    [InlineData("SignatureDoesNotMatch", 400, false, false, false)]
    [InlineData("InvalidSecurityToken.Expired", 400, false, false, false)]
    [InlineData("InvalidSecurityToken.Malformed", 400, false, false, false)]
    [InlineData("InvalidTimeStamp.Expired", 400, false, false, false)]
    [InlineData("Forbidden.RAM", 403, false, false, false)]
    [InlineData("NoPermission", 403, false, false, false)]
    [InlineData("Forbidden", 403, false, false, false)]
    [InlineData("UnsupportedOperation", 400, false, false, false)]
    [InlineData("InvalidRegionId.NotFound", 404, false, false, false)]
    [InlineData("EntityNotExist.Role", 404, false, false, false)]
    [InlineData("IncorrectStatus.flowlog", 400, false, false, false)]
    [InlineData("OperationConflict", 409, false, false, false)]
    [InlineData("Client.UnreadableAnswer", 200, false, false, false)]
    public void For_an_answer_decides_by_its_code(
        string code,
        int status,
        bool readAgain,
        bool writeAgain,
        bool unknown
    )
    {
        var read = Decide(TryEnd.Answered, code, status, writes: false);
        var write = Decide(TryEnd.Answered, code, status, writes: true);

        Assert.Equal(readAgain, read.Decision is RetryDecision.Again);
        Assert.Equal(writeAgain, write.Decision is RetryDecision.Again);
        Assert.Equal(unknown, write.AnswerUnknown);
        Assert.False(read.AnswerUnknown);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void For_a_call_that_was_never_sent_tries_again(bool writes, bool again)
    {
        var verdict = Decide(TryEnd.NotSent, "", 0, writes);

        Assert.Equal(again, verdict.Decision is RetryDecision.Again);
        Assert.False(verdict.AnswerUnknown);
    }

    [Theory]
    [InlineData(false, true, false)]
    [InlineData(true, false, true)]
    public void For_a_lost_answer_reads_try_again_and_writes_do_not(bool writes, bool again, bool unknown)
    {
        var verdict = Decide(TryEnd.AnswerLost, "", 0, writes);

        Assert.Equal(again, verdict.Decision is RetryDecision.Again);
        Assert.Equal(unknown, verdict.AnswerUnknown);
    }

    [Fact]
    public void For_keeps_the_pause_that_the_service_asked_for()
    {
        var verdict = OpenApiRetry.For(
            TryEnd.Answered,
            "Throttling",
            400,
            writes: false,
            attempt: 1,
            draw: 0.1,
            TimeSpan.FromSeconds(33),
            TimeSpan.FromMinutes(5),
            Backoff.Default
        );

        Assert.Equal(new RetryDecision.Again(TimeSpan.FromSeconds(33)), verdict.Decision);
    }

    [Fact]
    public void For_stops_when_the_pause_does_not_fit_before_the_deadline()
    {
        var verdict = OpenApiRetry.For(
            TryEnd.Answered,
            "Throttling",
            400,
            writes: false,
            attempt: 1,
            draw: 0.1,
            TimeSpan.FromSeconds(33),
            TimeSpan.FromSeconds(30),
            Backoff.Default
        );

        Assert.IsType<RetryDecision.Stop>(verdict.Decision);
        Assert.True(verdict.Retryable);
    }

    [Fact]
    public void For_stops_after_five_tries()
    {
        var verdict = OpenApiRetry.For(
            TryEnd.Answered,
            "Throttling",
            400,
            writes: false,
            attempt: 5,
            draw: 0.1,
            retryAfter: null,
            TimeSpan.FromMinutes(5),
            Backoff.Default
        );

        Assert.IsType<RetryDecision.Stop>(verdict.Decision);
    }

    private static RetryVerdict Decide(TryEnd end, string code, int status, bool writes) =>
        OpenApiRetry.For(end, code, status, writes, 1, 0.5, retryAfter: null, TimeSpan.FromHours(1), Backoff.Default);
}
