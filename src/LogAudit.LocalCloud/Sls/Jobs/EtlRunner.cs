using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;

namespace LogAudit.LocalCloud.Sls.Jobs;

/// <summary>
/// Runs the transformation jobs: what is new in the source goes to every sink, with the rights of the roles that the job
/// names. A job that fails shows why and stands still until that is mended.
/// </summary>
internal sealed class EtlRunner(Cloud cloud, SlsStore store)
{
    private const string Service = "log.aliyuncs.com";
    private const int GroupsPerRound = 1000;

    /// <summary>What the role of a source must allow. Source: custom policy for reading a source Logstore, SLS data transformation.</summary>
    private static readonly string[] SourceActions =
    [
        "log:ListShards",
        "log:GetCursorOrData",
        "log:GetConsumerGroupCheckPoint",
        "log:UpdateConsumerGroup",
        "log:ConsumerGroupHeartBeat",
        "log:ConsumerGroupUpdateCheckPoint",
        "log:ListConsumerGroup",
        "log:CreateConsumerGroup",
    ];

    /// <summary>Runs every job once.</summary>
    public void Run()
    {
        foreach (var project in store.Projects)
        {
            foreach (var job in project.Jobs.Values.Where(job => job is { Etl: not null, IsStopped: false }))
                Run(project, job, job.Etl!);
        }
    }

    private void Run(SlsProject project, SlsJob job, EtlJob etl)
    {
        lock (job.Positions)
        {
            try
            {
                var source =
                    project.Logstore(etl.Logstore)
                    ?? throw Failed($"source Logstore {project.Name}/{etl.Logstore} does not exist");
                if (!HasWork(job, etl, source))
                    return;
                AllowSource(project, job, etl);
                Move(job, etl, source, [.. etl.Sinks.Select(sink => Open(sink, project.Account))]);
                job.Failure = null;
            }
            catch (CloudError failure)
            {
                job.Failure = failure.Message;
            }
        }
    }

    private static bool HasWork(SlsJob job, EtlJob etl, SlsLogstore source) =>
        job.Failure is not null
        || source.Shards.Any(shard =>
            !job.Positions.TryGetValue(shard.Id, out var at) || (at < shard.EndCursor && !Ended(etl, shard, at))
        );

    private static bool Ended(EtlJob etl, SlsShard shard, long at) =>
        etl.ToTime > 0 && shard.ReceivedAt(at) >= etl.ToTime;

    private static void Move(SlsJob job, EtlJob etl, SlsLogstore source, IReadOnlyList<SlsLogstore> sinks)
    {
        foreach (var shard in source.Shards)
        {
            var at =
                job.Positions.TryGetValue(shard.Id, out var reached) ? reached
                : etl.FromTime > 0 ? shard.CursorAt(etl.FromTime)
                : shard.BeginCursor;
            at = Math.Max(at, shard.BeginCursor);
            foreach (var group in shard.Groups(at, GroupsPerRound))
            {
                if (etl.ToTime > 0 && group.Mark.ReceivedAt >= etl.ToTime)
                    break;
                var changed = etl.Script.Apply(new CheckedGroup(group.Bytes, group.Mark.Facts));
                foreach (var sink in sinks)
                    sink.Append(changed, hashKey: null, clientIp: null);
                at = group.Cursor + 1;
            }
            job.Positions[shard.Id] = at;
        }
    }

    private SlsLogstore Open(EtlSink sink, string account)
    {
        var project =
            store.Project(sink.Project) ?? throw Failed($"project {sink.Project} of sink {sink.Name} does not exist");
        var logstore =
            project.Logstore(sink.Logstore)
            ?? throw Failed($"Logstore {sink.Project}/{sink.Logstore} of sink {sink.Name} does not exist");
        if (SlsHost.RegionOf(sink.Endpoint) is { } region && region != project.Region)
            throw Failed(
                $"endpoint {sink.Endpoint} of sink {sink.Name} is not in region {project.Region} of project {sink.Project}"
            );
        Allow(
            Assume(sink.RoleArn, account),
            sink.RoleArn,
            "log:PostLogStoreLogs",
            $"acs:log:{project.Region}:{project.Account}:project/{project.Name}/logstore/{logstore.Name}"
        );
        var owner = sink.RoleArn.Split(':').ElementAtOrDefault(3);
        return owner == project.Account
            ? logstore
            : throw Failed(
                $"role {sink.RoleArn} of sink {sink.Name} is not of account {project.Account}, which owns project {project.Name}"
            );
    }

    /// <summary>A job reads through a consumer group of its own; its name here is assumed.</summary>
    private void AllowSource(SlsProject project, SlsJob job, EtlJob etl)
    {
        var logstore = $"acs:log:{project.Region}:{project.Account}:project/{project.Name}/logstore/{etl.Logstore}";
        var caller = Assume(etl.RoleArn, project.Account);
        foreach (var action in SourceActions)
        {
            var ofGroup = action.Contains("ConsumerGroup", StringComparison.Ordinal);
            Allow(caller, etl.RoleArn, action, ofGroup ? $"{logstore}/consumergroup/etl-{job.Name}" : logstore);
        }
    }

    private Caller Assume(string roleArn, string account) =>
        cloud.Trust.AssumeAsService(roleArn, Service, account)
        ?? throw Failed(
            $"role {roleArn} cannot be assumed: it does not exist or does not trust {Service} for account {account}"
        );

    private void Allow(Caller caller, string roleArn, string action, string resource)
    {
        if (!cloud.Ram.Decide(caller, action, resource).Allowed)
            throw Failed($"role {roleArn} may not do {action} on {resource}");
    }

    private static CloudError Failed(string why) => new(400, "JobFailed", why);
}
