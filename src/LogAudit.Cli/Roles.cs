using LogAudit.Collection;
using LogAudit.Products;

namespace LogAudit.Cli;

/// <summary>The roles of the functions: in the central account, and in each member. What they may do is generated from what the product files and the engine declare.</summary>
internal static class Roles
{
    /// <summary>Role of the functions.</summary>
    public static WantedRole Function(ProductCatalogue catalogue, AccountId central) =>
        new(
            central,
            OwnRoles.Function,
            EngineRoles.TrustServices("fc.aliyuncs.com"),
            Documents(
                OwnRoles.Function,
                central,
                [.. RamPolicies.ActionsOf(catalogue.All), .. EngineRights.Everywhere, .. EngineRights.CentralOnly]
            )
        );

    /// <summary>Role that the functions assume in a member.</summary>
    public static WantedRole Member(ProductCatalogue catalogue, AccountId central, AccountId member, string name) =>
        new(
            member,
            name,
            EngineRoles.TrustIdentities($"acs:ram::{central}:role/{OwnRoles.Function}"),
            Documents(name, member, [.. RamPolicies.ActionsOf(catalogue.All), .. EngineRights.Everywhere])
        );

    private static Dictionary<string, string> Documents(
        string name,
        AccountId account,
        IEnumerable<RamAction> actions
    ) =>
        RamPolicies
            .For(name, account, actions)
            .ToDictionary(document => document.Name, document => document.Document, StringComparer.Ordinal);
}
