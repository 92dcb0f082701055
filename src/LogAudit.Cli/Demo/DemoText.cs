using System.Globalization;
using LogAudit.LocalCloud.Scenario;

namespace LogAudit.Cli.Demo;

/// <summary>The result of the demo for a person.</summary>
internal static class DemoText
{
    public static void Print(Terminal terminal, DemoResult result, string receiverFile, string folder)
    {
        Coverage(terminal, result);
        Logs(terminal, result);
        Changes(terminal, result);
        ByHand(terminal, result);
        terminal.Write("");
        var delivery = result.Delivery;
        terminal.Write(
            $"Records: {delivery.Generated} made by LocalCloud, {delivery.Delivered} received, {delivery.Duplicated} duplicated, {delivery.Lost} lost. A second reconcile made {result.SecondReconcileWrites} write calls."
        );
        if (delivery.BeforeCollection.Count > 0)
        {
            terminal.Write(
                $"Another {delivery.BeforeCollection.Count} stayed in a product's own Logstore: they were made before anything carried their log."
            );
        }

        terminal.Write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"A full reconcile, from invocation to answer in real time: {string.Join(" + ", result.FirstReconcileSeconds.Select(one => one.ToString("0.0", CultureInfo.InvariantCulture)))} s until everything was on, {result.SecondReconcileSeconds:0.0} s with nothing to do."
            )
        );
        foreach (var record in delivery.Missing.Take(20))
        {
            terminal.Write($"  LOST: {record}");
        }

        terminal.Write("A few delivered lines:");
        foreach (
            var line in File.ReadLines(receiverFile)
                .Where(line => !line.Contains("\"actiontrail\"", StringComparison.Ordinal))
                .Take(3)
        )
        {
            terminal.Write($"  {(line.Length > 220 ? $"{line[..220]}…" : line)}");
        }

        terminal.Write("");
        foreach (var disagreement in result.Disagreements)
        {
            terminal.Write($"DISAGREEMENT between the product's report and LocalCloud: {disagreement}");
        }

        terminal.Write(
            $"Delays of the cloud were divided by {result.Script.DelayScale.ToString(CultureInfo.InvariantCulture)}; signatures, token expiry and trigger limits ran in real time. {result.Seconds:0.0} s in all."
        );
        terminal.Write(
            $"Written to {folder}: logaudit.yaml, s.yaml, received.log (the SOC's file), functions/*.log, result.json."
        );
        terminal.Write(
            result.Holds
                ? "The ledger balances and every collectable resource collects."
                : "FAILED: the promise does not hold; see above."
        );
    }

    private static void Coverage(Terminal terminal, DemoResult result)
    {
        terminal.Write("");
        terminal.Write(
            "Coverage, collecting/collectable before → after (n/a: cannot have the log; ?: nobody could tell)"
        );
        var products = result
            .After.Select(row => row.Product)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        terminal.Write($"  {"account", -22}{string.Concat(products.Select(product => $"{product, -24}"))}");
        foreach (var account in result.Script.Accounts)
        {
            var cells = products.Select(product => $"{Cell(result, account.Uid, product), -24}");
            terminal.Write($"  {account.Name, -22}{string.Concat(cells)}");
        }
    }

    private static string Cell(DemoResult result, string account, string product)
    {
        bool Here(CoverageRow row) => row.Account == account && row.Product == product;
        static bool IsCollectable(CoverageRow row) =>
            row.State is CoverageState.Collecting or CoverageState.NotCollecting;
        static bool Collects(CoverageRow row) => row.State is CoverageState.Collecting;
        var before = result.Before.Where(Here).ToList();
        var after = result.After.Where(Here).ToList();
        if (before.Count + after.Count == 0)
        {
            return "-";
        }

        var text =
            $"{before.Count(Collects)}/{before.Count(IsCollectable)} → {after.Count(Collects)}/{after.Count(IsCollectable)}";
        var cannot = after.Count(row => row.State is CoverageState.NotCollectable);
        var unknown = after.Count(row => row.State is CoverageState.Unknown);
        return text + (cannot > 0 ? $" n/a {cannot}" : "") + (unknown > 0 ? $" ? {unknown}" : "");
    }

    private static void Logs(Terminal terminal, DemoResult result)
    {
        terminal.Write("");
        terminal.Write(
            "Logs, collecting before → after of the resources that can; records made by LocalCloud and received (metrics: stored)"
        );
        foreach (var log in result.Logs)
        {
            terminal.Write(
                $"  {log.Product, -14}{log.Kind, -18}{log.CollectingBefore} → {log.Collecting}/{log.Collecting + log.NotCollecting, -8}{log.Received} of {log.Made}{(log.Received == log.Made ? "" : "  MISSING")}"
            );
        }
    }

    private static void ByHand(Terminal terminal, DemoResult result)
    {
        terminal.Write("");
        terminal.Write(
            "What no call of the cloud switches on: what the report asked a person for, and the check afterwards"
        );
        foreach (var step in result.ByHand)
        {
            terminal.Write($"  {step.What}: {(step.IsGreen ? "green" : "STILL OPEN")}");
            terminal.Write($"    {(step.Step.Length == 0 ? "THE REPORT SAID NOTHING" : step.Step)}");
        }
    }

    private static void Changes(Terminal terminal, DemoResult result)
    {
        terminal.Write("");
        terminal.Write("Changes, and the road by which each was heard");
        foreach (var change in result.Changes)
        {
            var fate =
                !change.NeedsRepair ? "nothing to repair"
                : change.Seconds is { } seconds
                    ? $"collecting after {seconds.ToString("0.0", CultureInfo.InvariantCulture)} s, by {change.Road}"
                : "NOT REPAIRED";
            terminal.Write($"  {change.What, -62} {fate}");
        }
    }
}
