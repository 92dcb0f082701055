using LogAudit.LocalCloud.Fc;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Cli.Demo;

/// <summary>Finds by which road a change was heard: the last write in the resource's account before it collected, and the invocation that made it.</summary>
internal static class RoadFinder
{
    /// <summary>Writes of LogAudit's own state, which change nothing in the estate.</summary>
    private static readonly string[] StateCalls =
    [
        "PutLogs",
        "PostLogStoreLogs",
        "CreateConsumerGroup",
        "UpdateConsumerGroup",
        "ConsumerGroupUpdateCheckPoint",
        "UpdateCheckPoint",
        "SaveCheckpoint",
        "ConsumerGroupHeartBeat",
        "AssumeRole",
    ];

    /// <summary>Whether a request changes the estate.</summary>
    public static bool ChangesTheEstate(RequestEntry request) =>
        request.IsWrite
        && !StateCalls.Contains(request.Action, StringComparer.OrdinalIgnoreCase)
        && request.Product is not ("FC" or "LocalCloud");

    /// <summary><c>bus</c>, <c>trail</c>, <c>timer</c>, or <c>policy</c> where the collection policy itself found the resource and nothing was written.</summary>
    public static string Of(
        PlayedChange change,
        ScenarioScript script,
        IReadOnlyList<RequestEntry> requests,
        IReadOnlyCollection<InvocationNote> invocations
    )
    {
        var repair = requests.LastOrDefault(request =>
            request.Time >= change.At
            && request.Time <= change.CollectingAt
            && request.AccountId == change.Change.Resource.Account
            && ChangesTheEstate(request)
            && request.Status is >= 200 and < 300
        );
        if (repair is null)
        {
            return "policy";
        }

        var during = invocations
            .Where(note =>
                note.Began <= repair.Time
                && repair.Time <= note.Began + note.Took
                && Road(note) is { } road
                && (road is not "bus" || IsOnOwnBus(change, script))
            )
            .ToList();
        var writing = during.Where(Wrote).ToList();
        return (writing.Count > 0 ? writing : during).Select(Road).FirstOrDefault() ?? "other";
    }

    /// <summary>A bus carries only events of its own account and region.</summary>
    private static bool IsOnOwnBus(PlayedChange change, ScenarioScript script) =>
        change.Change.Resource.Account == script.CentralAccount
        && change.Change.Resource.Region == script.CentralRegion;

    private static string? Road(InvocationNote note) =>
        note.Function is "logaudit-sync" ? null
        : note.Cause.StartsWith("event", StringComparison.Ordinal) ? "bus"
        : note.Cause.StartsWith("log", StringComparison.Ordinal) ? "trail"
        : note.Cause.StartsWith("timer", StringComparison.Ordinal) ? "timer"
        : null;

    private static bool Wrote(InvocationNote note)
    {
        try
        {
            return (int?)JObject.Parse(note.Answer)["writes"] > 0;
        }
        catch (JsonException)
        {
            // An answer that was cut for the note, or a failure's text.
            return note.Answer.Contains("\"writes\":", StringComparison.Ordinal)
                && !note.Answer.Contains("\"writes\":0", StringComparison.Ordinal);
        }
    }
}
