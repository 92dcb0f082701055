using System.Globalization;
using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Sql;

/// <summary>Refusals in the words of the service.</summary>
/// <remarks>
/// Shape: SLS, "How do I resolve common errors returned in log data queries?", for example
/// <c>ErrorType:ColumnNotExists.ErrorPosition,line:0,column:1.ErrorMessage:line 1:123: Column '…' cannot be resolved…</c>.
/// Assumed: the error types beside ColumnNotExists.
/// </remarks>
internal static class Refusal
{
    public static SqlRefusedException Syntax(int at, string message) => Of("SyntaxError", at, message);

    public static SqlRefusedException Column(int at, string name) =>
        Of("ColumnNotExists", at, $"Column '{name}' cannot be resolved;please add the column in the index attribute");

    public static SqlRefusedException Type(int at, string message) => Of("TypeMismatch", at, message);

    /// <summary>A function that is not on the list of this subset: the service may know it, a dashboard that we ship must not need it.</summary>
    public static SqlRefusedException Function(int at, string name) =>
        Of(
            "FunctionNotExists",
            at,
            $"Function {name} not registered (LocalCloud runs a listed subset of the service's SQL)"
        );

    /// <summary>Syntax of the service, or of another SQL, that this subset leaves out.</summary>
    public static SqlRefusedException Outside(int at, string what) =>
        Of("NotSupported", at, $"{what} is outside of the subset of the service's SQL that LocalCloud runs");

    public static SqlRefusedException Ungrouped(string name) =>
        Of("SyntaxError", 0, $"Column '{name}' not in GROUP BY clause;please add the column in the index attribute");

    /// <summary>A statement that the engine itself gave up.</summary>
    public static SqlRefusedException Run(string message) => new($"ErrorType:ExecutionError.ErrorMessage:{message}");

    private static SqlRefusedException Of(string type, int at, string message)
    {
        var column = (at + 1).ToString(CultureInfo.InvariantCulture);
        return new($"ErrorType:{type}.ErrorPosition,line:1,column:{column}.ErrorMessage:line 1:{column}: {message}");
    }
}
