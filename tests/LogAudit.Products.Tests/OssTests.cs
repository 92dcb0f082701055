using LogAudit.OpenApi;
using LogAudit.Testing;

namespace LogAudit.Products.Tests;

public sealed class OssTests
{
    private const string FirstPage = """
        <ListAllMyBucketsResult><IsTruncated>true</IsTruncated><NextMarker>b</NextMarker><Buckets>
        <Bucket><Name>a</Name><Region>cn-hangzhou</Region></Bucket><Bucket><Name>b</Name><Location>oss-cn-nanjing</Location></Bucket>
        </Buckets></ListAllMyBucketsResult>
        """;

    private const string LastPage = """
        <ListAllMyBucketsResult><IsTruncated>false</IsTruncated><Buckets>
        <Bucket><Name>c</Name><Region>ap-southeast-1</Region><StorageClass>IA</StorageClass></Bucket>
        </Buckets></ListAllMyBucketsResult>
        """;

    [Fact]
    public async Task ListAsync_reads_the_buckets_of_all_regions_once()
    {
        var cloud = Buckets();

        var buckets = await cloud.Handler("oss").ListAsync(Cloud.All, default).ToListAsync();

        Assert.Equal(
            ["a cn-hangzhou", "b cn-nanjing", "c ap-southeast-1"],
            buckets.Select(bucket => $"{bucket.Id} {bucket.Region}")
        );
        Assert.Equal(2, cloud.Exchanges.Seen.Count);
        Assert.False(cloud.Handler("oss").Spec.ListsPerRegion);
    }

    [Fact]
    public async Task ListAsync_keeps_to_the_ids_in_scope()
    {
        var buckets = await Buckets()
            .Handler("oss")
            .ListAsync(Cloud.All with { ResourceIds = ["c", "gone"] }, default)
            .ToListAsync();

        Assert.Equal("c", Assert.Single(buckets).Id);
    }

    [Theory]
    [InlineData(403, "AccessDenied")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task ListAsync_throws_when_the_list_is_refused_and_never_says_no_buckets(int status, string code)
    {
        var cloud = new Cloud();
        cloud.Exchanges.When(
            _ => true,
            _ => Reply.Xml($"<Error><Code>{code}</Code><Message>no</Message></Error>", status)
        );

        var refusal = await Assert.ThrowsAsync<OpenApiException>(async () =>
            await cloud.Handler("oss").ListAsync(Cloud.All, default).ToListAsync()
        );

        Assert.Equal(code, refusal.Code);
    }

    [Theory]
    [InlineData("<ListAllMyBucketsResult/>")]
    [InlineData("<html/>")]
    [InlineData("no")]
    public async Task ListAsync_throws_when_the_answer_is_unreadable(string answer)
    {
        var cloud = new Cloud();
        cloud.Exchanges.When(_ => true, _ => Reply.Xml(answer));

        await Assert.ThrowsAsync<OpenApiException>(async () =>
            await cloud.Handler("oss").ListAsync(Cloud.All, default).ToListAsync()
        );
    }

    [Fact]
    public async Task ObserveAsync_says_which_buckets_the_log_is_not_offered_for()
    {
        var observed = await Buckets().ObserveAsync("oss", "access", Cloud.Target("oss_log"));

        Assert.IsType<Observation.Enabled>(observed["a"].State);
        Assert.Equal(new Observation.NotApplicable("cn-nanjing does not offer it"), observed["b"].State);
    }

    [Fact]
    public async Task Metering_is_a_policy_of_its_own_that_names_the_region_which_takes_it_first()
    {
        var observed = await Buckets().ObserveAsync("oss", "metering", Cloud.Target("oss_log"));

        Assert.IsType<Observation.Enabled>(observed["a"].State);
        Assert.Equal(
            new PolicyCodes("oss", "metering_log", Assumed: false) { NeedsDataRegion = true },
            Cloud.Kind("oss", "metering").Policy
        );
    }

    [Fact]
    public async Task WriteAsync_refuses_settings_that_OSS_does_not_have() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Buckets().Handler("oss").ReadAsync(new SettingRef("oss.x", Cloud.Account, Cloud.Region, "a"), default)
        );

    internal static Cloud Buckets()
    {
        var cloud = new Cloud();
        cloud.Exchanges.When(
            request => request.Host.StartsWith("oss-", StringComparison.Ordinal),
            request => Reply.Xml(request["marker"] is "b" ? LastPage : FirstPage)
        );
        return cloud;
    }
}
