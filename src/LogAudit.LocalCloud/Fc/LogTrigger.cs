using System.Collections.Concurrent;
using System.Text;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Fc;

/// <summary>An SLS trigger: every interval, for each shard with new data, tells the function the cursor range; the data itself stays in SLS.</summary>
/// <remarks>Source: FC, SLS triggers. The interval is a limit of the service and stays in real time.</remarks>
internal sealed class LogTrigger
{
    private readonly Cloud cloud;
    private readonly Func<DeployedFunction> function;
    private readonly FunctionTrigger trigger;
    private readonly SlsStore store;
    private readonly string project;
    private readonly string logstore;
    private readonly int retries;

    /// <summary>Next cursor to announce of each shard.</summary>
    private readonly ConcurrentDictionary<int, long> positions = new();
    private readonly ConcurrentDictionary<int, bool> running = new();

    private LogTrigger(Cloud cloud, Func<DeployedFunction> function, FunctionTrigger trigger)
    {
        this.cloud = cloud;
        this.function = function;
        this.trigger = trigger;
        store = cloud.Services.Get<SlsStore>();
        project = ProjectOf(trigger.SourceArn, function().Definition);
        logstore =
            (string?)trigger.Config.SelectToken("sourceConfig.logstore")
            ?? throw FcErrors.InvalidArgument("sourceConfig.logstore is required");
        retries = Number("maxRetryTime", 0, 100);
        if (trigger.InvocationRole.Length == 0)
        {
            throw FcErrors.InvalidArgument("a log trigger needs an invocationRole, which SLS assumes");
        }

        var own = store.Project(project);
        if (own is null || own.Account != function().Definition.Account || own.Region != function().Definition.Region)
        {
            throw FcErrors.InvalidArgument(
                $"project '{project}' does not exist in the account and region of the function"
            );
        }

        var source =
            own.Logstore(logstore)
            ?? throw FcErrors.InvalidArgument($"Logstore '{logstore}' of project '{project}' does not exist");
        foreach (var shard in source.Shards)
        {
            // Without startTime a trigger begins at the newest data.
            positions[shard.Id] = trigger.Config.SelectToken("sourceConfig.startTime") is null
                ? shard.EndCursor
                : shard.BeginCursor;
        }
    }

    public static void Start(Cloud cloud, Func<DeployedFunction> function, FunctionTrigger trigger)
    {
        var source = new LogTrigger(cloud, function, trigger);
        var interval = TimeSpan.FromSeconds(source.Number("triggerInterval", 3, 600));
        if (trigger.Config["enable"]?.Type == JTokenType.Boolean && !(bool)trigger.Config["enable"]!)
        {
            return;
        }

        cloud.Background.Start(
            $"log trigger {trigger.Name}",
            async stop =>
            {
                while (!trigger.Stopped.IsCancellationRequested)
                {
                    await Task.Delay(interval, cloud.Clock, stop);
                    source.Ring(stop);
                }
            }
        );
    }

    private void Ring(CancellationToken stop)
    {
        foreach (var shard in store.Logstore(project, logstore)?.Shards ?? [])
        {
            var from = positions.GetOrAdd(shard.Id, _ => shard.BeginCursor);
            var to = shard.EndCursor;
            if (from < to && !trigger.Stopped.IsCancellationRequested && running.TryAdd(shard.Id, true))
            {
                cloud.Background.Start(
                    $"log trigger {trigger.Name} shard {shard.Id}",
                    _ => DeliverAsync(shard.Id, from, to, stop)
                );
            }
        }
    }

    private async Task DeliverAsync(int shard, long from, long to, CancellationToken stop)
    {
        try
        {
            for (var attempt = 0; attempt <= retries; attempt++)
            {
                if (MayInvoke() && await TryAsync(shard, from, to, stop))
                {
                    positions[shard] = to;
                    return;
                }

                await Task.Delay(TimeSpan.FromSeconds(1), cloud.Clock, stop);
            }

            // Whether the range is told again or skipped after the retries is documented ambiguously: both happen here.
            if (cloud.Next(2) == 0)
            {
                positions[shard] = to;
            }
        }
        finally
        {
            running.TryRemove(shard, out _);
        }
    }

    private async Task<bool> TryAsync(int shard, long from, long to, CancellationToken stop)
    {
        try
        {
            trigger.Fired++;
            var result = await function()
                .InvokeAsync($"log {logstore}/{shard}", Guid.NewGuid().ToString(), Event(shard, from, to), stop);
            return result.Ok;
        }
        catch (CloudError)
        {
            return false;
        }
    }

    /// <summary>SLS assumes the trigger's role and needs <c>fc:InvokeFunction</c> by it.</summary>
    private bool MayInvoke()
    {
        var target = function().Definition;
        return cloud.Trust.AssumeAsService(trigger.InvocationRole, "log.aliyuncs.com", target.Account) is { } caller
            && cloud.Ram.Decide(caller, "fc:InvokeFunction", target.Arn).Allowed;
    }

    private byte[] Event(int shard, long from, long to) =>
        Encoding.UTF8.GetBytes(
            new JObject
            {
                ["parameter"] = trigger.Config["functionParameter"] ?? new JObject(),
                ["source"] = new JObject
                {
                    ["endpoint"] = $"http://{function().Definition.Region}-intranet.log.aliyuncs.com",
                    ["projectName"] = project,
                    ["logstoreName"] = logstore,
                    ["shardId"] = shard,
                    ["beginCursor"] = Cursor.Write(from),
                    ["endCursor"] = Cursor.Write(to),
                },
                ["jobName"] = trigger.Name,
                ["taskId"] = Guid.NewGuid().ToString(),
                ["cursorTime"] = cloud.Clock.GetUtcNow().ToUnixTimeSeconds(),
            }.ToString(Formatting.None)
        );

    private int Number(string key, int least, int most) =>
        trigger.Config.SelectToken($"jobConfig.{key}") is { Type: JTokenType.Integer } value
        && (int)value >= least
        && (int)value <= most
            ? (int)value
            : throw FcErrors.InvalidArgument($"jobConfig.{key} must be an integer from {least} to {most}");

    private static string ProjectOf(string arn, FunctionDefinition function)
    {
        // acs:log:{region}:{account}:project/{project}; project and function must be in one region.
        var parts = arn.Split(':');
        return
            parts is ["acs", "log", var region, var account, var rest]
            && rest.StartsWith("project/", StringComparison.Ordinal)
            && region == function.Region
            && account == function.Account
            ? rest["project/".Length..]
            : throw FcErrors.InvalidArgument(
                $"sourceArn '{arn}' must be acs:log:{function.Region}:{function.Account}:project/<project>: project and function in one account and region"
            );
    }
}
