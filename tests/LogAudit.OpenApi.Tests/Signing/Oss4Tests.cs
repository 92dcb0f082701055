using LogAudit.Testing;

namespace LogAudit.OpenApi.Tests.Signing;

public sealed class Oss4Tests
{
    public static TheoryData<string> Vectors() =>
        [.. SignatureVector.Of("OSS4-HMAC-SHA256").Select(vector => vector.Id)];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Authorization_equals_what_the_official_client_sent(string id)
    {
        var vector = SignatureVector.Named(id);
        var (_, query) = Acs3Tests.Split(vector.Target, bareEmpty: true);
        var host = vector.Headers["Host"];
        var resource = host.StartsWith("oss-", StringComparison.Ordinal) ? "/" : $"/{host.Split('.')[0]}/";

        var canonical = Oss4.Canonical(vector.Method, resource, query, vector.Headers);
        var authorization = Oss4.Authorization(
            vector.Method,
            resource,
            query,
            vector.Headers.ToList(),
            "cn-hangzhou",
            vector.Key
        );

        Assert.Equal(vector.CanonicalRequest, canonical);
        Assert.Equal(vector.Authorization, authorization);
    }

    [Fact]
    public void Date_is_written_as_the_official_client_writes_it() =>
        Assert.Equal("20260115T083045Z", Oss4.Date(new DateTimeOffset(2026, 1, 15, 8, 30, 45, TimeSpan.Zero)));
}
