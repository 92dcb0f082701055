using LogAudit.Cli.Commands;
using LogAudit.Collection;
using LogAudit.Products;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Cli.Tests.Commands;

public sealed class RolesCommandTests
{
    private const string Member = "1000000000000002";

    private const string Settings = """
        central: { account: "1000000000000001", region: cn-hangzhou }
        accounts: { mode: list, members: ["1000000000000002"] }
        """;

    [Fact]
    public async Task The_central_account_gets_the_roles_of_functions_jobs_and_triggers()
    {
        var roles = await RolesAsync(Settings);

        Assert.Equal(
            ["logaudit-etl", "logaudit-etl-sink", "logaudit-function", "logaudit-trigger"],
            roles.Select(role => (string?)role["role"]).Order(StringComparer.Ordinal)
        );
        Assert.All(roles, role => Assert.Equal("1000000000000001", (string?)role["account"]));
    }

    [Fact]
    public async Task A_member_gets_a_role_that_only_the_functions_may_assume()
    {
        var roles = await RolesAsync(Settings, "--member", Member);

        Assert.Equal(
            ["logaudit-etl", "logaudit-member"],
            roles.Select(role => (string?)role["role"]).Order(StringComparer.Ordinal)
        );
        var trust = roles.Single(role => (string?)role["role"] == "logaudit-member")["trust"]!;
        Assert.Equal(
            ["acs:ram::1000000000000001:role/logaudit-function"],
            trust.SelectTokens("Statement[*].Principal.RAM[*]").Select(principal => (string?)principal)
        );
    }

    [Theory]
    [InlineData("mode: list", null)]
    [InlineData("mode: list, externalId: handshake-1", "handshake-1")]
    public async Task A_member_asks_for_the_external_id_of_the_settings(string accounts, string? asked)
    {
        var settings = Settings.Replace("mode: list", accounts, StringComparison.Ordinal);

        var roles = await RolesAsync(settings, "--member", Member);

        var trust = roles.Single(role => (string?)role["role"] == "logaudit-member")["trust"]!;
        Assert.Equal(asked, (string?)trust.SelectToken("Statement[0].Condition.StringEquals['sts:ExternalId'][0]"));
        Assert.All(
            roles.Where(role => (string?)role["role"] != "logaudit-member"),
            role => Assert.Null(role.SelectToken("trust.Statement[0].Condition"))
        );
    }

    [Fact]
    public async Task The_functions_may_assume_the_member_role_that_the_settings_name()
    {
        var settings = Settings.Replace("mode: list,", "mode: list, memberRole: soc-reader,", StringComparison.Ordinal);

        var function = (await RolesAsync(settings)).Single(role => (string?)role["role"] == "logaudit-function");
        var members = await RolesAsync(settings, "--member", Member);

        Assert.Contains(members, role => (string?)role["role"] == "soc-reader");
        Assert.Equal(
            ["acs:ram:*:*:role/soc-reader"],
            Statements(function).Where(grant => grant.Action == "sts:AssumeRole").Select(grant => grant.Resource)
        );
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Member)]
    public async Task Every_document_fits_RAM_and_allows_no_write_beyond_what_the_data_says(string? member)
    {
        var catalogue = new ProductCatalogue();
        var declared = RamPolicies
            .ActionsOf(catalogue.All)
            .Concat(
                member is null
                    ? EngineRights.Central(AccountsMode.List, OwnRoles.Member)
                    : EngineRights.Member(AccountsMode.List)
            )
            .Select(action => (action.Action, action.Resource.Replace("{account}", member ?? "1000000000000001")))
            .ToHashSet();

        var roles = await RolesAsync(Settings, member is null ? [] : ["--member", member]);

        Assert.All(
            roles.SelectMany(role => ((JObject)role["policies"]!).Properties()),
            policy => Assert.InRange(policy.Value.ToString(Formatting.None).Length, 1, RamPolicies.MostCharacters)
        );
        Assert.All(
            roles
                .Where(role => (string?)role["role"] is "logaudit-function" or "logaudit-member")
                .SelectMany(Statements),
            grant => Assert.Contains(grant, declared)
        );
        Assert.All(roles.SelectMany(Statements), grant => Assert.DoesNotContain('*', grant.Action));
        Assert.All(
            roles.SelectMany(Statements).Where(grant => grant.Action is "ram:PassRole" or "sts:AssumeRole"),
            grant => Assert.Contains(":role/logaudit-", grant.Resource, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Bootstrap_makes_exactly_the_roles_that_are_printed()
    {
        using var folder = new TemporaryFolder();
        var settings = Composition.ReadSettings(new FileInfo(folder.With("logaudit.yaml", Settings)));
        var printed = await RolesAsync(Settings, "--member", Member);

        var made = BootstrapCommand.RoleOf(settings, new ProductCatalogue())(new AccountId(Member));

        var role = printed.Single(one => (string?)one["role"] == made.Name);
        Assert.True(JToken.DeepEquals(JToken.Parse(made.Trust), role["trust"]));
        Assert.Equal(
            made.Policies.Keys.Order(StringComparer.Ordinal),
            ((JObject)role["policies"]!).Properties().Select(policy => policy.Name).Order(StringComparer.Ordinal)
        );
        Assert.All(
            made.Policies,
            policy => Assert.True(JToken.DeepEquals(JToken.Parse(policy.Value), role["policies"]![policy.Key]))
        );
    }

    private static async Task<IReadOnlyList<JToken>> RolesAsync(string settings, params string[] options)
    {
        using var folder = new TemporaryFolder();
        var ended = await CommandLine.RunAsync([
            "roles",
            "--settings",
            folder.With("logaudit.yaml", settings),
            .. options,
        ]);
        Assert.True(ended.Code == 0, ended.Progress);
        Assert.Empty(ended.Progress);
        return [.. JArray.Parse(ended.Output)];
    }

    private static IEnumerable<(string Action, string Resource)> Statements(JToken role) =>
        ((JObject)role["policies"]!)
            .Properties()
            .SelectMany(policy => policy.Value["Statement"]!)
            .SelectMany(statement =>
                Texts(statement["Action"]!)
                    .SelectMany(action => Texts(statement["Resource"]!).Select(resource => (action, resource)))
            );

    private static IEnumerable<string> Texts(JToken one) =>
        one is JArray list ? list.Select(item => (string)item!) : [(string)one!];
}
