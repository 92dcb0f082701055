using System.Globalization;
using LogAudit.Forwarding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LogAudit.Benchmarks;

/// <summary>What the size of a batch and its compression cost: encoded batches over a real socket on loopback to a receiver in this process that reads and forgets.</summary>
/// <remarks>Each time is that of the wall and of the processor from the call of the sink until the receiver has accepted; the receiver's own work is in it.</remarks>
internal static class Batches
{
    private static readonly int[] Sizes = [100, 500, 1_000, 2_000, 5_000, 10_000];
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(int seed, Report report)
    {
        var corpus = MixedCorpus.Make(seed);
        await using var receiver = new Receiver();
        await using var web = await StartWebAsync();
        var address = web
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.First();
        var rows = new List<(string Name, double PerSecond, double CpuPerMillion)>();
        foreach (var size in Sizes)
        {
            rows.Add(
                await MeasureAsync(
                    corpus,
                    $"syslog {size}",
                    "syslog",
                    "rfc5424",
                    size,
                    new() { ["address"] = $"tcp://127.0.0.1:{receiver.Port}", ["max-message-bytes"] = "1048576" }
                )
            );
        }

        foreach (var size in Sizes)
        {
            foreach (var compression in (string[])["none", "gzip"])
            {
                rows.Add(
                    await MeasureAsync(
                        corpus,
                        $"webhook {compression} {size}",
                        "webhook",
                        "json",
                        size,
                        new()
                        {
                            ["address"] = address,
                            ["compression"] = compression,
                            ["max-records"] = size.ToString(CultureInfo.InvariantCulture),
                            ["max-bytes"] = "64000000",
                        }
                    )
                );
            }
        }

        report.Figures("batchRecordsPerSecond", rows.Select(row => KeyValuePair.Create(row.Name, row.PerSecond)));
        report.Figures(
            "batchCpuSecondsPerMillion",
            rows.Select(row => KeyValuePair.Create(row.Name, row.CpuPerMillion))
        );
    }

    private static async Task<(string, double, double)> MeasureAsync(
        MixedCorpus corpus,
        string name,
        string sinkName,
        string format,
        int size,
        Dictionary<string, string> given
    )
    {
        var options = new OptionReader(
            new DestinationSettings
            {
                Name = "bench",
                Sink = sinkName,
                Format = format,
                Options = given,
            },
            "destinations[0]",
            new SecretReferences(_ => null)
        );
        using var sink = SinkCatalogue.Make(sinkName, options, TimeProvider.System)!;
        if (options.Errors.Count > 0)
        {
            throw new InvalidOperationException($"{name}: {options.Errors[0]}");
        }

        using var road = new EncodeRoad(corpus, Forward.Format(format));
        while (road.Batch.Count < Sizes[^1])
        {
            corpus.Pulls.ToList().ForEach(road.Add);
        }

        // As many records of every Logstore in each, and other bytes in the next one: what was just sent would stand in the cache.
        var count = Sizes[^1] / size;
        var batches = Enumerable
            .Range(0, count)
            .Select(first => road.Batch.Select([.. Enumerable.Range(0, size).Select(at => first + (at * count))]))
            .ToList();
        await SendAsync(sink, batches[0], name);
        var (records, began) = (0L, TimeProvider.System.GetTimestamp());
        var before = Environment.CpuUsage.TotalTime;
        for (var next = 0; TimeProvider.System.GetElapsedTime(began) < Measured; next = (next + 1) % count)
        {
            await SendAsync(sink, batches[next], name);
            records += size;
        }

        var cpu = Environment.CpuUsage.TotalTime - before;
        var wall = TimeProvider.System.GetElapsedTime(began);
        return (name, records / wall.TotalSeconds, cpu.TotalSeconds * 1_000_000 / records);
    }

    private static async Task SendAsync(ISink sink, EncodedBatch batch, string name)
    {
        var answer = await sink.SendAsync(batch, CancellationToken.None);
        if (Enumerable.Range(0, answer.Count).Any(index => answer[index] is not RecordOutcome.Accepted))
        {
            throw new InvalidOperationException($"{name}: the receiver did not take everything");
        }
    }

    private static async Task<WebApplication> StartWebAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.Configure<KestrelServerOptions>(server => server.Limits.MaxRequestBodySize = null);
        var web = builder.Build();
        web.Run(async call => await call.Request.Body.CopyToAsync(Stream.Null, call.RequestAborted));
        await web.StartAsync();
        return web;
    }
}
