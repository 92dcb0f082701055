using LogAudit.LocalCloud.Kms;
using LogAudit.Testing;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary>A secret of KMS, read by the function's own role with the generated rights.</summary>
public sealed class KmsSecretTests
{
    private const string Planted = "Bearer PLANTED5ecret0000000000000001";

    [Fact]
    public async Task Sync_reads_the_secret_that_the_settings_name()
    {
        await using var soc = new HttpSoc(_ => new SocAnswer(200));
        await using var cloud = await StartAsync(Named("kms:soc/token"));

        var (ok, answer) = await SweepAsync(cloud, soc);

        Assert.True(ok, answer + cloud.Output("sync"));
        Assert.All(soc.Requests, request => Assert.Equal(Planted, request.Headers["Authorization"]));
        Assert.NotEmpty(soc.Requests);
        Assert.DoesNotContain("PLANTED", cloud.Output("sync"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Role_without_the_right_to_that_secret_keeps_the_records_and_says_so()
    {
        await using var soc = new HttpSoc(_ => new SocAnswer(200));
        await using var cloud = await StartAsync(Named("kms:soc/other"));

        var (ok, answer) = await SweepAsync(cloud, soc);

        Assert.False(ok);
        Assert.Contains("kms:GetSecretValue", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("PLANTED", answer + cloud.Output("sync"), StringComparison.Ordinal);
        Assert.Empty(soc.Requests);
    }

    private static async Task<FunctionCloud> StartAsync(DestinationSettings destination)
    {
        var cloud = await FunctionCloud.StartAsync(
            seed: 1,
            change: settings => settings with { Destinations = [destination] }
        );
        cloud.Cloud.Services.Get<KmsService>().Put(FunctionCloud.Uid, FunctionCloud.Region, "soc/token", Planted);
        return cloud;
    }

    private static async Task<(bool Ok, string Answer)> SweepAsync(FunctionCloud cloud, HttpSoc soc)
    {
        await cloud.DeployAsync("sync", FunctionCloud.Central + Destination(soc.Address));
        new MarkedRecords(cloud, seed: 1).Append("rds_log", groups: 1, perGroup: 3);
        return await cloud.SweepAsync();
    }

    private static DestinationSettings Named(string authorization) =>
        new()
        {
            Name = "soc",
            Sink = "webhook",
            Format = "json",
            Options = new Dictionary<string, string>(StringComparer.Ordinal) { ["authorization"] = authorization },
        };

    private static string Destination(Uri address) =>
        $"""
            destinations:
              - name: soc
                sink: webhook
                format: json
                options:
                  address: {address}
                  authorization: kms:soc/token

            """;
}
