using System.Globalization;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>Answer of DAS DescribeSqlLogConfig.</summary>
/// <param name="State">What we switch: <c>enable</c>, <c>requestEnable</c> (SQL Explorer, version 3 only) and <c>retention</c> in days, 0 while it is off.</param>
/// <param name="RetentionDays">Days kept, as the answer tells them even while it is off.</param>
/// <param name="IsVersion3">Whether the instance offers version 3, where both switches must be on.</param>
/// <param name="IsSupported">Whether the instance can have the SQL log.</param>
/// <param name="IsBusy">Whether a change is under way.</param>
internal sealed record SqlLogConfig(
    SettingState State,
    int RetentionDays,
    bool IsVersion3,
    bool IsSupported,
    bool IsBusy
)
{
    // Source: DAS ModifySqlLogConfig, version 3 takes no less.
    private const int LeastDays = 30;

    /// <summary>Whether statements are recorded.</summary>
    public bool IsOn => State["enable"] is "true" && (!IsVersion3 || State["requestEnable"] is "true");

    /// <summary>The state with everything on that audit needs; a longer retention is kept.</summary>
    public SettingState SwitchedOn =>
        SettingState.Of(
            ("enable", "true"),
            ("requestEnable", IsVersion3 ? "true" : State["requestEnable"]),
            ("retention", Math.Max(RetentionDays, LeastDays).ToString(CultureInfo.InvariantCulture))
        );

    /// <summary>Reads the answer.</summary>
    public static SqlLogConfig Read(JObject answer)
    {
        var (version, offered) = (answer.TextOf("Data.Version"), answer.TextOf("Data.SupportVersion"));
        var told = answer.TextOf("Data.SqlLogEnable");
        var enable = told.Length > 0 ? told : answer.Need("Data.Enable", "DAS", "DescribeSqlLogConfig");
        _ = int.TryParse(
            answer.TextOf("Data.Retention"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var days
        );
        return new SqlLogConfig(
            SettingState.Of(
                ("enable", enable),
                ("requestEnable", answer.TextOf("Data.RequestEnable") is "true" ? "true" : "false"),
                ("retention", enable is "true" ? days.ToString(CultureInfo.InvariantCulture) : "0")
            ),
            days,
            version is "SQL_LOG_V3" || offered is "SQL_LOG_V3",
            version is not "SQL_LOG_NOT_SUPPORT" && offered is not "SQL_LOG_NOT_SUPPORT",
            answer.TextOf("Data.SqlLogState") is "RUNNING"
        );
    }
}
