using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Tests.Kernel;

/// <summary>
/// What other people's clients signed, LocalCloud accepts; with one byte changed it refuses. Each recorded request goes
/// through the same code as a request from the wire.
/// </summary>
public sealed class SignatureVectorTests
{
    public static TheoryData<string> Recorded => Vector.Ids(vector => vector.Json["request"] is not null);

    public static TheoryData<string> ComputedV4 =>
        Vector.Ids(vector => vector.Id.StartsWith("go-sls4", StringComparison.Ordinal));

    public static TheoryData<string> ComputedV1 =>
        Vector.Ids(vector => vector.Id.StartsWith("go-sls-v1", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Authenticate_accepts_what_official_clients_sent(string id)
    {
        var vector = Vector.Find(id);
        using var cloud = new DisposableCloud(vector.Cloud());

        var caller = Authenticate(vector.Request(cloud.Value));

        Assert.Equal("1000000000000001", caller.Account.Id);
        Assert.Equal(vector.AccessKeyId, caller.AccessKeyId);
    }

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Authenticate_refuses_another_method(string id)
    {
        var vector = Vector.Find(id);
        using var cloud = new DisposableCloud(vector.Cloud());
        var method = vector.Method == "GET" ? "DELETE" : "GET";
        var headers = vector.Headers;
        if (vector.Text("authorization") is { } authorization)
        {
            headers["Authorization"] = authorization;
        }

        var refused = Assert.Throws<CloudError>(() =>
            Authenticate(Requests.Make(cloud.Value, method, vector.Target, headers, vector.Body))
        );

        Assert.Contains(refused.Code, (string[])["SignatureDoesNotMatch", "SignatureNotMatch"]);
    }

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Authenticate_refuses_a_key_with_another_secret(string id)
    {
        var vector = Vector.Find(id);
        using var cloud = new DisposableCloud(new Cloud(new() { Clock = Clock(vector.Time) }));
        var account = cloud.Value.AddAccount("1000000000000001", "vectors");
        cloud.Value.Keys.Add(new AccessKey(vector.AccessKeyId, "AnotherSecret", account));

        var refused = Assert.Throws<CloudError>(() => Authenticate(vector.Request(cloud.Value)));

        Assert.Contains(refused.Code, (string[])["SignatureDoesNotMatch", "SignatureNotMatch"]);
    }

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Authenticate_refuses_a_clock_that_is_16_minutes_off(string id)
    {
        var vector = Vector.Find(id);
        using var cloud = new DisposableCloud(vector.Cloud());
        ((Microsoft.Extensions.Time.Testing.FakeTimeProvider)cloud.Value.Clock).Advance(TimeSpan.FromMinutes(16));

        var refused = Assert.Throws<CloudError>(() => Authenticate(vector.Request(cloud.Value)));

        Assert.Contains(
            refused.Code,
            (string[])["InvalidTimeStamp.Expired", "RequestTimeExpired", "RequestTimeTooSkewed"]
        );
    }

    [Theory]
    [MemberData(nameof(ComputedV4))]
    public void CanonicalRequestV4_gives_the_signatures_of_the_Go_client(string id)
    {
        var vector = Vector.Find(id);
        using var cloud = new DisposableCloud(vector.Cloud());
        var headers = vector.Headers;
        var hash = Signatures.Sha256Hex(vector.Body);
        headers["x-log-content-sha256"] = hash;
        var query = string.Join(
            '&',
            ((Newtonsoft.Json.Linq.JObject)vector.Json["query"]!)
                .Properties()
                .Select(p => $"{Uri.EscapeDataString(p.Name)}={Uri.EscapeDataString((string)p.Value!)}")
        );
        var request = Requests.Make(cloud.Value, vector.Method, $"{vector.Target}?{query}", headers, vector.Body);

        var date = headers["x-log-date"];
        var (day, region) = (date[..8], vector.Text("region")!);
        var canonical = Signatures.Sha256Hex(SlsAuthentication.CanonicalRequestV4(request, hash, WireEncoding.Strict));
        var stringToSign = $"SLS4-HMAC-SHA256\n{date}\n{day}/{region}/sls/aliyun_v4_request\n{canonical}";
        var key = Signatures.DerivedKey(vector.Secret, day, region, "sls");

        Assert.Equal(vector.Text("signature"), Convert.ToHexStringLower(Signatures.Hmac256(key, stringToSign)));
    }

    [Theory]
    [MemberData(nameof(ComputedV1))]
    public void SignV1_gives_the_signatures_of_the_Go_client(string id)
    {
        var vector = Vector.Find(id);
        using var cloud = new DisposableCloud(vector.Cloud());
        var request = Requests.Make(cloud.Value, vector.Method, vector.Target, vector.Headers, vector.Body);

        var stringToSign = Assert.Single(SlsAuthentication.StringsToSignV1(request));

        Assert.Equal(vector.Text("signature"), SlsAuthentication.SignV1(stringToSign, vector.Secret, "hmac-sha1"));
    }

    [Fact]
    public void Authenticate_accepts_the_unescaped_form_of_the_npm_gateway()
    {
        var vector = Vector.Find("sls-v4-get-logs-v1-sts");
        using var cloud = new DisposableCloud(vector.Cloud());
        var headers = vector.Headers;
        headers["Authorization"] = vector.Text("authorizationSentByNpmSdk")!;

        var caller = SlsAuthentication.Authenticate(
            Requests.Make(cloud.Value, vector.Method, vector.Target, headers, vector.Body)
        );

        Assert.Equal(vector.AccessKeyId, caller.AccessKeyId);
    }

    [Fact]
    public void Authenticate_refuses_a_nonce_that_was_used()
    {
        var vector = Vector.Find("acs3-rpc-query");
        using var cloud = new DisposableCloud(vector.Cloud());
        Authenticate(vector.Request(cloud.Value));

        var refused = Assert.Throws<CloudError>(() => Authenticate(vector.Request(cloud.Value)));

        Assert.Equal("SignatureNonceUsed", refused.Code);
    }

    private static Microsoft.Extensions.Time.Testing.FakeTimeProvider Clock(DateTimeOffset time) => new(time);

    private static Caller Authenticate(CloudRequest request)
    {
        var host = request.Host;
        if (host.EndsWith(".log.aliyuncs.com", StringComparison.Ordinal))
        {
            return SlsAuthentication.Authenticate(request);
        }
        if (host.Contains("oss-", StringComparison.Ordinal))
        {
            var bucket = host.StartsWith("oss-", StringComparison.Ordinal) ? "" : host.Split('.')[0];
            return OssAuthentication.Authenticate(request, bucket);
        }
        return new ApiAuthentication(request.Cloud).Authenticate(request, ApiMessage.Read(request));
    }

    private sealed class DisposableCloud(Cloud cloud) : IDisposable
    {
        public Cloud Value { get; } = cloud;

        public void Dispose() => Value.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
