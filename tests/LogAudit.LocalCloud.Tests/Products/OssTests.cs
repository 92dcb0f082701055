using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Sls;
using LogAudit.LocalCloud.Sls.Policies;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

public sealed class OssTests
{
    [Fact]
    public async Task ListBuckets_lists_the_own_buckets_of_all_regions_by_marker()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("oss", "bucket-a");
        cloud.Seed("oss", "bucket-b", "cn-shanghai");
        cloud.Seed("oss", "bucket-c");
        cloud.Seed("oss", "bucket-foreign", uid: ProductCloud.OtherUid);

        var (_, first) = await SendAsync(cloud, HttpMethod.Get, "", "cn-hangzhou", "max-keys=2");
        var (_, rest) = await SendAsync(
            cloud,
            HttpMethod.Get,
            "",
            "cn-hangzhou",
            $"marker={first.Element("NextMarker")!.Value}&max-keys=2"
        );

        Assert.Equal(["bucket-a", "bucket-b"], Names(first));
        Assert.Equal("cn-shanghai", first.Descendants("Region").Last().Value);
        Assert.Equal("true", first.Element("IsTruncated")!.Value);
        Assert.Equal(["bucket-c"], Names(rest));
        Assert.Equal("false", rest.Element("IsTruncated")!.Value);
    }

    [Fact]
    public async Task File_logging_is_put_read_and_deleted_within_account_and_region()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("oss", "bucket-a");
        cloud.Seed("oss", "target-a");
        cloud.Seed("oss", "target-far", "cn-shanghai");

        var put = await SendAsync(cloud, HttpMethod.Put, "bucket-a", "cn-hangzhou", "logging", Logging("target-a"));
        var (_, on) = await SendAsync(cloud, HttpMethod.Get, "bucket-a", "cn-hangzhou", "logging");
        var far = await SendAsync(cloud, HttpMethod.Put, "bucket-a", "cn-hangzhou", "logging", Logging("target-far"));
        var deleted = await SendAsync(cloud, HttpMethod.Delete, "bucket-a", "cn-hangzhou", "logging");
        var (_, off) = await SendAsync(cloud, HttpMethod.Get, "bucket-a", "cn-hangzhou", "logging");

        Assert.Equal((200, 400, 204), (put.Status, far.Status, deleted.Status));
        Assert.Equal("target-a", on.Descendants("TargetBucket").Single().Value);
        Assert.Equal("0032-00000010", far.Body.Element("EC")!.Value);
        Assert.Empty(off.Elements());
    }

    [Fact]
    public async Task A_bucket_is_made_tagged_described_and_deleted()
    {
        await using var cloud = await ProductCloud.StartAsync();

        var made = await SendAsync(cloud, HttpMethod.Put, "new-bucket", "cn-hangzhou", "");
        await SendAsync(
            cloud,
            HttpMethod.Put,
            "new-bucket",
            "cn-hangzhou",
            "tagging",
            "<Tagging><TagSet><Tag><Key>env</Key><Value>prod</Value></Tag></TagSet></Tagging>"
        );
        var (_, tags) = await SendAsync(cloud, HttpMethod.Get, "new-bucket", "cn-hangzhou", "tagging");
        var (_, info) = await SendAsync(cloud, HttpMethod.Get, "new-bucket", "cn-hangzhou", "bucketInfo");
        var wrongEndpoint = await SendAsync(cloud, HttpMethod.Get, "new-bucket", "cn-shanghai", "bucketInfo");
        var deleted = await SendAsync(cloud, HttpMethod.Delete, "new-bucket", "cn-hangzhou", "");
        var gone = await SendAsync(cloud, HttpMethod.Get, "new-bucket", "cn-hangzhou", "bucketInfo");

        Assert.Equal((200, 403, 204, 404), (made.Status, wrongEndpoint.Status, deleted.Status, gone.Status));
        Assert.Equal("prod", tags.Descendants("Value").Single().Value);
        Assert.Equal("oss-cn-hangzhou", info.Descendants("Location").Single().Value);
        Assert.Equal("NoSuchBucket", gone.Body.Element("Code")!.Value);
    }

    private static IEnumerable<string> Names(XElement list) => list.Descendants("Name").Select(name => name.Value);

    private static string Logging(string target) =>
        $"<BucketLoggingStatus><LoggingEnabled><TargetBucket>{target}</TargetBucket><TargetPrefix>access/</TargetPrefix></LoggingEnabled></BucketLoggingStatus>";

    [Fact]
    public async Task Usage_goes_first_to_the_region_that_its_policy_names()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("oss", "evidence", "cn-shanghai");
        await cloud.CollectAsync(
            """{"policyName":"usage","productCode":"oss","dataCode":"metering_log","enabled":true,"policyConfig":{"resourceMode":"all"},"dataConfig":{"dataRegion":"cn-beijing"}}"""
        );

        var written = new LogGenerator(cloud.Cloud, 3).Write(5, "oss");

        var project = $"oss-log-{ProductCloud.Uid}-cn-beijing";
        Assert.Equal("cn-beijing", cloud.Storage.FindProject(project)!.Region);
        var stored = StoredLogs.Of(cloud, project, "oss-metering-store");
        Assert.Equal((5, 5), (written, stored.Count));
        Assert.All(stored, record => Assert.Equal("cn-shanghai", record["region"]));
    }

    /// <summary>A request signed with OSS V1.</summary>
    private static async Task<(int Status, XElement Body)> SendAsync(
        ProductCloud cloud,
        HttpMethod method,
        string bucket,
        string region,
        string query,
        string? body = null
    )
    {
        var date = TimeProvider.System.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        var resource = bucket.Length == 0 ? "/" : $"/{bucket}/";
        if (query is "logging" or "tagging" or "bucketInfo")
        {
            resource += $"?{query}";
        }
        var type = body is null ? "" : "application/xml";
        var text = $"{method.Method}\n\n{type}\n{date}\n{resource}";
#pragma warning disable CA5350 // OSS V1 is defined with SHA-1.
        var signature = Convert.ToBase64String(
            HMACSHA1.HashData(Encoding.UTF8.GetBytes(cloud.Key.Secret), Encoding.UTF8.GetBytes(text))
        );
#pragma warning restore CA5350
        using var request = new HttpRequestMessage(method, "/" + (query.Length > 0 ? $"?{query}" : ""));
        request.Headers.Host =
            bucket.Length == 0 ? $"oss-{region}.aliyuncs.com" : $"{bucket}.oss-{region}.aliyuncs.com";
        request.Headers.TryAddWithoutValidation("Date", date);
        request.Headers.TryAddWithoutValidation("Authorization", $"OSS {cloud.Key.Id}:{signature}");
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        using var response = await cloud.Http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, answer.Length > 0 ? XElement.Parse(answer) : new XElement("Empty"));
    }
}
