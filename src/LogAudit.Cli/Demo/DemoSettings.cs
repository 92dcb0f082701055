using LogAudit.LocalCloud.Scenario;
using LogAudit.Products;

namespace LogAudit.Cli.Demo;

/// <summary>The settings file of the demo, as a person would write it for the scenario's organisation.</summary>
internal static class DemoSettings
{
    public static string Write(ScenarioScript script, int receiverPort) =>
        $"""
            central:
              account: "{script.CentralAccount}"
              region: {script.CentralRegion}
              project: {script.CentralProject}
              trail: logaudit
            accounts:
            {Accounts(script)}
            compliance: mlps
            collect:
            {Collect(script)}
              # Nobody outside knows the vendor's codes for DNS logs; LocalCloud has this one. Without theirs, a person has
              # the intranet log delivered, and the public one is read by API.
              dns_gtm_policy_codes: dns/gtm_log
            destinations:
              - name: soc
                sink: syslog
                format: rfc5424
                options:
                  address: tcp://127.0.0.1:{receiverPort}
                  # An audit event that carries a policy document is longer than the default of 8192.
                  max-message-bytes: 65536

            """;

    /// <summary>Every log of every product; that of a platform trail only where somebody makes one, for nothing tells of an account that wants none.</summary>
    public static IEnumerable<LogKind> Kinds(ScenarioScript script) =>
        new ProductCatalogue().LogKinds.Where(kind => !kind.WaitsForPerson || script.PlatformTrails.Any());

    private static string Collect(ScenarioScript script) =>
        string.Join(
            '\n',
            Kinds(script)
                .Select(kind => kind.EnabledVariable)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select(variable => $"  {variable}: true")
        );

    private static string Accounts(ScenarioScript script) =>
        script.Directory is not null ? "  mode: directory"
        : script.Accounts.Count == 1 ? "  mode: central"
        : $"  mode: list\n  members: [{string.Join(", ", script.Accounts.Where(account => account.Uid != script.CentralAccount).Select(account => $"\"{account.Uid}\""))}]";
}
