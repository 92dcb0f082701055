using Newtonsoft.Json.Linq;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary><c>logaudit forward</c> as an operator runs it: two processes, one killed, one told to end.</summary>
public sealed class ForwardCommandTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private ForwardedToSoc forwarded = null!;

    public async Task InitializeAsync() => forwarded = await ForwardedToSoc.StartAsync(seed: 3);

    public Task DisposeAsync() => forwarded.DisposeAsync().AsTask();

    [Fact]
    public async Task Until_idle_forwards_what_there_is_and_tells_the_sum()
    {
        var written = forwarded.Records.Append("slb_log", 8, 25);
        await using var process = ForwardProcess.Start(forwarded.Cloud, forwarded.Settings, "--until-idle");

        var (exit, output) = await process.EndAsync();

        Assert.True(exit == 0, process.Progress);
        var sum = JObject.Parse(output);
        Assert.Equal((written.Count, written.Count), ((int)sum["totals"]!["read"]!, (int)sum["totals"]!["delivered"]!));
        Assert.Equal(4, sum["shards"]!.Count());
        AssertReceived(written, duplicatesAllowed: false);
    }

    [Fact]
    public async Task Killed_process_is_replaced_and_a_terminated_one_ends_in_order_with_exit_code_0()
    {
        await using var first = ForwardProcess.Start(forwarded.Cloud, forwarded.Settings, "--consumer", "pod-0");
        var written = forwarded.Records.Append("slb_log", 40, 25).ToList();
        await UntilReceivedAsync(written.Take(1), first);
        await first.KillAsync();
        written.AddRange(forwarded.Records.Append("rds_log", 40, 25));

        await using var second = ForwardProcess.Start(forwarded.Cloud, forwarded.Settings, "--consumer", "pod-0");
        await UntilReceivedAsync(written, second);
        await second.TerminateAsync();
        var (exit, output) = await second.EndAsync();

        Assert.True(exit == 0, second.Progress);
        Assert.True((bool)JObject.Parse(output)["inOrder"]!);
        AssertReceived(written, duplicatesAllowed: true);
        var status = await forwarded.Cloud.StatusAsync(forwarded.Settings);
        Assert.Equal(written.Count, status.Sum(shard => shard.Counts.Delivered));
        Assert.All(status, shard => Assert.True(shard.Counts.Balances));
    }

    private async Task UntilReceivedAsync(IEnumerable<string> markers, ForwardProcess process)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!markers.All(Received.Of(forwarded.Soc.Messages).Ids.ContainsKey))
        {
            Assert.False(patience.IsCancellationRequested, process.Progress);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
    }

    private void AssertReceived(IReadOnlyList<string> written, bool duplicatesAllowed)
    {
        var received = Received.Of(forwarded.Soc.Messages);
        Assert.Equal(
            written.Order(StringComparer.Ordinal),
            received.Ids.Keys.Order(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
        Assert.All(received.Ids.Values, copies => Assert.Single(copies.Distinct(StringComparer.Ordinal)));
        Assert.True(duplicatesAllowed || received.Duplicates == 0);
    }
}
