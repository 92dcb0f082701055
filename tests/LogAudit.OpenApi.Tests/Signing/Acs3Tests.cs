using LogAudit.Testing;

namespace LogAudit.OpenApi.Tests.Signing;

public sealed class Acs3Tests
{
    public static TheoryData<string> Vectors() =>
        [.. SignatureVector.Of("ACS3-HMAC-SHA256").Select(vector => vector.Id)];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Authorization_equals_what_the_official_client_sent(string id)
    {
        var vector = SignatureVector.Named(id);
        var (path, query) = Split(vector.Target);

        var (canonical, _) = Acs3.Canonical(vector.Method, path, query, vector.Headers);
        var authorization = Acs3.Authorization(vector.Method, path, query, vector.Headers, vector.Key);

        Assert.Equal(vector.CanonicalRequest, canonical);
        Assert.Equal(vector.Authorization, authorization);
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Hash_equals_the_hash_that_the_official_client_sent(string id)
    {
        var vector = SignatureVector.Named(id);

        Assert.Equal(vector.Headers["x-acs-content-sha256"], Acs3.Hash(vector.Body));
    }

    [Fact]
    public void Sign_signs_what_it_sends()
    {
        var call = World.Describe() with
        {
            Parameters = ApiParameters.Of(("RegionId", "cn-hangzhou"), ("Name", "a b*c~&=审计"), ("Empty", "")),
        };
        var key = new Credentials("id", new Secret("secret"), new Secret("token"), Expires: null);

        var request = new OpenApiExchange(call, "slb.aliyuncs.com").Sign(key, DateTimeOffset.UnixEpoch);

        var (path, query) = Split(request.PathAndQuery);
        var headers = request.Headers.Append(new("host", "slb.aliyuncs.com"));
        Assert.Equal(
            Acs3.Authorization("POST", path, query, headers, key),
            request.Headers.Single(header => header.Key == "Authorization").Value
        );
        Assert.Equal("Empty=&Name=a%20b%2Ac~%26%3D%E5%AE%A1%E8%AE%A1&RegionId=cn-hangzhou", query);
        Assert.Equal("id", request.Headers.Single(header => header.Key == "x-acs-accesskey-id").Value);
    }

    [Fact]
    public void Sign_gives_every_try_a_nonce_of_its_own()
    {
        var exchange = new OpenApiExchange(World.Describe(), "slb.aliyuncs.com");
        var key = new Credentials("id", new Secret("secret"), SecurityToken: null, Expires: null);

        var nonces = Enumerable
            .Range(0, 100)
            .Select(_ => exchange.Sign(key, DateTimeOffset.UnixEpoch))
            .Select(request => request.Headers.Single(header => header.Key == "x-acs-signature-nonce").Value);

        Assert.Equal(100, nonces.Distinct().Count());
    }

    /// <summary>Path and query as signed: decoded from the wire and encoded again, as a server does.</summary>
    internal static (string Path, string Query) Split(string target, bool bareEmpty = false)
    {
        var at = target.IndexOf('?', StringComparison.Ordinal);
        var parameters = at < 0 ? [] : target[(at + 1)..].Split('&').Select(Pair);
        return (
            PercentEncoding.EncodePath(Uri.UnescapeDataString(at < 0 ? target : target[..at])),
            PercentEncoding.Query(parameters, bareEmpty)
        );
    }

    private static KeyValuePair<string, string> Pair(string text)
    {
        var parts = text.Split('=', 2);
        return new(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
