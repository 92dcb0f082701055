using LogAudit.Collection;
using LogAudit.Forwarding;
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
                    .. RamPolicies.ActionsOf(
                        Asked(catalogue, settings),
                        [.. Kinds(Asked(catalogue, settings), settings)]
                    ),
                    .. EngineRights.Central(settings.Accounts.Mode, settings.Accounts.MemberRole),
                    .. EngineRights.Landing(Kinds(Asked(catalogue, settings), settings)),
                    .. EngineRights.Arrivals(Kinds(Asked(catalogue, settings), settings)),
                    .. EngineRights.Metrics(Kinds(Asked(catalogue, settings), settings)),
                    .. DestinationRights.Of(settings),
                ]
            )
        );

    /// <summary>Role for <c>logaudit forward</c> on ECS or in a container there; its policies serve any other identity as well. Bootstrap does not make it.</summary>
    public static WantedRole Forwarder(Settings settings) =>
        new(
            settings.Central.Account,
            "logaudit-forward",
            EngineRoles.TrustServices("ecs.aliyuncs.com"),
            Documents("logaudit-forward", settings.Central.Account, EngineRights.Forward(settings.Central.Project))
        );

    /// <summary>Role that the functions assume in a member.</summary>
    public static WantedRole Member(ProductCatalogue catalogue, Settings settings, AccountId member) =>
        new(
            member,
            settings.Accounts.MemberRole,
            EngineRoles.TrustIdentity(
                $"acs:ram::{settings.Central.Account}:role/{OwnRoles.Function}",
                settings.Accounts.ExternalId
            ),
            Documents(
                settings.Accounts.MemberRole,
                member,
                [
                    .. RamPolicies.ActionsOf(
                        InMembers(catalogue, settings),
                        [.. Kinds(InMembers(catalogue, settings), settings)]
                    ),
                    .. EngineRights.Member(settings.Accounts.Mode),
                    .. EngineRights.Landing(Kinds(InMembers(catalogue, settings), settings)),
                ]
            )
        );

    /// <summary>The log kinds that the settings switch on.</summary>
    public static IEnumerable<LogKind> Kinds(IEnumerable<ProductSpec> products, Settings settings) =>
        products
            .SelectMany(product => product.LogKinds)
            .Where(kind => settings.Collect.GetValueOrDefault(kind.EnabledVariable) is "true")
            .Select(kind => CollectSettings.AsAsked(kind, settings));

    /// <summary>The products of which the settings ask for a log: nothing is granted for the others.</summary>
    private static IEnumerable<ProductSpec> Asked(ProductCatalogue catalogue, Settings settings) =>
        catalogue.All.Where(product => Kinds([product], settings).Any());

    /// <summary>In a directory the organisation's one trail serves every member, and nothing of it is looked at there.</summary>
    private static IEnumerable<ProductSpec> InMembers(ProductCatalogue catalogue, Settings settings) =>
        Asked(catalogue, settings)
            .Where(product =>
                settings.Accounts.Mode != AccountsMode.Directory
                || Kinds([product], settings).Any(kind => !kind.ServesOrganisation)
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
