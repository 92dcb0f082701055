using Microsoft.Extensions.Time.Testing;

namespace LogAudit.OpenApi.Tests.Retries;

public sealed class RateLimitsTests
{
    private readonly FakeTimeProvider time = new();
    private readonly RateLimits limits;

    public RateLimitsTests() => limits = new(new OpenApiOptions { CallsPerSecond = 5, Burst = 10 }, time);

    [Fact]
    public void Take_lets_a_burst_through_and_then_one_call_every_fifth_of_a_second()
    {
        var bucket = limits.For("Slb", "DescribeLoadBalancers", World.Central);

        var pauses = Enumerable.Range(0, 12).Select(_ => bucket.Take()).ToList();

        Assert.All(pauses.Take(10), pause => Assert.Equal(TimeSpan.Zero, pause));
        Assert.Equal(TimeSpan.FromMilliseconds(200), pauses[10]);
        Assert.Equal(TimeSpan.FromMilliseconds(400), pauses[11]);
    }

    [Fact]
    public void Take_counts_each_account_for_itself()
    {
        for (var i = 0; i < 10; i++)
        {
            limits.For("Slb", "DescribeLoadBalancers", World.Central).Take();
        }

        Assert.Equal(TimeSpan.Zero, limits.For("Slb", "DescribeLoadBalancers", World.Member).Take());
    }

    [Fact]
    public void Tell_of_throttling_halves_the_rate_until_calls_succeed_again()
    {
        var bucket = limits.For("Slb", "DescribeLoadBalancers", World.Central);

        bucket.Tell(throttled: true);
        var slow = bucket.Take();
        for (var i = 0; i < 10; i++)
        {
            bucket.Tell(throttled: false);
        }

        time.Advance(TimeSpan.FromMilliseconds(200));
        var fast = bucket.Take();

        Assert.Equal(TimeSpan.FromMilliseconds(400), slow);
        Assert.Equal(TimeSpan.FromMilliseconds(200), fast);
    }
}
