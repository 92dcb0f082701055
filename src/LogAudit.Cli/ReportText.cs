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
                    $"{row.Account, -18} {row.Product, -12} {row.Resources, 9} {row.CollectingBefore, 7} {row.Collecting, 7} {row.NotCollecting, 7} {row.NotApplicable, 5} {row.Unknown, 7}{(row.ByPoll > 0 ? $" ({row.ByPoll} read by API)" : "")}{(row.Unreadable ? " (could not be listed in full)" : "")}"
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

        void Add(string kind, IReadOnlyList<string> lines) => ReportText.Add(text, kind, lines);
    }

    /// <summary>What reading by API last had to say.</summary>
    public static string Print(PollNote poll)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"poll at {poll.At:u}: {poll.Report.Logs} log(s) read by API")
            .AppendLine();
        Add(text, "unknown", poll.Report.Unknown);
        Add(text, "finding", poll.Report.Findings);
        return text.ToString().TrimEnd();
    }

    private static void Add(StringBuilder text, string kind, IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
        {
            text.AppendLine($"{kind}: {line}");
        }
    }
}
