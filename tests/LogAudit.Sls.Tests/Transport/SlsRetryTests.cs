namespace LogAudit.Sls.Tests.Transport;

public sealed class SlsRetryTests
{
    private static readonly Backoff Backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8), 5);

    [Theory]
    // Refused for good: no request is sent again.
    [InlineData(400, "InvalidRequestTime", "stop", "stop")]
    [InlineData(400, "InvalidDateFormat", "stop", "stop")]
    [InlineData(400, "MissingDate", "stop", "stop")]
    [InlineData(400, "MissingHost", "stop", "stop")]
    [InlineData(400, "InvalidHost", "stop", "stop")]
    [InlineData(400, "MissingAPIVersion", "stop", "stop")]
    [InlineData(400, "InvalidAPIVersion", "stop", "stop")]
    [InlineData(400, "MissingSignatureMethod", "stop", "stop")]
    [InlineData(400, "InvalidSignatureMethod", "stop", "stop")]
    [InlineData(400, "MissAccessKeyId", "stop", "stop")]
    [InlineData(400, "MissingContentType", "stop", "stop")]
    [InlineData(400, "MissingBodyRawSize", "stop", "stop")]
    [InlineData(400, "InvalidBodyRawSize", "stop", "stop")]
    [InlineData(400, "InvalidCompressType", "stop", "stop")]
    [InlineData(411, "MissingContentLength", "stop", "stop")]
    [InlineData(415, "InvalidContentType", "stop", "stop")]
    [InlineData(400, "PostBodyInvalid", "stop", "stop")]
    [InlineData(400, "PostBodyUncompressError", "stop", "stop")]
    [InlineData(400, "InvalidTimestamp", "stop", "stop")]
    [InlineData(400, "InvalidEncoding", "stop", "stop")]
    [InlineData(400, "InvalidKey", "stop", "stop")]
    [InlineData(413, "PostBodyTooLarge", "stop", "stop")]
    [InlineData(400, "ParameterInvalid", "stop", "stop")]
    [InlineData(400, "InvalidParameter", "stop", "stop")]
    [InlineData(400, "BadRequest", "stop", "stop")]
    [InlineData(400, "NotSupported", "stop", "stop")]
    [InlineData(400, "InvalidCursor", "stop", "stop")]
    [InlineData(400, "ShardNotExist", "stop", "stop")]
    [InlineData(404, "ShardNotExist", "stop", "stop")]
    [InlineData(400, "LogStoreWithoutShard", "stop", "stop")]
    [InlineData(400, "LogStoreAlreadyExist", "stop", "stop")]
    [InlineData(400, "LogStoreInfoInvalid", "stop", "stop")]
    [InlineData(400, "ProjectAlreadyExist", "stop", "stop")]
    [InlineData(400, "ProjectQuotaExceed", "stop", "stop")]
    [InlineData(400, "ConsumerGroupAlreadyExist", "stop", "stop")]
    [InlineData(400, "JsonInfoInvalid", "stop", "stop")]
    [InlineData(400, "InvalidShardCheckPoint", "stop", "stop")]
    [InlineData(400, "InvalidQueryString", "stop", "stop")]
    [InlineData(400, "InvalidTimeRange", "stop", "stop")]
    [InlineData(400, "InvalidOffset", "stop", "stop")]
    [InlineData(400, "InvalidLine", "stop", "stop")]
    [InlineData(400, "InvalidReverse", "stop", "stop")]
    [InlineData(404, "IndexConfigNotExist", "stop", "stop")]
    [InlineData(400, "IndexAlreadyExist", "stop", "stop")]
    [InlineData(404, "DashboardNotExist", "stop", "stop")]
    [InlineData(404, "ChartNotExist", "stop", "stop")]
    [InlineData(404, "SavedSearchNotExist", "stop", "stop")]
    [InlineData(404, "JobNotExist", "stop", "stop")]
    [InlineData(400, "JobAlreadyExist", "stop", "stop")]
    [InlineData(404, "LoggingNotExist", "stop", "stop")]
    [InlineData(404, "PolicyNotExist", "stop", "stop")]
    [InlineData(400, "ExceedQuota", "stop", "stop")]
    [InlineData(501, "NotImplemented", "stop", "stop")]
    [InlineData(401, "Unauthorized", "stop", "stop")]
    [InlineData(401, "SignatureNotMatch", "stop", "stop")]
    [InlineData(401, "InvalidAccessKeyId", "stop", "stop")]
    [InlineData(403, "ProjectForbidden", "stop", "stop")]
    [InlineData(404, "ProjectNotExist", "stop", "stop")]
    [InlineData(404, "LogStoreNotExist", "stop", "stop")]
    [InlineData(404, "ConsumerGroupNotExist", "stop", "stop")]
    [InlineData(404, "ConfigNotExist", "stop", "stop")]
    [InlineData(404, "GroupNotExist", "stop", "stop")]
    // Quotas: it took no effect, so every request is sent again.
    [InlineData(403, "WriteQuotaExceed", "again", "again")]
    [InlineData(403, "ReadQuotaExceed", "again", "again")]
    [InlineData(403, "ShardWriteQuotaExceed", "again", "again")]
    [InlineData(403, "ShardReadQuotaExceed", "again", "again")]
    [InlineData(403, "MetaOperationQpsLimitExceeded", "again", "again")]
    [InlineData(429, "Http429", "again", "again")]
    // Inner errors: it may have taken effect, so only what may be repeated is.
    [InlineData(500, "InternalServerError", "again", "stop")]
    [InlineData(500, "RequestTimeout", "again", "stop")]
    [InlineData(503, "ServerBusy", "again", "stop")]
    [InlineData(502, "Http502", "again", "stop")]
    [InlineData(504, "Http504", "again", "stop")]
    // The clock is corrected, then it is sent once more.
    [InlineData(400, "RequestTimeExpired", "again", "again")]
    public void Every_documented_code_has_its_decision(int status, string code, string repeatable, string once)
    {
        var failure = SlsFailure.Of(code, status, retryAfter: null);

        Assert.Equal(repeatable, Decide(failure, Repeat.Always));
        Assert.Equal(once, Decide(failure, Repeat.OnlyIfRefused));
    }

    [Fact]
    public void For_sends_again_what_never_left()
    {
        Assert.Equal("again", Decide(SlsFailure.NotSent, Repeat.OnlyIfRefused));
        Assert.Equal("stop", Decide(SlsFailure.NoAnswer, Repeat.OnlyIfRefused));
        Assert.Equal("again", Decide(SlsFailure.NoAnswer, Repeat.Always));
    }

    [Fact]
    public void For_corrects_the_clock_only_once()
    {
        var expired = SlsFailure.Of("RequestTimeExpired", 400, null);

        var second = SlsRetry.For(expired, Repeat.Always, Backoff, attempt: 2, draw: 0.5, TimeSpan.MaxValue);

        Assert.IsType<RetryDecision.Stop>(second);
    }

    [Fact]
    public void For_keeps_the_pause_that_the_service_asks_for()
    {
        var busy = SlsFailure.Of("ServerBusy", 503, TimeSpan.FromSeconds(11));

        var decision = SlsRetry.For(busy, Repeat.Always, Backoff, attempt: 1, draw: 0.5, TimeSpan.MaxValue);

        Assert.Equal(TimeSpan.FromSeconds(11), Assert.IsType<RetryDecision.Again>(decision).After);
    }

    [Fact]
    public void For_never_goes_past_the_deadline()
    {
        var busy = SlsFailure.Of("ServerBusy", 503, null);

        var decision = SlsRetry.For(busy, Repeat.Always, Backoff, attempt: 4, draw: 0.9, TimeSpan.FromSeconds(5));

        Assert.IsType<RetryDecision.Stop>(decision);
    }

    private static string Decide(SlsFailure failure, Repeat repeat) =>
        SlsRetry.For(failure, repeat, Backoff, attempt: 1, draw: 0.5, TimeSpan.MaxValue) switch
        {
            RetryDecision.Again => "again",
            _ => "stop",
        };
}
