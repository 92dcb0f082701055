using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary><c>logaudit replay</c> and <c>logaudit backfill</c> as an operator runs them, with the rights of a forwarder, before a receiver that refuses some records until it is mended.</summary>
public sealed class ResendCommandTests : IAsyncLifetime
{
    private const int Records = 200;

    private FunctionCloud cloud = null!;
    private ElasticSoc soc = null!;
    private IReadOnlyList<string> written = [];
    private volatile bool mended;
    private int refused;

    private string Settings =>
        FunctionCloud.Central
        + $"""
            destinations:
              - name: soc
                sink: elasticsearch
                format: json
                options:
                  address: {soc.Address}

            """;

    public async Task InitializeAsync()
    {
        cloud = await FunctionCloud.StartAsync(seed: 5);
        soc = Refusing();
        written = new MarkedRecords(cloud, seed: 5).Append("slb_log", groups: 8, perGroup: Records / 8);
        var sum = await RunAsync("forward", exit: 0, "--until-idle");
        Assert.Equal(Records, (int)sum["totals"]!["read"]!);
        refused = (int)sum["totals"]!["deadLettered"]!;
        Assert.InRange(refused, 1, Records - 1);
        mended = true;
    }

    public async Task DisposeAsync()
    {
        await soc.DisposeAsync();
        await cloud.DisposeAsync();
    }

    [Fact]
    public async Task Replay_brings_what_was_refused_from_its_source_and_then_has_nothing_left()
    {
        var first = await RunAsync("replay", exit: 0);
        var second = await RunAsync("replay", exit: 0);

        Assert.Equal(refused, (int)first["counts"]!["source"]!);
        Assert.Empty(second["letters"]!);
        AssertAllThereOnce();
    }

    [Fact]
    public async Task Replay_sends_the_masked_copies_where_the_source_has_expired()
    {
        cloud.Store.Logstore(FunctionCloud.Project, "slb_log")!.ExpireAll();

        var first = await RunAsync("replay", exit: 0);

        Assert.Equal((refused, 0), ((int)first["counts"]!["copy"]!, (int)first["counts"]!["source"]!));
        AssertAllThereOnce();
    }

    [Fact]
    public async Task Backfill_sends_a_span_again_and_moves_no_checkpoint()
    {
        var before = await CheckpointsAsync();
        var now = TimeProvider.System.GetUtcNow();

        var report = await RunAsync(
            "backfill",
            exit: 0,
            "--from",
            $"{now.AddHours(-1):O}",
            "--to",
            $"{now.AddHours(1):O}",
            "--logstore",
            "slb_log"
        );

        Assert.Equal(Records, report["shards"]!.Sum(shard => (int)shard["delivered"]!));
        Assert.Equal(before, await CheckpointsAsync());
        AssertAllThereOnce();
    }

    // Every third document, by what stands in it, so that a repeated one is judged alike.
    private ElasticSoc Refusing() => new(judge: document => mended || document.Length % 3 > 0 ? 201 : 400);

    private async Task<IReadOnlyList<string>> CheckpointsAsync()
    {
        var target = FunctionCloud.Target("slb_log");
        var found = await cloud
            .Clients.For(target.Account, target.Region)
            .GetCheckpointsAsync(target.Project, target.Logstore, "logaudit-soc-slb_log", CancellationToken.None);
        Assert.NotEmpty(found);
        return [.. found.Select(one => $"{one.Shard} {one.Cursor}").Order(StringComparer.Ordinal)];
    }

    private async Task<JObject> RunAsync(string command, int exit, params string[] arguments)
    {
        await using var process = ForwardProcess.Run(cloud, command, Settings, arguments);
        var (ended, output) = await process.EndAsync();
        Assert.True(ended == exit, process.Progress);
        return JObject.Parse(output);
    }

    private void AssertAllThereOnce()
    {
        var received = Received.Of(soc.Documents.Select(one => one.Document));
        Assert.Equal(written.Order(StringComparer.Ordinal), received.Ids.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(0, received.Duplicates);
    }
}
