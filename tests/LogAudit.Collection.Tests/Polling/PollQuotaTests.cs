using Microsoft.Extensions.Time.Testing;

namespace LogAudit.Collection.Tests.Polling;

public sealed class PollQuotaTests
{
    private static readonly PollApi Slow = new(new AccountId("1000000000000001"), "Rds", "DescribeSlowLogRecords");

    [Fact]
    public void TryTake_gives_a_minute_of_calls_to_each_account_and_API_and_then_as_many_as_time_brings()
    {
        var time = new FakeTimeProvider();
        var quota = new PollQuota(time);

        var taken = Enumerable.Range(0, 100).Count(_ => quota.TryTake(Slow, 60));
        time.Advance(TimeSpan.FromSeconds(10));
        var later = Enumerable.Range(0, 100).Count(_ => quota.TryTake(Slow, 60));

        Assert.Equal((60, 10), (taken, later));
        Assert.True(quota.TryTake(Slow with { Account = new AccountId("1000000000000002") }, 60));
        Assert.True(quota.TryTake(Slow with { Action = "DescribeErrorLogs" }, 60));
    }

    [Fact]
    public async Task TakeAsync_waits_for_the_next_call_but_not_past_the_deadline()
    {
        var time = new FakeTimeProvider();
        var quota = new PollQuota(time);
        Assert.True(quota.TryTake(Slow, 1));

        var tooLate = await quota.TakeAsync(
            Slow,
            1,
            new Deadline(time.GetUtcNow().AddSeconds(30), TimeSpan.Zero),
            default
        );
        var waiting = quota.TakeAsync(Slow, 1, Deadline.None, default);
        time.Advance(TimeSpan.FromSeconds(61));

        Assert.False(tooLate);
        Assert.True(await waiting);
    }
}
