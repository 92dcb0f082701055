using System.Security.Cryptography;
using System.Text.Json;
using LogAudit.Testing;

namespace LogAudit.Sls.Tests.Signing;

public sealed class SlsSignatureTests
{
    public static TheoryData<string> V4 { get; } = Ids("SLS4-HMAC-SHA256");

    public static TheoryData<string> V1 { get; } = Ids("SLS-v1-hmac-sha1", "SLS-v1-hmac-sha256");

    public static TheoryData<string> Go { get; } =
    ["go-sls4-case1", "go-sls4-case2", "go-sls4-case4", "go-sls-v1-get", "go-sls-v1-protobuf"];

    [Theory]
    [MemberData(nameof(V4))]
    public void Version_4_signs_as_the_official_client_did(string id)
    {
        var vector = SignatureVector.Named(id);
        var request = Request(vector);

        Assert.Equal(vector.CanonicalRequest, SignatureV4.Canonical(request));
        Assert.Equal(vector.Authorization, SignatureV4.Authorization(vector.Key, new RegionId("cn-hangzhou"), request));
    }

    [Theory]
    [MemberData(nameof(V1))]
    public void Version_1_signs_as_the_official_client_did(string id)
    {
        var vector = SignatureVector.Named(id);
        var request = Request(vector);

        Assert.Equal(vector.StringToSign, SignatureV1.StringToSign(request));
        Assert.Equal(vector.Authorization, SignatureV1.Authorization(vector.Key, request));
    }

    [Theory]
    [MemberData(nameof(Go))]
    public void Signatures_equal_those_in_the_tests_of_the_official_Go_client(string id)
    {
        using var document = SignatureVector.Document();
        var vector = document
            .RootElement.GetProperty("vectors")
            .EnumerateArray()
            .Single(one => one.GetProperty("id").GetString() == id);
        var key = vector.GetProperty("credentials");
        Credentials credentials = new(
            key.GetProperty("accessKeyId").GetString()!,
            new Secret(key.GetProperty("accessKeySecret").GetString()!),
            null,
            null
        );
        var headers = Texts(vector.GetProperty("headers"));
        var body = vector.TryGetProperty("bodyText", out var text)
            ? System.Text.Encoding.UTF8.GetBytes(text.GetString()!)
            : vector.GetProperty("bodyBase64").GetBytesFromBase64();
        headers["x-log-content-sha256"] = Convert.ToHexStringLower(SHA256.HashData(body));
        var v4 = id.StartsWith("go-sls4", StringComparison.Ordinal);
        if (!v4)
        {
            headers.Remove("x-log-content-sha256");
        }

        SignedRequest request = new(
            vector.GetProperty("method").GetString()!,
            vector.GetProperty("path").GetString()!,
            [.. Texts(vector.GetProperty("query")).Select(one => (one.Key, one.Value))],
            headers
        );

        var authorization = v4
            ? SignatureV4.Authorization(credentials, new RegionId(vector.GetProperty("region").GetString()!), request)
            : SignatureV1.Authorization(credentials, request);

        Assert.EndsWith(vector.GetProperty("signature").GetString()!, authorization, StringComparison.Ordinal);
    }

    [Fact]
    public void Content_md5_is_that_of_the_recorded_request()
    {
        var vector = SignatureVector.Named("sls-v1-create-index-sts");

        Assert.Equal(vector.Headers["content-md5"], SignatureV1.ContentMd5(vector.Body));
    }

    private static TheoryData<string> Ids(params string[] schemes) =>
        [
            .. schemes
                .SelectMany(SignatureVector.Of)
                .Where(vector => vector.Signature.Length > 0)
                .Select(vector => vector.Id),
        ];

    private static Dictionary<string, string> Texts(JsonElement map) =>
        map.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetString()!, StringComparer.Ordinal);

    private static SignedRequest Request(SignatureVector vector)
    {
        var parts = vector.Target.Split('?', 2);
        var query = parts.Length == 1 || parts[1].Length == 0 ? [] : parts[1].Split('&');
        return new(
            vector.Method,
            parts[0],
            [
                .. query
                    .Select(one => one.Split('=', 2))
                    .Select(one => (one[0], one.Length == 1 ? "" : Uri.UnescapeDataString(one[1]))),
            ],
            vector.Headers.ToDictionary(one => one.Key.ToLowerInvariant(), one => one.Value, StringComparer.Ordinal)
        );
    }
}
