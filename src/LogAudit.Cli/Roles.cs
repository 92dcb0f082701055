using LogAudit.Collection;
using LogAudit.Products;

namespace LogAudit.Cli;

/// <summary>The roles of the functions: in the central account, and in each member. What they may do is generated from what the product files and the engine declare.</summary>
internal static class Roles
{
    /// <summary>Role of the functions.</summary>
    public static WantedRole Function(ProductCatalogue catalogue, Settings settings) =>
        new(
            settings.Central.Account,
            OwnRoles.Function,
            EngineRoles.TrustServices("fc.aliyuncs.com"),
            Documents(
                OwnRoles.Function,
                settings.Central.Account,
                [
                    .. RamPolicies.ActionsOf(catalogue.All),
                    .. EngineRights.Central(settings.Accounts.Mode, settings.Accounts.MemberRole),
                ]
            )
        );

    /// <summary>Role that the functions assume in a member.</summary>
    public static WantedRole Member(ProductCatalogue catalogue, Settings settings, AccountId member) =>
        new(
            member,
            settings.Accounts.MemberRole,
            EngineRoles.TrustIdentities($"acs:ram::{settings.Central.Account}:role/{OwnRoles.Function}"),
            Documents(
                settings.Accounts.MemberRole,
                member,
                [
                    .. RamPolicies.ActionsOf(catalogue.All.Where(product => ServesMembers(product, settings))),
                    .. EngineRights.Member(settings.Accounts.Mode),
                ]
            )
        );

    /// <summary>In a directory the organisation's one trail serves every member, and nothing of it is looked at there.</summary>
    private static bool ServesMembers(ProductSpec product, Settings settings) =>
        settings.Accounts.Mode != AccountsMode.Directory || product.LogKinds.Any(kind => kind.Route != Routes.Delivery);

    private static Dictionary<string, string> Documents(
        string name,
        AccountId account,
        IEnumerable<RamAction> actions
    ) =>
        RamPolicies
            .For(name, account, actions)
            .ToDictionary(document => document.Name, document => document.Document, StringComparer.Ordinal);
}
