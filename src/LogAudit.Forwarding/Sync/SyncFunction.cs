using System.Text.Json;

namespace LogAudit.Forwarding;

/// <summary>An event that <c>Sync</c> cannot act on.</summary>
public sealed class SyncEventException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What the function <c>Sync</c> does with an event: an SLS trigger is a doorbell for one shard, a timer is the sweep over all Logstores.</summary>
/// <remarks>
/// The cursors in the trigger's event are not used: the truth is the checkpoint. Event shapes: Function Compute, log trigger
/// (<c>source.projectName</c>, <c>source.logstoreName</c>, <c>source.shardId</c>) and timer trigger (<c>triggerTime</c>, <c>triggerName</c>).
/// </remarks>
/// <param name="engine">Does the work.</param>
/// <param name="central">The central account, region and project.</param>
/// <param name="logstores">Logstores that the sweep visits.</param>
/// <param name="canaries">Writes and watches canaries when the timer comes; null when they are switched off.</param>
public sealed class SyncFunction(
    SyncEngine engine,
    CentralSettings central,
    IReadOnlyList<LogstoreName> logstores,
    CanaryWatch? canaries
)
{
    /// <summary>Handles one event.</summary>
    /// <param name="payload">The event's body.</param>
    /// <param name="deadline">No new work begins after it.</param>
    /// <param name="cancel">Gives up at once.</param>
    /// <exception cref="SyncEventException">The event cannot be read, or belongs to another project. Nothing was touched.</exception>
    public Task<SyncReport> RunAsync(ReadOnlyMemory<byte> payload, Deadline deadline, CancellationToken cancel) =>
        Doorbell(payload) is var (target, shard)
            ? engine.RunShardAsync(target, shard, deadline, cancel)
            : SweepAsync(deadline, cancel);

    // The shard whose doorbell rang; null for the timer.
    private (LogTarget Target, int Shard)? Doorbell(ReadOnlyMemory<byte> payload)
    {
        using var json = Parse(payload);
        var root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Unreadable("it is no JSON object");
        }

        if (root.TryGetProperty("source", out var source) && source.ValueKind == JsonValueKind.Object)
        {
            return Doorbell(source);
        }

        return root.TryGetProperty("triggerTime", out _) || root.TryGetProperty("triggerName", out _)
            ? null
            : throw Unreadable("it has neither 'source' (log trigger) nor 'triggerTime' (timer)");
    }

    private async Task<SyncReport> SweepAsync(Deadline deadline, CancellationToken cancel)
    {
        var targets = logstores.Select(Target).ToList();
        if (canaries is not null)
        {
            await canaries.TickAsync(targets, cancel);
        }

        return await engine.SweepAsync(targets, deadline, cancel);
    }

    private LogTarget Target(LogstoreName logstore) => new(central.Account, central.Region, central.Project, logstore);

    private (LogTarget Target, int Shard) Doorbell(JsonElement source)
    {
        var project = Text(source, "projectName");
        var logstore = Text(source, "logstoreName");
        if (!string.Equals(project, central.Project.Value, StringComparison.Ordinal))
        {
            throw new SyncEventException(
                $"A log trigger of project '{project}' rang; this function serves {central.Project}. Remove that trigger or deploy the function with that project's settings."
            );
        }

        if (!LogstoreName.IsValid(logstore))
        {
            throw Unreadable($"source.logstoreName '{logstore}' is not a Logstore name");
        }

        if (!source.TryGetProperty("shardId", out var shard) || !shard.TryGetInt32OrText(out var number))
        {
            throw Unreadable("source.shardId is missing or not a number");
        }

        return (Target(new LogstoreName(logstore)), number);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return JsonDocument.Parse(payload);
        }
        catch (JsonException fault)
        {
            throw new SyncEventException(
                $"The event of {payload.Length} bytes cannot be read: it is not JSON (line {fault.LineNumber}, byte {fault.BytePositionInLine}). Check the trigger that calls this function.",
                fault
            );
        }
    }

    private static string Text(JsonElement source, string name) =>
        source.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() ?? ""
            : throw Unreadable($"source.{name} is missing or not a text");

    private static SyncEventException Unreadable(string why) =>
        new($"The event cannot be read: {why}. Check the trigger that calls this function.");
}

/// <summary>Lenient reading of numbers in events.</summary>
internal static class EventNumbers
{
    /// <summary>A whole number, also when it is written as a text.</summary>
    public static bool TryGetInt32OrText(this JsonElement element, out int value)
    {
        value = 0;
        return element.ValueKind switch
        {
            JsonValueKind.Number => element.TryGetInt32(out value) && value >= 0,
            JsonValueKind.String => int.TryParse(
                element.GetString(),
                System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture,
                out value
            ),
            _ => false,
        };
    }
}
