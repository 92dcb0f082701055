using System.Collections;
using System.Globalization;
using LogAudit.LocalCloud.Sql.Subset;
using Newtonsoft.Json;

namespace LogAudit.LocalCloud.Sql.Running;

/// <summary>Values of the engine as the service writes them: every value of an answer is a text.</summary>
internal static class ResultText
{
    public static string? Of(object? value, SqlType type) =>
        value switch
        {
            null or DBNull => null,
            bool truth => truth ? "true" : "false",
            // Source: SLS, COALESCE syntax: 6514393413.0, no exponent.
            double number => Double(number),
            DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture),
            string text => text,
            IEnumerable list => JsonConvert.SerializeObject(list),
            IFormattable number when type is SqlType.Double && number is decimal => Double((double)(decimal)number),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => throw new InvalidOperationException($"a value of {value.GetType()} has no text"),
        };

    private static string Double(double number)
    {
        if (!double.IsFinite(number))
            return number.ToString(CultureInfo.InvariantCulture);
        if (number == Math.Truncate(number) && Math.Abs(number) < 1e17)
            return number.ToString("F1", CultureInfo.InvariantCulture);
        return number.ToString("R", CultureInfo.InvariantCulture);
    }
}
