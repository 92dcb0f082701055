using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;

namespace LogAudit.Cli.Demo;

/// <summary>Something that only a person can switch on, as the scenario has a person do it.</summary>
/// <param name="What">Product, resource and account, for a person.</param>
/// <param name="Step">What the product's own report said before that is to be done; empty when it said nothing.</param>
/// <param name="IsGreen">Whether the product's own check no longer asks for it after it was done.</param>
internal sealed record HandStep(string What, string Step, bool IsGreen)
{
    /// <summary>How a finding that asks a person for something begins.</summary>
    private const string Heading = "by hand: ";

    public static IReadOnlyList<HandStep> Of(
        ScenarioScript script,
        IReadOnlyList<string> before,
        IReadOnlyList<string> after
    ) =>
        [
            .. script
                .Timeline.Where(change => change.IsByHand)
                .Select(change => change.Resource)
                .Select(one => new HandStep(
                    $"{one.Product} {one.Name} ({script.Accounts.First(account => account.Uid == one.Account).Name})",
                    Finding(before, one)[(Finding(before, one).IndexOf(": ", StringComparison.Ordinal) + 1)..].Trim(),
                    Finding(after, one).Length == 0
                )),
        ];

    public JObject ToJson() =>
        new()
        {
            ["what"] = What,
            ["step"] = Step,
            ["green"] = IsGreen,
        };

    private static string Finding(IReadOnlyList<string> findings, ScenarioResource one) =>
        findings.FirstOrDefault(
            finding =>
                finding.StartsWith(Heading, StringComparison.Ordinal)
                && finding.Contains(one.Product, StringComparison.Ordinal)
                && finding.Contains(one.Id, StringComparison.Ordinal),
            ""
        );
}
