using FsCheck;
using FsCheck.Xunit;

namespace LogAudit.Core.Tests.Retries;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 1.0, 500)]
    [InlineData(2, 1.0, 1000)]
    [InlineData(3, 0.5, 1000)]
    [InlineData(4, 0.0, 0)]
    public void Next_draws_the_pause_below_a_cap_that_doubles(int attempt, double draw, int pauseMs) =>
        Assert.Equal(
            new RetryDecision.Again(TimeSpan.FromMilliseconds(pauseMs)),
            Backoff.Default.Next(attempt, draw, null, TimeSpan.MaxValue)
        );

    [Fact]
    public void Next_stops_after_the_last_attempt() =>
        Assert.Same(RetryDecision.Stop.Now, Backoff.Default.Next(5, 0, null, TimeSpan.MaxValue));

    [Fact]
    public void Next_keeps_the_pause_that_the_service_asks_for_even_past_the_cap() =>
        Assert.Equal(
            new RetryDecision.Again(TimeSpan.FromSeconds(90)),
            Backoff.Default.Next(1, 0.5, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(91))
        );

    [Property]
    public void Next_never_waits_past_the_time_left(PositiveInt attempt, byte draw, PositiveInt leftMs)
    {
        var left = TimeSpan.FromMilliseconds(leftMs.Get);

        if (Backoff.Default.Next(attempt.Get, draw / 256.0, null, left) is RetryDecision.Again again)
        {
            Assert.InRange(again.After, TimeSpan.Zero, TimeSpan.FromSeconds(20));
            Assert.True(again.After < left);
        }
    }
}
