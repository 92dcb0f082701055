using LogAudit.LocalCloud.Kernel;
using Microsoft.Extensions.Time.Testing;

namespace LogAudit.LocalCloud.Tests.Kernel;

public sealed class DelayTests
{
    [Fact]
    public void Of_divides_the_documented_length_by_the_scale()
    {
        var delays = new Delays(scale: 30);
        var delay = delays.Declare("sls.project", TimeSpan.FromSeconds(60), "sls-protocol");

        Assert.Equal(TimeSpan.FromSeconds(2), delays.Of(delay));
        delays.Set("sls.project", TimeSpan.FromSeconds(90));
        Assert.Equal(TimeSpan.FromSeconds(3), delays.Of(delay));
    }

    [Fact]
    public async Task Background_work_keeps_its_failures_and_ends_with_the_cloud()
    {
        var clock = new FakeTimeProvider();
        var work = new BackgroundWork(clock);
        var ended = new TaskCompletionSource();
        work.Start("fails", _ => throw new InvalidOperationException("by design"));
        work.Start(
            "waits",
            async stop =>
            {
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, clock, stop);
                }
                finally
                {
                    ended.SetResult();
                }
            }
        );

        await work.DisposeAsync();

        Assert.True(ended.Task.IsCompleted);
        var (name, failure) = Assert.Single(work.Failures);
        Assert.Equal(("fails", "by design"), (name, failure.Message));
    }

    [Theory]
    [InlineData("slb.{region}.aliyuncs.com", "slb.cn-hangzhou.aliyuncs.com", "cn-hangzhou", "")]
    [InlineData("slb.{region}.aliyuncs.com", "slb.ap-southeast-1.aliyuncs.com", "ap-southeast-1", "")]
    [InlineData(
        "{prefix}.{region}.log.aliyuncs.com",
        "logs-1.cn-hangzhou-intranet.log.aliyuncs.com",
        "cn-hangzhou",
        ""
    )]
    [InlineData(
        "{account}.{region}.fc.aliyuncs.com",
        "1000000000000001.cn-shanghai.fc.aliyuncs.com",
        "cn-shanghai",
        "1000000000000001"
    )]
    [InlineData("slb.{region}.aliyuncs.com", "evil.slb.cn-hangzhou.aliyuncs.com", null, "")]
    [InlineData("slb.{region}.aliyuncs.com", "slb.cn-hangzhou.aliyuncs.com.example.com", null, "")]
    public void TryMatch_reads_region_and_account(string pattern, string host, string? region, string account)
    {
        var matched = new HostPattern(pattern).TryMatch(host, out var match);

        Assert.Equal(region is not null, matched);
        if (matched)
        {
            Assert.Equal((region, account), (match.Region, match.Account));
        }
    }
}
