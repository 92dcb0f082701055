using System.Text;
using LogAudit.Collection;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.EndToEnd.Tests.Permissions;

/// <summary>
/// The generated policies grant what the functions need and nothing more: each action is taken away in turn, everything that
/// people can break is broken, and the run that should mend it must say that it could not.
/// </summary>
public sealed class LeastPrivilegeTests
{
    [Theory]
    [InlineData("List")]
    [InlineData("Directory")]
    public async Task Every_granted_action_is_needed_and_its_absence_is_told(string mode)
    {
        // The slow log is read by API only half an hour after its policy failed; the metrics always are.
        await using var cloud = await GovernedCloud.StartAsync(
            Enum.Parse<AccountsMode>(mode),
            change: usual =>
                usual with
                {
                    Collect = usual
                        .Collect.Where(variable => variable.Key is not "rds_slow_enabled")
                        .Append(new("rds_perf_enabled", "true"))
                        .ToDictionary(variable => variable.Key, variable => variable.Value),
                }
        );
        var damage = new Damage(cloud);
        (string Name, Func<Task> Break)[] drills =
        [
            ("nothing", () => Task.CompletedTask),
            ("gone", damage.DeleteAsync),
            ("edited", damage.EditAsync),
        ];
        Assert.Equal([], await RunAsync(cloud));

        // With every right: everything is mended, nothing is refused, and the cloud tells what was asked for.
        var asked = new Dictionary<string, IReadOnlyCollection<RamQuestion>>();
        foreach (var drill in drills)
        {
            // What was read once is not read again within minutes, unless nobody remembers.
            damage.Forget();
            await drill.Break();
            cloud.Cloud.Ram.Forget();
            Assert.Equal([], await RunAsync(cloud));
            asked[drill.Name] = cloud.Cloud.Ram.Asked;
            Assert.DoesNotContain(asked[drill.Name], question => !question.Allowed);
        }

        var (needless, untold) = (new List<string>(), new List<string>());
        foreach (var (account, role) in Roles)
        {
            var grants = Grant.Of(cloud.Cloud, account, role);
            foreach (var grant in grants)
            {
                var drill = drills.FirstOrDefault(one => asked[one.Name].Any(grant.Answers));
                if (drill.Name is null)
                {
                    needless.Add(grant.ToString());
                }
                else if (mode is "List" || grant.Action.StartsWith("resourcemanager:", StringComparison.Ordinal))
                {
                    // What both modes grant is taken away in one of them only.
                    damage.Forget();
                    await drill.Break();
                    Grant.Give(cloud.Cloud, account, role, [.. grants.Where(other => other != grant)]);
                    if ((await RunAsync(cloud)).Count == 0)
                    {
                        untold.Add(grant.ToString());
                    }

                    Grant.Give(cloud.Cloud, account, role, grants);
                    if (drill.Name is not "nothing")
                    {
                        await RunAsync(cloud);
                    }
                }
            }
        }

        Assert.True(needless.Count == 0, $"granted and never asked for:\n{string.Join('\n', needless)}");
        Assert.True(untold.Count == 0, $"its absence was not told:\n{string.Join('\n', untold)}");
    }

    private static (string Account, string Role)[] Roles =>
        [(GovernedCloud.Central, OwnRoles.Function), (GovernedCloud.Member, OwnRoles.Member)];

    /// <summary>What the functions do in a round, with what they say about it that a person must see.</summary>
    private static async Task<IReadOnlyList<string>> RunAsync(GovernedCloud cloud)
    {
        await using var function = cloud.AsFunction();
        var told = new List<string>();
        try
        {
            var report = await function
                .GetRequiredService<IReconciler>()
                .RunAsync("timer", Deadline.None, CancellationToken.None);
            told.AddRange([.. report.Errors, .. report.Unknown, .. report.Findings]);
            var polled = await function
                .GetRequiredService<PollFunction>()
                .InvokeAsync(Deadline.None, CancellationToken.None);
            told.AddRange(polled.Unknown);
            var change = function.GetRequiredService<OnChangeFunction>();
            var shards = cloud
                .Cloud.Services.Get<SlsStore>()
                .Logstore(GovernedCloud.Project, "actiontrail_logaudit")!
                .Shards;
            foreach (var shard in shards)
            {
                var answer = await change.InvokeAsync(Bell(shard.Id), Deadline.None, CancellationToken.None);
                told.AddRange([.. answer.Errors, .. answer.Unknown]);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            told.Add(exception.Message);
        }

        return told;
    }

    private static byte[] Bell(int shard) =>
        Encoding.UTF8.GetBytes(
            $$$"""{"parameter":{},"source":{"endpoint":"","projectName":"{{{GovernedCloud.Project}}}","logstoreName":"actiontrail_logaudit","shardId":{{{shard}}},"beginCursor":"","endCursor":""},"jobName":"j","taskId":"t","cursorTime":1}"""
        );
}
