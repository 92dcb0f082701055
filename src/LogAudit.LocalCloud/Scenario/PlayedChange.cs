namespace LogAudit.LocalCloud.Scenario;

/// <summary>A change of the timeline that was made, and when its resource collected again.</summary>
public sealed class PlayedChange
{
    internal PlayedChange(ScenarioChange change, DateTimeOffset at, IReadOnlyList<string> eventIds, bool needsRepair)
    {
        Change = change;
        At = at;
        EventIds = eventIds;
        NeedsRepair = needsRepair;
    }

    /// <summary>What was done.</summary>
    public ScenarioChange Change { get; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; }

    /// <summary>Ids of the audit events that tell of it.</summary>
    public IReadOnlyList<string> EventIds { get; }

    /// <summary>Whether the resource can be collected and was not right after the change.</summary>
    public bool NeedsRepair { get; }

    /// <summary>When the resource collected, end to end, by the cloud's own state; null until then.</summary>
    public DateTimeOffset? CollectingAt { get; internal set; }
}
