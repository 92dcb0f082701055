namespace LogAudit.Collection.Tests.Runs;

public sealed class RunJsonTests
{
    [Fact]
    public void Digest_does_not_depend_on_the_ids_of_refused_requests()
    {
        var first = Report("Oss:ListBuckets failed: HTTP 403, AccessDenied, request id 552C15DDBDD79B75042F5547.");
        var again = Report("Oss:ListBuckets failed: HTTP 403, AccessDenied, request id 01B777BB338E86BBC9E64C6D.");
        var other = Report("Rds:DescribeDBInstances failed: HTTP 403, request id 01B777BB338E86BBC9E64C6D.");

        Assert.Equal(RunJson.Digest(first), RunJson.Digest(again));
        Assert.NotEqual(RunJson.Digest(first), RunJson.Digest(other));
    }

    private static RunReport Report(string unknown) =>
        new()
        {
            Run = Guid.NewGuid().ToString("N"),
            Road = "timer",
            Full = true,
            Started = DateTimeOffset.UnixEpoch,
            Ended = DateTimeOffset.UnixEpoch,
            Coverage = [],
            Writes = 0,
            Unknown = [unknown],
            Errors = [],
            Findings = [],
        };
}
