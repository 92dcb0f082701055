using System.Text.RegularExpressions;

namespace LogAudit;

/// <summary>Regular expressions whose time grows with the text only: no back references, no look-around.</summary>
public static class LinearPattern
{
    /// <summary>Reads an expression; it finds any part of a text, and case counts unless it says <c>(?i)</c>.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="problem">What is wrong; empty when nothing is.</param>
    /// <returns>The expression; null when something is wrong.</returns>
    /// <remarks>It has no time limit: a clock would let a busy machine decide about a record.</remarks>
    public static Regex? Parse(string text, out string problem)
    {
        problem = "";
        try
        {
            return new Regex(
                text,
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant,
                Regex.InfiniteMatchTimeout
            );
        }
        catch (ArgumentException)
        {
            problem = "is not a regular expression";
        }
        catch (NotSupportedException)
        {
            problem = "uses back references or look-around, which have no bounded time";
        }

        return null;
    }
}
