using System.Security.Cryptography;
using System.Text;

namespace LogAudit.Collection;

/// <summary>A short hash of what a dashboard shows. We write it into the description, so that a later edit by hand can be told.</summary>
internal static class DashboardStamp
{
    private const string Prefix = "LogAudit ";

    /// <summary>The stamp that fits a dashboard's state.</summary>
    public static string Of(SettingState state) =>
        Convert.ToHexStringLower(
            SHA256
                .HashData(Encoding.UTF8.GetBytes($"{state["displayName"]}\n{state["logstore"]}\n{state["charts"]}"))
                .AsSpan(0, 8)
        );

    /// <summary>The description that carries a stamp.</summary>
    public static string Describe(string stamp) => Prefix + stamp;

    /// <summary>The stamp in a description; empty when there is none.</summary>
    public static string In(string description) =>
        description.StartsWith(Prefix, StringComparison.Ordinal) ? description[Prefix.Length..] : "";
}
