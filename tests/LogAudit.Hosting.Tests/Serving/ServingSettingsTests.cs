namespace LogAudit.Hosting.Tests.Serving;

public sealed class ServingSettingsTests
{
    [Theory]
    [InlineData(null, 0, 1)]
    [InlineData("", 0, 1)]
    [InlineData("0/1", 0, 1)]
    [InlineData("3/4", 3, 4)]
    public void PartitionSetting_reads_a_share(string? text, int partition, int partitions) =>
        Assert.Equal((partition, partitions), PartitionSetting.Read(text));

    [Theory]
    [InlineData("4/4")]
    [InlineData("-1/4")]
    [InlineData("1")]
    [InlineData("1/0")]
    [InlineData("1/101")]
    [InlineData("a/b")]
    public void PartitionSetting_refuses_what_is_no_share(string text) =>
        Assert.Contains(
            "Example: 0/4",
            Assert.Throws<InvalidOperationException>(() => PartitionSetting.Read(text)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void EndpointSetting_reads_an_address_of_this_machine() =>
        Assert.Equal(
            new Uri("http://127.0.0.1:8080/a"),
            EndpointSetting.Read("http://127.0.0.1:8080").For("sts.cn-hangzhou.aliyuncs.com", "/a")
        );

    [Fact]
    public void EndpointSetting_is_none_when_it_is_not_set() =>
        Assert.Same(EndpointOverride.None, EndpointSetting.Read(""));

    [Theory]
    [InlineData("http://example.com")]
    [InlineData("https://127.0.0.1:8443")]
    [InlineData("nonsense")]
    public void EndpointSetting_refuses_an_address_elsewhere(string text) =>
        Assert.Throws<InvalidOperationException>(() => EndpointSetting.Read(text));
}
