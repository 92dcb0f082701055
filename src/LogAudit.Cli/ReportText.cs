using System.Globalization;
using System.Text;
using LogAudit.Collection;

namespace LogAudit.Cli;

/// <summary>A run report for a person: coverage by account and product, then what needs attention.</summary>
internal static class ReportText
{
    public static string Print(RunReport report)
    {
        var text = new StringBuilder();
        text.Append(
                CultureInfo.InvariantCulture,
                $"run {report.Run}: {report.Writes} write(s), {(report.Ended - report.Started).TotalSeconds:0.0} s"
            )
            .AppendLine();
        text.AppendLine(
            $"{"account", -18} {"product", -12} {"resources", 9} {"before", 7} {"now", 7} {"missing", 7} {"n/a", 5} {"unknown", 7}"
        );
        foreach (var row in report.Coverage)
        {
            text.AppendLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{row.Account, -18} {row.Product, -12} {row.Resources, 9} {row.CollectingBefore, 7} {row.Collecting, 7} {row.NotCollecting, 7} {row.NotApplicable, 5} {row.Unknown, 7}{(row.Unreadable ? " (could not be listed in full)" : "")}"
                )
            );
        }

        Add("error", report.Errors);
        Add("unknown", report.Unknown);
        Add("finding", report.Findings);
        Add("gap", report.Gaps);
        if (report.More)
        {
            text.AppendLine("there is more to do: the next run goes on there");
        }

        return text.ToString().TrimEnd();

        void Add(string kind, IReadOnlyList<string> lines)
        {
            foreach (var line in lines)
            {
                text.AppendLine($"{kind}: {line}");
            }
        }
    }
}
