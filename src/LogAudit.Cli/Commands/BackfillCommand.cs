using System.CommandLine;
using System.Globalization;
using LogAudit.Forwarding;
using LogAudit.Products;
using Microsoft.Extensions.DependencyInjection;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Cli.Commands;

/// <summary><c>logaudit backfill</c>: sends a span that is still retained once more; live checkpoints stand.</summary>
internal static class BackfillCommand
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(2);

    public static Command Create(Terminal terminal)
    {
        var settings = CommonOptions.Settings();
        var output = CommonOptions.Output();
        var from = Instant(
            "--from",
            "First instant of the span, by the time at which the log service received the records."
        );
        var to = Instant("--to", "First instant behind the span.");
        var logstores = new Option<string[]>("--logstore")
        {
            Description = "Logstore to read; all central ones when not given.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var destinations = CommonOptions.Destinations();
        var resume = new Option<bool>("--resume")
        {
            Description = "Go on where an interrupted backfill of exactly this span ended.",
        };
        var command = new Command(
            "backfill",
            "Sends the records of a span once more, with the same ids, by the same road. Exit code 3 when a destination did not take everything."
        )
        {
            settings,
            output,
            from,
            to,
            logstores,
            destinations,
            resume,
        };
        command.SetWork(
            terminal,
            async (parsed, cancel) =>
            {
                var span = new BackfillSpan(parsed.GetValue(from), parsed.GetValue(to));
                if (span.From >= span.To)
                {
                    terminal.Error($"--from {span.From:O} is not before --to {span.To:O}.");
                    return ExitCodes.Usage;
                }

                var read = Composition.ReadSettings(parsed.GetValue(settings)!);
                await using var services = Composition.Services(read, terminal);
                var targets = ServiceRegistration.TargetsOf(
                    read,
                    services.GetRequiredService<ProductCatalogue>().LogKinds
                );
                var wanted = parsed.GetValue(logstores)!;
                if (wanted.FirstOrDefault(name => targets.All(target => target.Logstore.Value != name)) is { } unknown)
                {
                    terminal.Error(
                        $"--logstore {unknown} is no central Logstore of these settings. Allowed: {string.Join(", ", targets.Select(target => target.Logstore.Value))}."
                    );
                    return ExitCodes.Usage;
                }

                if (CommonOptions.Chosen(services, parsed.GetValue(destinations)!, terminal) is not { } chosen)
                {
                    return ExitCodes.Usage;
                }

                terminal.Tell($"sending {span} to {string.Join(", ", chosen.Select(one => one.Name))} …");
                var report = await services
                    .GetRequiredService<Backfill>()
                    .RunAsync(
                        [
                            .. targets.Where(target =>
                                wanted.Length == 0 || wanted.Contains(target.Logstore.Value, StringComparer.Ordinal)
                            ),
                        ],
                        chosen,
                        span,
                        parsed.GetValue(resume),
                        Progress(terminal),
                        cancel
                    );
                terminal.Write(
                    parsed.GetValue(output) is "json"
                        ? Json(span, report).ToString(Formatting.None)
                        : Text(span, report)
                );
                return report.Succeeded ? ExitCodes.Done : ExitCodes.Changes;
            }
        );
        return command;
    }

    private static Option<DateTimeOffset> Instant(string name, string about) =>
        new(name)
        {
            Description = $"{about} ISO 8601, in UTC where it names no zone: 2026-03-02T03:00:00Z.",
            Required = true,
            CustomParser = given =>
            {
                if (
                    DateTimeOffset.TryParse(
                        given.Tokens[0].Value,
                        CultureInfo.InvariantCulture,
                        DateTimeStyles.AssumeUniversal,
                        out var time
                    )
                )
                {
                    return time;
                }

                given.AddError(
                    $"{name} is '{given.Tokens[0].Value}'. Allowed: ISO 8601. Example: 2026-03-02T03:00:00Z."
                );
                return default;
            },
        };

    private static Action<LedgerKey, Sls.Cursor> Progress(Terminal terminal)
    {
        var time = TimeProvider.System;
        var gate = new Lock();
        var (batches, told) = (0, time.GetTimestamp());
        return (key, _) =>
        {
            lock (gate)
            {
                batches++;
                if (time.GetElapsedTime(told) >= TellEvery)
                {
                    told = time.GetTimestamp();
                    terminal.Tell($"{batches} batches settled, the last of {key}");
                }
            }
        };
    }

    private static string Text(BackfillSpan span, SyncReport report)
    {
        var totals = report.Totals;
        var lines = new List<string>
        {
            string.Create(
                CultureInfo.InvariantCulture,
                $"backfill {span}: {totals.Read} read, {totals.Delivered} delivered, {totals.Sent} sent, {totals.Filtered} filtered, {totals.DeadLettered} dead letters, {totals.Pending} pending"
            ),
        };
        lines.AddRange(report.Problems.Select(problem => $"  {problem}"));
        return string.Join(Environment.NewLine, lines);
    }

    private static JObject Json(BackfillSpan span, SyncReport report) =>
        new()
        {
            ["span"] = span.ToString(),
            ["succeeded"] = report.Succeeded,
            ["shards"] = new JArray(
                report.Shards.Select(shard => new JObject
                {
                    ["destination"] = shard.Key.Destination,
                    ["shard"] = shard.Key.Shard.ToString(),
                    ["read"] = shard.Counts.Read,
                    ["delivered"] = shard.Counts.Delivered,
                    ["sent"] = shard.Counts.Sent,
                    ["filtered"] = shard.Counts.Filtered,
                    ["deadLettered"] = shard.Counts.DeadLettered,
                    ["pending"] = shard.Counts.Pending,
                    ["expired"] = new JArray(shard.Expired),
                    ["problem"] = shard.Problem,
                })
            ),
        };
}
