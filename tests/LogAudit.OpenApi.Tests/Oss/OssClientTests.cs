namespace LogAudit.OpenApi.Tests.Oss;

public sealed class OssClientTests
{
    private readonly World world = new();

    [Fact]
    public async Task ListBucketsAsync_follows_the_markers()
    {
        world
            .Service.Answers(200, Page("true", "b-2", Bucket("b-1", "cn-hangzhou"), Bucket("b-2", "cn-beijing")))
            .Answers(200, Page("false", "", "<Bucket><Name>b-3</Name><Location>oss-eu-central-1</Location></Bucket>"));

        var buckets = await List();

        Assert.Equal(
            ["b-1 cn-hangzhou", "b-2 cn-beijing", "b-3 eu-central-1"],
            buckets.Select(bucket => $"{bucket.Name} {bucket.Region}")
        );
        Assert.Equal("?marker=b-2&max-keys=1000", world.Service.Requests[1].Uri.Query);
        Assert.Equal("oss-cn-hangzhou.aliyuncs.com", world.Service.Requests[0].Host);
    }

    [Theory]
    [InlineData("<html/>")]
    [InlineData("not xml")]
    [InlineData("<ListAllMyBucketsResult><IsTruncated>false</IsTruncated></ListAllMyBucketsResult>")]
    [InlineData("<ListAllMyBucketsResult><IsTruncated>true</IsTruncated><Buckets/></ListAllMyBucketsResult>")]
    [InlineData("<ListAllMyBucketsResult><Buckets><Bucket><Name>b</Name></Bucket></Buckets></ListAllMyBucketsResult>")]
    [InlineData("<!DOCTYPE a [<!ENTITY b 'c'>]><ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>")]
    public async Task ListBucketsAsync_never_takes_an_unreadable_answer_for_an_empty_list(string body)
    {
        world.Service.Answers(200, body);

        var failure = await Assert.ThrowsAsync<OpenApiException>(List);

        Assert.Equal(ClientErrorCodes.UnreadableAnswer, failure.Code);
    }

    [Fact]
    public async Task ListBucketsAsync_reads_an_empty_list()
    {
        world.Service.Answers(200, Page("false", ""));

        Assert.Empty(await List());
    }

    [Fact]
    public async Task ListBucketsAsync_reports_the_error_of_the_service()
    {
        world.Service.Answers(
            403,
            "<Error><Code>AccessDenied</Code><Message>no</Message><RequestId>r-1</RequestId><HostId>h</HostId></Error>"
        );

        var failure = await Assert.ThrowsAsync<OpenApiException>(List);

        Assert.True(failure.IsDenied);
        Assert.Equal("r-1", failure.RequestId);
    }

    [Fact]
    public async Task GetBucketTagsAsync_reads_the_tags_of_the_bucket_host()
    {
        world.Service.Answers(
            200,
            "<Tagging><TagSet><Tag><Key>env</Key><Value>prod</Value></Tag><Tag><Key>a</Key><Value/></Tag></TagSet></Tagging>"
        );

        var tags = await world.Oss().GetBucketTagsAsync(World.Member, World.Hangzhou, "b-1", default);

        Assert.Equal("prod", tags["env"]);
        Assert.Equal("", tags["a"]);
        Assert.Equal("b-1.oss-cn-hangzhou.aliyuncs.com", world.Service.Requests[0].Host);
        Assert.Equal("?tagging", world.Service.Requests[0].Uri.Query);
    }

    private async Task<List<OssBucket>> List()
    {
        var buckets = new List<OssBucket>();
        await foreach (var bucket in world.Oss().ListBucketsAsync(World.Member, World.Hangzhou, default))
        {
            buckets.Add(bucket);
        }

        return buckets;
    }

    private static string Page(string truncated, string marker, params string[] buckets) =>
        $"<?xml version=\"1.0\"?><ListAllMyBucketsResult><Owner><ID>1</ID></Owner><IsTruncated>{truncated}</IsTruncated><NextMarker>{marker}</NextMarker><Buckets>{string.Concat(buckets)}</Buckets></ListAllMyBucketsResult>";

    private static string Bucket(string name, string region) =>
        $"<Bucket><Name>{name}</Name><Location>oss-{region}</Location><Region>{region}</Region><StorageClass>Standard</StorageClass></Bucket>";
}
