using System.Globalization;
using LogAudit.Collection;
using LogAudit.EndToEnd.Tests.Permissions;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace LogAudit.EndToEnd.Tests.Convergence;

/// <summary>
/// Whatever people and the cloud do in whatever order, the estate ends where the policy expression wants it, over the real wire, with the
/// real handlers and the rights of the generated roles.
/// </summary>
/// <remarks><c>LOGAUDIT_CONVERGENCE_SEEDS=10..40</c> plays more sequences; a failure prints its seed and what happened.</remarks>
public sealed class ConvergenceTests(ITestOutputHelper output)
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private const string DropsSandboxes = "drop tag.env == \"sandbox\"\naccept \"*\"";

    public static TheoryData<string, int> Sequences()
    {
        var sequences = new TheoryData<string, int>
        {
            { "List", 1 },
            { "Directory", 2 },
            { "List", 3 },
        };
        var more = (Environment.GetEnvironmentVariable("LOGAUDIT_CONVERGENCE_SEEDS") ?? "").Split("..");
        if (more is [var first, var last])
        {
            for (var seed = int.Parse(first, Invariant); seed <= int.Parse(last, Invariant); seed++)
            {
                sequences.Add(seed % 2 == 0 ? "Directory" : "List", seed);
            }
        }

        return sequences;
    }

    [Theory]
    [MemberData(nameof(Sequences))]
    public async Task Random_trouble_ends_in_the_state_that_the_policy_asks_for_and_undo_takes_all_of_it_back(
        string mode,
        int seed
    )
    {
        await using var cloud = await StartAsync(Enum.Parse<AccountsMode>(mode), seed);
        var outside = new Outside(cloud);
        await outside.AddPoliciesAsync();
        var theirs = await outside.SnapshotAsync();
        var estate = new TroubledEstate(cloud, seed);
        try
        {
            await PlayAsync(estate, seed);
            await QuietAsync(cloud, estate);
            AssertAsThePolicyAsks(cloud, estate);
            Assert.Equal(theirs, await outside.SnapshotAsync());

            await UndoAsync(cloud, estate);
            Assert.Equal(theirs, await outside.SnapshotAsync());
        }
        catch
        {
            output.WriteLine($"{mode}, seed {seed}:\n{string.Join('\n', estate.Story)}");
            throw;
        }

        output.WriteLine(string.Join(", ", estate.Struck.Select(pair => $"{pair.Key} {pair.Value}")));
    }

    private static Task<GovernedCloud> StartAsync(AccountsMode mode, int seed) =>
        GovernedCloud.StartAsync(
            mode,
            seed: seed,
            change: usual =>
                usual with
                {
                    Accounts = usual.Accounts with { ExternalId = "handshake" },
                    Collect = new Dictionary<string, string>(usual.Collect)
                    {
                        ["slb_access_collection_policy"] = DropsSandboxes,
                        ["vpc_flow_collection_policy"] = DropsSandboxes,
                        ["rds_audit_collection_policy"] = DropsSandboxes,
                        ["rds_slow_collection_policy"] = DropsSandboxes,
                    },
                },
            before: cloud =>
            {
                Outside.Build(cloud);
                TroubledEstate.Build(cloud);
            }
        );

    /// <summary>Every kind twice, in the order of the seed, and each of them must have struck.</summary>
    private static async Task PlayAsync(TroubledEstate estate, int seed)
    {
        Trouble[] deck = [.. Enum.GetValues<Trouble>(), .. Enum.GetValues<Trouble>()];
        new Random(seed).Shuffle(deck);
        foreach (var kind in deck)
        {
            await estate.MakeAsync(kind);
        }

        Assert.Equal([], Enum.GetValues<Trouble>().Where(kind => estate.Struck.GetValueOrDefault(kind) == 0));
    }

    /// <summary>Runs until one finds nothing to do; the run after that writes nothing, as the cloud counts requests.</summary>
    private static async Task QuietAsync(GovernedCloud cloud, TroubledEstate estate)
    {
        var report = await estate.RunAsync();
        for (var run = 0; run < 3 && report.Writes > 0; run++)
        {
            report = await estate.RunAsync();
        }

        Assert.Equal([], report.Errors.Concat(report.Unknown));
        var from = cloud.Cloud.Requests.Latest;
        var quiet = await estate.RunAsync();

        Assert.Equal(0, quiet.Writes);
        Assert.Equal([], quiet.Errors.Concat(quiet.Unknown));
        Assert.Equal([], cloud.WritesSince(from));
        foreach (var row in quiet.Coverage.Where(row => row.Product is not "actiontrail"))
        {
            var resources = estate.Living.Where(one =>
                one.Resource.Product == row.Product && one.Resource.Account == row.Account.Value
            );
            var redirected = row is { Product: "slb", Account.Value: GovernedCloud.Member } ? 1 : 0;
            Assert.Equal(
                (row.Account, row.Product, resources.Count(one => !one.IsDropped), redirected),
                (row.Account, row.Product, row.Collecting, row.NotCollecting)
            );
        }
    }

    private static void AssertAsThePolicyAsks(GovernedCloud cloud, TroubledEstate estate)
    {
        var logging = cloud.Logging();
        foreach (var one in estate.Living)
        {
            var states = logging
                .Where(state =>
                    state.Key.StartsWith($"{one.Resource.Product}/{one.Resource.Id}/", StringComparison.Ordinal)
                )
                .ToList();
            Assert.NotEmpty(states);
            foreach (var (key, places) in states)
            {
                if (!one.IsDropped)
                {
                    Assert.True(places.Length > 0, $"{key} does not collect");
                    Assert.True(
                        one.Resource.Product is not "vpc" || places.Split("LogPlace").Length == 2,
                        $"{key} collects more than once: {places}"
                    );
                }
                else if (!one.WasTaken || (one.OffWhileDropped && key == one.SwitchKey))
                {
                    Assert.True(places.Length == 0, $"{key} is dropped and collects to {places}");
                }
            }
        }

        Assert.All(GovernedCloud.Accounts, account => Assert.Contains($"trail of {account}", cloud.Made()));
    }

    private static async Task UndoAsync(GovernedCloud cloud, TroubledEstate estate)
    {
        await using var administrator = cloud.AsAdministrator();
        var undo = administrator.GetRequiredService<IUndo>();
        var plan = await undo.PlanAsync([], CancellationToken.None);
        var applied = await undo.ApplyAsync(plan, Deadline.None, CancellationToken.None);
        var again = await undo.PlanAsync([], CancellationToken.None);

        Assert.Equal([], applied.Where(one => !one.InPlace).Select(one => $"{one.Planned.Change.Setting}: {one.Note}"));
        Assert.Equal([], again.Changes.Select(planned => PlanText.Line(planned.Change)));
        var logging = cloud.Logging();
        Assert.Equal(
            [],
            estate
                .Living.SelectMany(one =>
                    logging.Where(state =>
                        state.Key.StartsWith($"{one.Resource.Product}/{one.Resource.Id}/", StringComparison.Ordinal)
                    )
                )
                .Where(state => state.Value.Length > 0)
                .Select(state => $"{state.Key} still collects to {state.Value}")
        );
        Assert.Equal([], cloud.Made().Where(one => !one.EndsWith(Outside.Role, StringComparison.Ordinal)));
    }
}
