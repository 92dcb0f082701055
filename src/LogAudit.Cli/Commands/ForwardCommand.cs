using System.CommandLine;
using System.Globalization;
using LogAudit.Forwarding;
using LogAudit.Products;
using Microsoft.Extensions.DependencyInjection;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Cli.Commands;

/// <summary><c>logaudit forward</c>: the long-lived consumer, for a container, a VM or a terminal.</summary>
internal static class ForwardCommand
{
    private static readonly TimeSpan IdleLook = TimeSpan.FromMilliseconds(100);

    public static Command Create(Terminal terminal)
    {
        var settings = CommonOptions.Settings();
        var output = CommonOptions.Output();
        var name = new Option<string>("--consumer")
        {
            Description =
                "Name of this process among those that share the shards. Each needs its own; one that keeps it over a restart has its shards back at once.",
            DefaultValueFactory = _ => NewName(),
        };
        name.Validators.Add(given =>
        {
            if (given.Tokens is [{ Value: var text }] && !IsName(text))
            {
                given.AddError(
                    $"--consumer is '{text}'. Allowed: 1 to 64 of letters, digits, '-', '_' and '.'. Example: forwarder-0."
                );
            }
        });
        var workers = new Option<int>("--workers")
        {
            Description = "Shards that one destination works on at a time; bounds memory.",
            DefaultValueFactory = _ => 8,
        };
        var drain = new Option<int>("--drain-seconds")
        {
            Description = "Time that open batches have to be accepted after the signal to stop.",
            DefaultValueFactory = _ => 20,
        };
        var progress = new Option<int>("--progress-seconds")
        {
            Description = "Pause between two lines of progress on standard error.",
            DefaultValueFactory = _ => 30,
        };
        var untilIdle = new Option<bool>("--until-idle")
        {
            Description = "End when everything is forwarded, for trials.",
        };
        var command = new Command(
            "forward",
            "Forwards logs to the destinations until it is told to stop. Several processes share the shards. Run it instead of the function Sync, not beside it."
        )
        {
            settings,
            output,
            name,
            workers.Within(1, 64),
            drain.Within(1, 3600),
            progress.Within(1, 3600),
            untilIdle,
        };
        command.SetWork(
            terminal,
            async (parsed, stop) =>
            {
                var read = Composition.ReadSettings(parsed.GetValue(settings)!);
                if (read.Destinations.Count == 0)
                {
                    terminal.Error("the settings name no destination. Add one under 'destinations'.");
                    return ExitCodes.Usage;
                }

                var options = new ConsumerOptions
                {
                    Name = parsed.GetValue(name)!,
                    DrainTime = TimeSpan.FromSeconds(parsed.GetValue(drain)),
                };
                var sync = SyncOptions.ForConsumer with { WorkersPerDestination = parsed.GetValue(workers) };
                await using var services = Composition.Services(
                    read,
                    terminal,
                    more: more => more.AddLogAuditConsumer(sync, options)
                );
                var targets = ServiceRegistration.TargetsOf(
                    read,
                    services.GetRequiredService<ProductCatalogue>().LogKinds
                );
                var consumer = services.GetRequiredService<Consumer>();
                terminal.Tell(
                    $"consumer {options.Name} forwards {targets.Count} Logstores to {string.Join(", ", read.Destinations.Select(one => one.Name))} …"
                );
                var end = await RunAsync(
                    terminal,
                    consumer,
                    read.Canary.IsOn ? services.GetRequiredService<CanaryWatch>() : null,
                    targets,
                    TimeSpan.FromSeconds(parsed.GetValue(progress)),
                    parsed.GetValue(untilIdle),
                    stop
                );
                if (parsed.GetValue(output) is "json")
                {
                    terminal.Write(Json(options.Name, end).ToString(Formatting.None));
                }
                else
                {
                    terminal.Write(Line(end.Report));
                    foreach (var problem in end.Report.Problems)
                    {
                        terminal.Write($"  {problem}");
                    }
                }

                if (!end.InOrder)
                {
                    terminal.Error(
                        $"open batches were not accepted within {options.DrainTime.TotalSeconds:0} s; they are sent again by the next holder. Check the destinations, or give --drain-seconds."
                    );
                }

                return end.InOrder ? ExitCodes.Done : ExitCodes.Failed;
            }
        );
        return command;
    }

    private static async Task<ConsumerEnd> RunAsync(
        Terminal terminal,
        Consumer consumer,
        CanaryWatch? canaries,
        IReadOnlyList<LogTarget> targets,
        TimeSpan pause,
        bool untilIdle,
        CancellationToken stop
    )
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var running = consumer.RunAsync(targets, ends.Token);
        var watching = canaries?.RunAsync(targets, ends.Token) ?? Task.CompletedTask;
        var time = TimeProvider.System;
        for (var told = time.GetTimestamp(); !running.IsCompleted && !ends.IsCancellationRequested; )
        {
            await Task.WhenAny(running, Task.Delay(untilIdle ? IdleLook : pause, time, ends.Token));
            if (untilIdle && consumer.IsIdle)
            {
                await ends.CancelAsync();
            }
            else if (time.GetElapsedTime(told) >= pause)
            {
                terminal.Tell(Line(consumer.Report));
                told = time.GetTimestamp();
            }
        }

        if (!running.IsCompleted)
        {
            terminal.Tell("ending: open batches are still sent …");
        }

        var end = await running;
        await watching;
        return end;
    }

    private static string NewName() =>
        $"{new string([.. Environment.MachineName.Where(char.IsAsciiLetterOrDigit).Take(32)])}-{Guid.NewGuid():N}"[
            ..^24
        ];

    private static bool IsName(string text) =>
        text.Length is >= 1 and <= 64 && text.All(one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' or '.');

    private static string Line(SyncReport report)
    {
        var totals = report.Totals;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Shards.Count} shards: {totals.Read} read, {totals.Delivered} delivered, {totals.Sent} sent, {totals.Filtered} filtered, {totals.DeadLettered} dead letters, {totals.Pending} pending, {report.Shards.Sum(shard => shard.Expired.Count)} expired ranges, {report.Shards.Count(shard => shard.Problem.Length > 0)} shards with a problem"
        );
    }

    private static JObject Json(string name, ConsumerEnd end) =>
        new()
        {
            ["consumer"] = name,
            ["inOrder"] = end.InOrder,
            ["totals"] = Json(end.Report.Totals),
            ["shards"] = new JArray(
                end.Report.Shards.Select(shard =>
                {
                    var row = Json(shard.Counts);
                    row.AddFirst(new JProperty("shard", shard.Key.Shard.ToString()));
                    row.AddFirst(new JProperty("destination", shard.Key.Destination));
                    row["expired"] = new JArray(shard.Expired);
                    row["problem"] = shard.Problem;
                    return row;
                })
            ),
        };

    private static JObject Json(RecordCounts counts) =>
        new()
        {
            ["read"] = counts.Read,
            ["delivered"] = counts.Delivered,
            ["sent"] = counts.Sent,
            ["filtered"] = counts.Filtered,
            ["deadLettered"] = counts.DeadLettered,
            ["pending"] = counts.Pending,
        };
}
