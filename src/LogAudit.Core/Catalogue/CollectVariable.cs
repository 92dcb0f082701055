using System.Globalization;

namespace LogAudit;

/// <summary>A key that may stand under <c>collect:</c> in the settings: a variable of the old service, or one of ours beside them.</summary>
/// <param name="Name">For example <c>rds_ttl</c>.</param>
/// <param name="Type">What its value is.</param>
/// <param name="Default">Value when it is not set; for days of the central Logstore the compliance profile may ask for more.</param>
/// <param name="Product">Product that it belongs to.</param>
/// <param name="LogKind">Log kind that it belongs to; empty when it concerns the whole product.</param>
public sealed record CollectVariable(
    string Name,
    CollectVariableType Type,
    string Default,
    string Product,
    string LogKind
)
{
    /// <summary>Smallest number, for <see cref="CollectVariableType.Days"/> and <see cref="CollectVariableType.Number"/>.</summary>
    public int Least { get; init; } = 1;

    /// <summary>Largest number. For days 3650 keeps data for good. Source: SLS CreateLogStore, body field <c>ttl</c>.</summary>
    public int Most { get; init; } = 3650;

    /// <summary>The one value that is accepted; null when any value of the type is.</summary>
    public string? Only { get; init; }

    /// <summary>What a person should know about it; empty when the name says all.</summary>
    public string About { get; init; } = "";

    /// <summary>What is allowed, for a message: <c>1 to 3650 (days)</c>.</summary>
    public string Allowed =>
        Only
        ?? Type switch
        {
            CollectVariableType.Switch => "true or false",
            CollectVariableType.Days => $"{Least} to {Most} (days)",
            CollectVariableType.Number => $"{Least} to {Most}",
            CollectVariableType.Codes => "product code and data code of a collection policy, joined by a slash",
            CollectVariableType.Projects => "names of projects, joined by commas",
            _ => "rules of the policy language, one a line",
        };

    /// <summary>Whether a value is of the type and in range. The text of a policy is checked by its own parser.</summary>
    public bool Accepts(string value) =>
        Only is null
            ? Type switch
            {
                CollectVariableType.Switch => value is "true" or "false",
                CollectVariableType.Policy => true,
                CollectVariableType.Projects => value.Length == 0 || value.Split(',').All(ProjectName.IsValid),
                CollectVariableType.Codes => value.Length == 0
                    || value.Split('/') is [{ Length: > 0 }, { Length: > 0 }],
                _ => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number >= Least
                    && number <= Most,
            }
            : string.Equals(value, Only, StringComparison.Ordinal);
}

/// <summary>What the value of a <see cref="CollectVariable"/> is.</summary>
public enum CollectVariableType
{
    /// <summary><c>true</c> or <c>false</c>.</summary>
    Switch,

    /// <summary>Days that a Logstore keeps its data.</summary>
    Days,

    /// <summary>A count.</summary>
    Number,

    /// <summary>A script of the policy language.</summary>
    Policy,

    /// <summary>Codes of a collection policy, <c>product/data</c>.</summary>
    Codes,

    /// <summary>Names of projects, joined by commas.</summary>
    Projects,
}
