namespace LogAudit.OpenApi.Tests;

public sealed class OpenApiSettingsTests
{
    [Fact]
    public void Read_gives_defaults_when_nothing_is_set()
    {
        var options = OpenApiSettings.Read(_ => null);

        Assert.Equal(Site.China, options.Site);
        Assert.Equal(5, options.CallsPerSecond);
        Assert.Empty(options.Hosts);
    }

    [Fact]
    public void Read_takes_site_rate_and_hosts()
    {
        var options = Read(
            ("LOGAUDIT_SITE", "international"),
            ("LOGAUDIT_CALLS_PER_SECOND", "2.5"),
            ("ALIBABA_CLOUD_ENDPOINT_SLB", "slb-vpc.{region}.aliyuncs.com")
        );

        Assert.Equal(Site.International, options.Site);
        Assert.Equal(2.5, options.CallsPerSecond);
        Assert.Equal(
            "slb-vpc.cn-hangzhou.aliyuncs.com",
            new EndpointTable(options).HostFor(ApiProducts.Slb, World.Hangzhou)
        );
    }

    [Fact]
    public void Read_names_every_mistake()
    {
        var message = Assert
            .Throws<InvalidOperationException>(() =>
                Read(
                    ("LOGAUDIT_SITE", "moon"),
                    ("LOGAUDIT_CALLS_PER_SECOND", "0"),
                    ("ALIBABA_CLOUD_ENDPOINT_RDS", "https://rds")
                )
            )
            .Message;

        Assert.Equal(3, message.Split(Environment.NewLine).Length);
    }

    [Fact]
    public void All_products_have_a_host() =>
        Assert.All(
            ApiProducts.All,
            product => Assert.NotEmpty(new EndpointTable(new OpenApiOptions()).HostFor(product, World.Hangzhou))
        );

    private static OpenApiOptions Read(params (string Name, string Value)[] variables) =>
        OpenApiSettings.Read(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
