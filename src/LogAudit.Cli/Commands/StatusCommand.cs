using System.CommandLine;
using System.Globalization;
using LogAudit.Collection;
using LogAudit.Forwarding;
using LogAudit.Products;
using Microsoft.Extensions.DependencyInjection;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Cli.Commands;

/// <summary><c>logaudit status</c>: the last full run's coverage, and how far every destination is on every shard.</summary>
internal static class StatusCommand
{
    public static Command Create(Terminal terminal)
    {
        var settings = CommonOptions.Settings();
        var output = CommonOptions.Output();
        var command = new Command(
            "status",
            "Shows coverage, and per destination and shard what was read, delivered, lost and is pending. Exit code 3 when something needs a person."
        )
        {
            settings,
            output,
        };
        command.SetWork(
            terminal,
            async (parsed, cancel) =>
            {
                var read = Composition.ReadSettings(parsed.GetValue(settings)!);
                await using var services = Composition.Services(read, terminal);
                terminal.Tell("reading the last run and how far every destination is …");
                var (run, poll) = await services.GetRequiredService<RunHistory>().LastAsync(cancel);
                var targets = ServiceRegistration.TargetsOf(
                    read,
                    services.GetRequiredService<ProductCatalogue>().LogKinds
                );
                var shards = await services.GetRequiredService<StatusReader>().ReadAsync(targets, cancel);
                var canaries = await services.GetRequiredService<CanaryReader>().ReadAsync(targets, cancel);
                if (parsed.GetValue(output) is "json")
                {
                    terminal.Write(
                        new JObject
                        {
                            ["lastRun"] = run is null ? null : JObject.Parse(RunJson.Write(run)),
                            ["poll"] = poll is null ? null : Json(poll),
                            ["forwarding"] = new JArray(shards.Select(Json)),
                            ["canaries"] = new JArray(canaries.Select(CanaryText.Json)),
                        }.ToString(Formatting.None)
                    );
                }
                else
                {
                    terminal.Write(
                        run is null
                            ? "no full run is recorded (the run Logstore keeps 400 days)"
                            : ReportText.Print(run)
                    );
                    if (poll is not null)
                    {
                        terminal.Write(ReportText.Print(poll));
                    }

                    terminal.Write(
                        $"{"destination and shard", -64} {"read", 9} {"delivered", 9} {"sent", 7} {"filtered", 8} {"dead", 6} {"pending", 7} {"expired", 7} {"lag", 8} {"lag s", 7}"
                    );
                    foreach (var shard in shards)
                    {
                        terminal.Write(Line(shard));
                    }

                    CanaryText.Write(terminal, canaries);
                }

                return
                    run is { NeedsAttention: true }
                    || poll is { Report.Unknown.Count: > 0 }
                    || shards.Any(shard => shard.LastError.Length > 0)
                    || canaries.Any(canary => canary.Silent)
                    ? ExitCodes.Changes
                    : ExitCodes.Done;
            }
        );
        return command;
    }

    private static JObject Json(PollNote poll)
    {
        var told = JObject.Parse(poll.Report.ToJson());
        told["at"] = poll.At.ToString("O", CultureInfo.InvariantCulture);
        return told;
    }

    private static string Line(SyncStatus shard) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{shard.Key, -64} {shard.Counts.Read, 9} {shard.Counts.Delivered, 9} {shard.Counts.Sent, 7} {shard.Counts.Filtered, 8} {shard.Counts.DeadLettered, 6} {shard.Counts.Pending, 7} {shard.ExpiredRanges, 7} {LagRecords(shard), 8} {LagSeconds(shard), 7}{(shard.LastError.Length == 0 ? "" : $"  {shard.LastError}")}"
        );

    private static string LagRecords(SyncStatus shard) =>
        shard.Lag is { } lag
            ? string.Create(CultureInfo.InvariantCulture, $"{(lag.IsLeast ? ">" : "")}{lag.Records}")
            : "gone";

    private static string LagSeconds(SyncStatus shard) =>
        shard.Lag is { } lag ? lag.Age.TotalSeconds.ToString("0", CultureInfo.InvariantCulture) : "gone";

    private static JObject Json(SyncStatus shard) =>
        new()
        {
            ["destination"] = shard.Key.Destination,
            ["shard"] = shard.Key.Shard.ToString(),
            ["read"] = shard.Counts.Read,
            ["delivered"] = shard.Counts.Delivered,
            ["sent"] = shard.Counts.Sent,
            ["filtered"] = shard.Counts.Filtered,
            ["deadLettered"] = shard.Counts.DeadLettered,
            ["pending"] = shard.Counts.Pending,
            ["expiredRanges"] = shard.ExpiredRanges,
            ["lagRecords"] = shard.Lag?.Records,
            ["lagRecordsIsLeast"] = shard.Lag?.IsLeast,
            ["lagSeconds"] = shard.Lag?.Age.TotalSeconds,
            ["lastError"] = shard.LastError,
        };
}
