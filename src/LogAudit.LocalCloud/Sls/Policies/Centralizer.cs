using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;

namespace LogAudit.LocalCloud.Sls.Policies;

/// <summary>
/// The transformation jobs that SLS makes itself for policies with <c>centralizeEnabled</c>: second hop from the default
/// Logstore of a region to the central one. What cannot be delivered waits for its project to come back.
/// </summary>
internal sealed class Centralizer(Cloud cloud, SlsStore store)
{
    /// <summary>Days a central Logstore keeps data when the policy does not say (assumed).</summary>
    private const int DefaultTtlDays = 180;

    /// <summary>Groups that may wait; older ones are dropped, as their source would expire.</summary>
    private const int MostWaiting = 100_000;

    private readonly Lock gate = new();
    private readonly LinkedList<Waiting> waiting = new();

    private NamedDelay Hop { get; } =
        cloud.Delays.Declare(
            "collection policy centralises",
            TimeSpan.FromSeconds(10),
            "assumed: no figure is published for the second hop"
        );

    /// <summary>Groups on their way.</summary>
    public int Pending
    {
        get
        {
            lock (gate)
                return waiting.Count;
        }
    }

    /// <summary>Sends a group on its way.</summary>
    public void Carry(CentralTarget target, CheckedGroup group, int? ttlDays)
    {
        lock (gate)
        {
            waiting.AddLast(new Waiting(cloud.Clock.GetUtcNow() + cloud.Delays.Of(Hop), target, group, ttlDays));
            if (waiting.Count > MostWaiting)
                waiting.RemoveFirst();
        }
    }

    /// <summary>Delivers what is due. Nothing is held locked meanwhile: a writer may be told of it and ask other parts.</summary>
    public void Run()
    {
        var now = cloud.Clock.GetUtcNow();
        List<Waiting> due = [];
        lock (gate)
        {
            while (waiting.First is { Value: var first } && first.Due <= now)
            {
                due.Add(first);
                waiting.RemoveFirst();
            }
        }
        var again = due.Where(one => !Deliver(one)).ToArray();
        lock (gate)
        {
            foreach (var one in again.Reverse())
                waiting.AddFirst(one);
        }
    }

    private bool Deliver(Waiting one)
    {
        if (
            store.Project(one.Target.Project) is not { } project
            || project.Account != one.Target.AccountId
            || project.Region != one.Target.Region
        )
            return false;
        project
            .EnsureLogstore(one.Target.Logstore, one.TtlDays ?? DefaultTtlDays)
            .Append(one.Group, hashKey: null, clientIp: null);
        return true;
    }

    private sealed record Waiting(DateTimeOffset Due, CentralTarget Target, CheckedGroup Group, int? TtlDays);
}
