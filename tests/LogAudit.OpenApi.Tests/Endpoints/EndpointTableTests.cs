namespace LogAudit.OpenApi.Tests.Endpoints;

public sealed class EndpointTableTests
{
    [Theory]
    [InlineData("Sts", "cn-hangzhou", "sts.cn-hangzhou.aliyuncs.com")]
    [InlineData("Ram", "cn-hangzhou", "ram.aliyuncs.com")]
    [InlineData("ResourceDirectoryMaster", "cn-beijing", "resourcedirectory.aliyuncs.com")]
    [InlineData("Actiontrail", "cn-hangzhou", "actiontrail.cn-hangzhou.aliyuncs.com")]
    [InlineData("Actiontrail", "cn-hangzhou-finance", "actiontrail.aliyuncs.com")]
    [InlineData("Slb", "cn-hangzhou", "slb.aliyuncs.com")]
    [InlineData("Slb", "eu-central-1", "slb.eu-central-1.aliyuncs.com")]
    [InlineData("Rds", "cn-beijing", "rds.aliyuncs.com")]
    [InlineData("Rds", "cn-zhangjiakou", "rds.cn-zhangjiakou.aliyuncs.com")]
    [InlineData("Vpc", "cn-hangzhou", "vpc.aliyuncs.com")]
    [InlineData("Vpc", "cn-beijing", "vpc.cn-beijing.aliyuncs.com")]
    [InlineData("Ecs", "cn-hangzhou", "ecs-cn-hangzhou.aliyuncs.com")]
    [InlineData("Ecs", "cn-beijing", "ecs.cn-beijing.aliyuncs.com")]
    [InlineData("DAS", "eu-central-1", "das.cn-shanghai.aliyuncs.com")]
    [InlineData("Sas", "cn-hongkong", "tds.cn-shanghai.aliyuncs.com")]
    [InlineData("Sas", "us-west-1", "tds.ap-southeast-1.aliyuncs.com")]
    [InlineData("Config", "cn-beijing", "config.cn-shanghai.aliyuncs.com")]
    [InlineData("Yundun-bastionhost", "cn-beijing", "yundun-bastionhost.aliyuncs.com")]
    [InlineData("Yundun-bastionhost", "cn-hongkong", "bastionhost.cn-hongkong.aliyuncs.com")]
    [InlineData("waf-openapi", "cn-shanghai", "wafopenapi.cn-hangzhou.aliyuncs.com")]
    [InlineData("waf-openapi-2.0", "cn-hongkong", "wafopenapi.ap-southeast-1.aliyuncs.com")]
    [InlineData("Cloudfw", "cn-hangzhou", "cloudfw.aliyuncs.com")]
    [InlineData("Cloudfw", "ap-southeast-1", "cloudfw.ap-southeast-1.aliyuncs.com")]
    [InlineData("ddoscoo", "cn-hangzhou", "ddoscoo.cn-hangzhou.aliyuncs.com")]
    [InlineData("ddosbgp", "cn-beijing", "ddosbgp.aliyuncs.com")]
    [InlineData("ddosbgp", "eu-central-1", "ddosbgp.ap-southeast-1.aliyuncs.com")]
    [InlineData("ddosbgp", "us-west-1", "ddosbgp.us-west-1.aliyuncs.com")]
    [InlineData("eventbridge", "cn-hangzhou", "eventbridge-console.cn-hangzhou.aliyuncs.com")]
    [InlineData("FC", "cn-hangzhou", "fcv3.cn-hangzhou.aliyuncs.com")]
    [InlineData("Oss", "cn-hangzhou", "oss-cn-hangzhou.aliyuncs.com")]
    public void HostFor_names_the_documented_host(string product, string region, string host) =>
        Assert.Equal(host, new EndpointTable(new OpenApiOptions()).HostFor(Product(product), new RegionId(region)));

    [Fact]
    public void HostFor_knows_the_international_site() =>
        Assert.Equal(
            "resourcedirectory-intl.aliyuncs.com",
            new EndpointTable(new OpenApiOptions { Site = Site.International }).HostFor(
                ApiProducts.ResourceDirectoryMaster,
                World.Hangzhou
            )
        );

    [Fact]
    public void HostFor_takes_the_host_of_the_settings_first()
    {
        var options = new OpenApiOptions
        {
            Hosts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["slb"] = "slb-vpc.{region}.aliyuncs.com",
            },
        };

        Assert.Equal(
            "slb-vpc.cn-hangzhou.aliyuncs.com",
            new EndpointTable(options).HostFor(ApiProducts.Slb, World.Hangzhou)
        );
    }

    [Fact]
    public void HostFor_an_unknown_product_says_what_to_set() =>
        Assert.Contains(
            "Set one for it",
            Assert
                .Throws<InvalidOperationException>(() =>
                    new EndpointTable(new OpenApiOptions()).HostFor(Product("Nope"), World.Hangzhou)
                )
                .Message,
            StringComparison.Ordinal
        );

    private static ApiProduct Product(string code) => new(code, "2020-01-01", ApiStyle.Rpc);
}
