using System.Text.Json;

namespace LogAudit.Benchmarks;

/// <summary>Memory of <c>Sync</c> while it forwards a million records.</summary>
internal static class Memory
{
    private const int Groups = 10_000;
    private const int PerGroup = 100;

    public static async Task RunAsync(string functions, int seed, Report report)
    {
        await using var cloud = await BenchCloud.StartAsync(seed);
        await using var receiver = new Receiver();
        cloud.AddRecords(Groups, PerGroup, hashKey: null);
        using var sync = cloud.Start(Path.Combine(functions, "Sync", "LogAudit.Sync"), receiver.Port);

        var (delivered, began) = (0L, TimeProvider.System.GetTimestamp());
        for (var more = true; more; )
        {
            var text = await sync.InvokeAsync(cloud.Key, """{"triggerTime":"t","triggerName":"sweep"}""", 600);
            using var answer = JsonDocument.Parse(text);
            delivered += answer.RootElement.GetProperty("delivered").GetInt64();
            more = answer.RootElement.GetProperty("more").GetBoolean();
        }

        if (delivered != Groups * PerGroup)
        {
            throw new InvalidOperationException($"{delivered} of {Groups * PerGroup} records were delivered");
        }

        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        report.Ratio("syncResidentMb", sync.PeakResidentMb, atMost: 128);
        report.Figure("syncRecordsPerSecond", delivered / seconds);
    }
}
