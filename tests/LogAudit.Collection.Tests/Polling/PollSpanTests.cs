namespace LogAudit.Collection.Tests.Polling;

public sealed class PollSpanTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 30, TimeSpan.Zero);

    private static readonly PollWindow Window = new("StartTime", "EndTime", PollTime.Minute)
    {
        Most = TimeSpan.FromHours(1),
        Settle = TimeSpan.FromMinutes(2),
        Overlap = TimeSpan.FromMinutes(10),
        Back = TimeSpan.FromMinutes(15),
        Kept = TimeSpan.FromDays(7),
    };

    [Fact]
    public void The_first_stretch_reaches_back_and_leaves_the_youngest_minutes()
    {
        var span = PollSpan.Next(Window, until: null, Now)!;

        Assert.Equal((At(11, 43), At(11, 43), At(11, 58), TimeSpan.Zero), (span.Ask, span.From, span.To, span.Lost));
    }

    [Fact]
    public void The_next_stretch_begins_where_the_last_ended_and_asks_again_for_late_records()
    {
        var span = PollSpan.Next(Window, At(11, 57), Now)!;

        Assert.Equal((At(11, 47), At(11, 57), At(11, 58)), (span.Ask, span.From, span.To));
        Assert.Null(PollSpan.Next(Window, span.To, Now));
    }

    [Fact]
    public void After_a_pause_the_stretches_are_no_longer_than_one_call_takes_until_the_present_is_reached()
    {
        var ends = new List<DateTimeOffset>();
        for (var until = At(9, 0); PollSpan.Next(Window, until, Now) is { } span; until = span.To)
        {
            ends.Add(span.To);
        }

        Assert.Equal([At(10, 0), At(11, 0), At(11, 58)], ends);
    }

    [Fact]
    public void What_the_product_does_not_keep_any_more_is_told_as_lost_and_reading_goes_on_behind_it()
    {
        var span = PollSpan.Next(Window, Now.AddDays(-8), Now)!;

        Assert.InRange(span.Lost, TimeSpan.FromDays(1), TimeSpan.FromDays(1) + TimeSpan.FromMinutes(2));
        Assert.Equal(span.From, span.Ask);
        Assert.True(span.From > Now - Window.Kept);
    }

    [Fact]
    public void A_stretch_is_halved_down_to_the_smallest_step_and_no_further()
    {
        var halves = new List<double>();
        for (var span = PollSpan.Next(Window, At(11, 50), Now); span is not null; span = span.Half(Window.Step))
        {
            halves.Add((span.To - span.From).TotalMinutes);
        }

        Assert.Equal([8, 4, 2, 1], halves);
    }

    [Fact]
    public void Nothing_is_due_before_the_pause_between_two_windows_is_over()
    {
        var metrics = Window with { Every = TimeSpan.FromMinutes(5) };

        Assert.Null(PollSpan.Next(metrics, At(11, 54), Now));
        Assert.NotNull(PollSpan.Next(metrics, At(11, 53), Now));
    }

    private static DateTimeOffset At(int hour, int minute) => new(2026, 3, 1, hour, minute, 0, TimeSpan.Zero);
}
