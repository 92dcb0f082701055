namespace LogAudit.Products.Tests;

public sealed class TurnsTests
{
    private static readonly SettingRef Setting = new("vpc.flow-log", Cloud.Account, Cloud.Region, "vpc-1");

    [Fact]
    public async Task A_write_waits_for_that_before_it_in_the_same_region_and_for_none_elsewhere()
    {
        using var turns = new Turns();
        var end = new TaskCompletionSource();
        var begun = new List<string>();
        var first = turns.WriteAsync(Setting, () => BeginAsync("first", end.Task), default);
        var second = turns.WriteAsync(Setting with { Id = "vpc-2" }, () => BeginAsync("second", end.Task), default);
        var elsewhere = Setting with { Region = new RegionId("cn-beijing") };

        await turns.WriteAsync(elsewhere, () => BeginAsync("elsewhere", Task.CompletedTask), default);
        var before = begun.ToArray();
        end.SetResult();
        await Task.WhenAll(first, second);

        Assert.Equal(["first", "elsewhere"], before);
        Assert.Equal(["first", "elsewhere", "second"], begun);

        Task BeginAsync(string name, Task until)
        {
            begun.Add(name);
            return until;
        }
    }

    [Fact]
    public async Task A_write_that_fails_or_is_cancelled_gives_its_turn_on()
    {
        using var turns = new Turns();
        var isWritten = false;

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            turns.WriteAsync(Setting, () => throw new InvalidOperationException("refused"), default)
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            turns.WriteAsync(Setting, () => Task.CompletedTask, new CancellationToken(canceled: true))
        );
        await turns.WriteAsync(Setting, () => Task.FromResult(isWritten = true), default);

        Assert.True(isWritten);
    }
}
