namespace LogAudit.Core.Tests.Time;

public sealed class DeadlineTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 4, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(600, 90)]
    [InlineData(60, 10)]
    [InlineData(10, 5)]
    public void After_keeps_back_a_reserve_of_15_percent_at_least_10_s_at_most_half(
        int limitSeconds,
        int reserveSeconds
    ) =>
        Assert.Equal(
            TimeSpan.FromSeconds(reserveSeconds),
            Deadline.After(Start, TimeSpan.FromSeconds(limitSeconds)).Reserve
        );

    [Fact]
    public void AllowsNewWork_ends_where_the_reserve_begins()
    {
        var deadline = Deadline.After(Start, TimeSpan.FromSeconds(60));

        Assert.True(deadline.AllowsNewWork(Start.AddSeconds(49.9)));
        Assert.False(deadline.AllowsNewWork(Start.AddSeconds(50)));
        Assert.Equal(TimeSpan.FromSeconds(20), deadline.Remaining(Start.AddSeconds(30)));
        Assert.Equal(TimeSpan.Zero, deadline.Remaining(Start.AddSeconds(59)));
    }

    [Fact]
    public void None_always_allows_work()
    {
        Assert.True(Deadline.None.AllowsNewWork(DateTimeOffset.MaxValue));
        Assert.Equal(TimeSpan.MaxValue, Deadline.None.Remaining(Start));
    }
}
