using Newtonsoft.Json.Linq;

namespace LogAudit.Cli.Tests.Commands;

/// <summary>The commands in the order of a first deployment, on LocalCloud.</summary>
[Collection(ProcessEnvironmentTests.Name)]
public sealed class OnLocalCloudTests
{
    [Fact]
    public async Task From_bootstrap_to_undo_the_exit_codes_tell_how_things_are()
    {
        await using var estate = await LocalEstate.StartAsync();

        await BootstrapAsync(estate);
        await ApplyAsync(estate);
        await StatusAsync(estate);
        await UndoAsync(estate);
    }

    [Theory]
    [InlineData("")]
    [InlineData("n\n")]
    [InlineData("maybe\n")]
    public async Task Without_a_yes_nothing_is_written(string typed)
    {
        await using var estate = await LocalEstate.StartAsync();

        var ended = await estate.AnswerAsync(typed, "bootstrap");

        Assert.Equal(3, ended.Code);
        Assert.Contains("[y/N]", ended.Progress, StringComparison.Ordinal);
        Assert.Contains("nothing was written", ended.Progress, StringComparison.Ordinal);
        Assert.Empty(estate.WritesSince(0));
    }

    [Fact]
    public async Task A_typed_yes_is_enough()
    {
        await using var estate = await LocalEstate.StartAsync();

        var ended = await estate.AnswerAsync("y\n", "bootstrap");

        Assert.True(ended.Code == 0, ended.Progress);
    }

    [Fact]
    public async Task Bootstrap_without_roles_leaves_RAM_alone()
    {
        await using var estate = await LocalEstate.StartAsync();

        var ended = await estate.RunAsync("bootstrap", "--plan", "--without-roles", "--output", "json");

        Assert.Equal(3, ended.Code);
        Assert.DoesNotContain(
            JObject.Parse(ended.Output)["changes"]!,
            change => ((string)change["kind"]!).StartsWith("ram.", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_wrong_secret_fails_with_the_code_of_the_service_and_without_the_secret()
    {
        await using var estate = await LocalEstate.StartAsync();
        using var wrong = new ProcessEnvironment(("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "PlantedSecret"));

        var ended = await estate.RunAsync("bootstrap", "--yes");

        Assert.Equal(1, ended.Code);
        Assert.Contains("Signature", ended.Progress, StringComparison.Ordinal);
        Assert.DoesNotContain("PlantedSecret", ended.Progress + ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_lets_nobody_in_is_a_finding_and_holds_nothing_else()
    {
        await using var estate = await LocalEstate.StartOrganisationAsync();

        var bootstrapped = await estate.RunAsync("bootstrap", "--yes");
        var applied = await estate.RunAsync("apply", "--yes", "--member-access-role", Composition.DirectoryAccessRole);
        var again = await estate.RunAsync(
            "plan",
            "--output",
            "json",
            "--member-access-role",
            Composition.DirectoryAccessRole
        );

        Assert.Equal((3, 3, 3), (bootstrapped.Code, applied.Code, again.Code));
        Assert.Contains("account 1000000000000003 cannot be entered", bootstrapped.Progress, StringComparison.Ordinal);
        Assert.Equal(["slb", "slb"], estate.Collecting());
        var plan = OneDocument(again);
        Assert.Empty(plan["changes"]!);
        Assert.Contains(
            plan["findings"]!,
            finding => ((string)finding!).Contains("1000000000000003", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Undo_enters_members_by_the_role_that_a_person_has()
    {
        await using var estate = await LocalEstate.StartOrganisationAsync();
        await estate.RunAsync("bootstrap", "--yes");
        await estate.RunAsync("apply", "--yes", "--member-access-role", Composition.DirectoryAccessRole);

        var ended = await estate.RunAsync(
            "undo",
            "--yes",
            "--output",
            "json",
            "--member-access-role",
            Composition.DirectoryAccessRole
        );

        Assert.True(ended.Code == 0, ended.Progress);
        Assert.Empty(estate.Collecting());
    }

    private static async Task BootstrapAsync(LocalEstate estate)
    {
        var planned = await estate.RunAsync("bootstrap", "--plan", "--output", "json");
        Assert.True(planned.Code == 3, planned.Progress);
        Assert.NotEmpty(OneDocument(planned)["changes"]!);
        Assert.Empty(estate.WritesSince(0));

        var done = await estate.RunAsync("bootstrap", "--yes");
        Assert.True(done.Code == 0, done.Progress + done.Output);

        var again = await estate.RunAsync("bootstrap", "--plan");
        Assert.Equal((0, "nothing to change"), (again.Code, again.Output.Trim()));
    }

    private static async Task ApplyAsync(LocalEstate estate)
    {
        var before = estate.Cloud.Requests.Latest;
        var planned = await estate.RunAsync("plan", "--output", "json");
        Assert.True(planned.Code == 3, planned.Progress + planned.Output);
        Assert.NotEmpty(OneDocument(planned)["changes"]!);
        Assert.Empty(estate.WritesSince(before));

        var done = await estate.RunAsync("apply", "--yes", "--output", "json");
        Assert.True(done.Code == 0, done.Progress + done.Output);
        Assert.True((int)OneDocument(done)["writes"]! > 0, done.Output);
        Assert.Equal(["actiontrail", "oss", "rds", "slb", "vpc"], estate.Collecting());

        var from = estate.Cloud.Requests.Latest;
        var again = await estate.RunAsync("plan");
        Assert.Equal((0, "nothing to change"), (again.Code, again.Output.Trim()));
        var applied = await estate.RunAsync("apply");
        Assert.True(applied.Code == 0, applied.Progress + applied.Output);
        Assert.DoesNotContain("[y/N]", applied.Progress, StringComparison.Ordinal);
        Assert.All(
            estate.WritesSince(from),
            action => Assert.Contains("PutLogs", action, StringComparison.OrdinalIgnoreCase)
        );
    }

    private static async Task StatusAsync(LocalEstate estate)
    {
        var json = await estate.RunAsync("status", "--output", "json");
        Assert.True(json.Code == 0, json.Progress + json.Output);
        var document = OneDocument(json);
        Assert.Equal(5, document["lastRun"]!["coverage"]!.Select(row => (string)row["product"]!).Distinct().Count());
        Assert.Empty(document["forwarding"]!);

        var text = await estate.RunAsync("status");
        Assert.Equal(0, text.Code);
        Assert.Contains("slb", text.Output, StringComparison.Ordinal);
    }

    private static async Task UndoAsync(LocalEstate estate)
    {
        var from = estate.Cloud.Requests.Latest;
        var planned = await estate.RunAsync("undo", "--plan");
        Assert.True(planned.Code == 3, planned.Progress + planned.Output);
        Assert.Contains("would delete logs", planned.Output, StringComparison.Ordinal);
        Assert.Empty(estate.WritesSince(from));

        var done = await estate.RunAsync("undo", "--yes", "--output", "json");
        Assert.True(done.Code == 0, done.Progress + done.Output);
        Assert.All(
            JArray.Parse(done.Output),
            one => Assert.Contains((string)one["outcome"]!, new[] { "Done", "Already" })
        );
        Assert.Empty(estate.Collecting());

        var again = await estate.RunAsync("undo", "--plan");
        Assert.True(again.Code == 0, again.Output);
    }

    /// <summary>Standard output is one JSON document on one line, and progress is not in it.</summary>
    private static JObject OneDocument(Ended ended)
    {
        Assert.Single(ended.Output.TrimEnd('\n').Split('\n'));
        Assert.NotEmpty(ended.Progress);
        return JObject.Parse(ended.Output);
    }
}
