using System.Text.Json;
using System.Web;
using LogAudit.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LogAudit.OpenApi.Tests.Identity;

public sealed class EnvironmentIdentityTests : IDisposable
{
    private const string Secret = "PLANTED5ecret";
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider time = new(Begin);
    private readonly Service service = new();

    [Fact]
    public async Task Key_pair_goes_before_everything_else()
    {
        var identity = Find(
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", "own"),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", Secret),
            ("ALIBABA_CLOUD_ECS_METADATA", "forwarder")
        );

        Assert.Equal("own", (await identity.GetAsync(default)).AccessKeyId);
        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task Role_of_an_instance_is_asked_for_with_the_token_of_its_metadata_service()
    {
        service.Answers(200, "metadata-token").Answers(200, Session("k1", Begin.AddHours(1)));
        var identity = Find(("ALIBABA_CLOUD_ECS_METADATA", "forwarder"));

        var key = await identity.GetAsync(default);

        Assert.Equal(("k1", $"{Secret}-token"), (key.AccessKeyId, key.SecurityToken!.Reveal()));
        Assert.Equal(
            [
                "PUT http://100.100.100.200/latest/api/token",
                "GET http://100.100.100.200/latest/meta-data/ram/security-credentials/forwarder",
            ],
            service.Requests.Select(asked => $"{asked.Method} {asked.Uri}")
        );
        Assert.Equal("21600", service.Requests[0].Headers["X-aliyun-ecs-metadata-token-ttl-seconds"]);
        Assert.Equal("metadata-token", service.Requests[1].Headers["X-aliyun-ecs-metadata-token"]);
    }

    [Fact]
    public async Task Role_of_a_cluster_is_asked_for_with_the_token_that_the_file_holds_at_that_moment()
    {
        var file = Path.GetTempFileName();
        try
        {
            var identity = Find(
                ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1000000000000001:role/forwarder"),
                ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1000000000000001:oidc-provider/ack"),
                ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", file),
                ("ALIBABA_CLOUD_STS_REGION", "cn-hangzhou"),
                ("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "true")
            );
            service.Answers(200, $$"""{"Credentials":{{Session("k1", Begin.AddHours(1))}}}""");
            service.Answers(200, $$"""{"Credentials":{{Session("k2", Begin.AddHours(2))}}}""");
            await File.WriteAllTextAsync(file, "first\n");
            var first = await identity.GetAsync(default);
            await File.WriteAllTextAsync(file, "second\n");
            time.SetUtcNow(Begin.AddMinutes(50));

            var second = await identity.GetAsync(default);

            Assert.Equal(("k1", "k2"), (first.AccessKeyId, second.AccessKeyId));
            Assert.Equal("sts-vpc.cn-hangzhou.aliyuncs.com", service.Requests[0].Uri.Host);
            Assert.Equal(
                ["first", "second"],
                service.Requests.Select(asked => HttpUtility.ParseQueryString(asked.Body)["OIDCToken"])
            );
        }
        finally
        {
            File.Delete(file);
        }
    }

    [PeerFact("reference")]
    public async Task Request_for_a_role_of_a_cluster_has_the_parameters_of_the_metadata()
    {
        var file = Path.GetTempFileName();
        try
        {
            service.Answers(200, $$"""{"Credentials":{{Session("k1", Begin.AddHours(1))}}}""");
            await Find(
                    ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1000000000000001:role/forwarder"),
                    ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1000000000000001:oidc-provider/ack"),
                    ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", file)
                )
                .GetAsync(default);
        }
        finally
        {
            File.Delete(file);
        }

        var asked = Assert.Single(service.Requests);
        Assert.Equal("sts.aliyuncs.com", asked.Uri.Host);
        Assert.Equal(
            ["Action=AssumeRoleWithOIDC", "Version=2015-04-01", "Format=JSON", "Timestamp=2026-03-02T08%3A00%3A00Z"],
            asked.Uri.Query.TrimStart('?').Split('&')
        );
        using var meta = JsonDocument.Parse(
            await File.ReadAllTextAsync(
                Path.Combine(Peers.Reference!, "openapi-meta", "sts", "AssumeRoleWithOIDC.json")
            )
        );
        var known = meta.RootElement.GetProperty("parameters").EnumerateArray();
        Assert.Subset(
            known.Select(parameter => parameter.GetProperty("name").GetString()).ToHashSet(),
            HttpUtility.ParseQueryString(asked.Body).AllKeys.ToHashSet()
        );
    }

    [Fact]
    public async Task Session_is_renewed_before_it_ends_and_an_old_one_serves_while_renewal_fails()
    {
        service
            .Answers(200, Session("k1", Begin.AddHours(1)))
            .Answers(503, "busy")
            .Answers(200, Session("k2", Begin.AddHours(2)));
        var identity = Find(("ALIBABA_CLOUD_CREDENTIALS_URI", "http://127.0.0.1:6666/key?of=me"));

        var keys = new List<string>();
        foreach (var minutes in new[] { 0, 44, 46, 46, 48, 90 })
        {
            time.SetUtcNow(Begin.AddMinutes(minutes));
            keys.Add((await identity.GetAsync(default)).AccessKeyId);
        }

        Assert.Equal(["k1", "k1", "k1", "k1", "k2", "k2"], keys);
        Assert.Equal(3, service.Requests.Count);
    }

    [Theory]
    [InlineData(403, """{"Code":"Forbidden","Message":"not yours"}""", "403 Forbidden not yours")]
    [InlineData(200, """{"Code":"Failed","AccessKeySecret":"PLANTED5ecret"}""", "no complete session (Code Failed)")]
    [InlineData(200, "<html>", "200.")]
    public async Task Answer_without_a_session_says_who_gave_it_and_what_it_said(int status, string body, string said)
    {
        service.Answers(status, body);
        var identity = Find(("ALIBABA_CLOUD_CREDENTIALS_URI", "http://127.0.0.1:6666/key?token=PLANTED5ecret"));

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(async () => await identity.GetAsync(default));

        Assert.StartsWith("http://127.0.0.1:6666/key gave no credentials", fault.Message, StringComparison.Ordinal);
        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Environment_without_identity_is_told_every_way()
    {
        var fault = Assert.Throws<InvalidOperationException>(() => Find(("ALIBABA_CLOUD_ACCESS_KEY_ID", "alone")));

        Assert.Contains("ALIBABA_CLOUD_ACCESS_KEY_SECRET", fault.Message, StringComparison.Ordinal);
        Assert.Contains("ALIBABA_CLOUD_ECS_METADATA", fault.Message, StringComparison.Ordinal);
        Assert.Contains("ALIBABA_CLOUD_OIDC_TOKEN_FILE", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose() => service.Dispose();

    private ICredentialSource Find(params (string Name, string Value)[] variables) =>
        EnvironmentIdentity.Find(name => variables.FirstOrDefault(one => one.Name == name).Value, time, service);

    private static string Session(string id, DateTimeOffset expires) =>
        $$"""
            {"Code":"Success","AccessKeyId":"{{id}}","AccessKeySecret":"{{Secret}}","SecurityToken":"{{Secret}}-token","Expiration":"{{expires:yyyy-MM-dd'T'HH:mm:ss'Z'}}","LastUpdated":"x"}
            """;
}
