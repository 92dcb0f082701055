using System.Globalization;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sql.Subset;

namespace LogAudit.LocalCloud.Sql.Translation;

/// <summary>What a select reads: names and types as the statement sees them, the engine's names behind them.</summary>
internal abstract class Table(string? alias)
{
    public string? Alias { get; } = alias;

    public abstract string Sql { get; }

    /// <summary>Columns for <c>*</c>.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>Names are matched as written first, then without regard to case. Source: SLS, log analysis: statements are case-insensitive.</summary>
    public Typed? Column(string name) =>
        Exact(name)
        ?? (
            Names.FirstOrDefault(other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase)) is { } same
                ? Exact(same)
                : null
        );

    protected abstract Typed? Exact(string name);
}

/// <summary>The records that the search found; only fields that are asked for are loaded.</summary>
internal sealed class LogTable(ISqlRecords records, List<(string Field, SqlFieldType Type)> used, string? alias)
    : Table(alias)
{
    public const string EngineName = "records";

    public override string Sql => EngineName;

    public override IReadOnlyList<string> Names => records.Fields;

    protected override Typed? Exact(string name)
    {
        if (records.TypeOf(name) is not { } type)
            return null;
        var index = used.FindIndex(one => one.Field == name);
        if (index < 0)
        {
            index = used.Count;
            used.Add((name, type));
        }

        return new(
            EngineColumn(index),
            type switch
            {
                SqlFieldType.Long => SqlType.Bigint,
                SqlFieldType.Double => SqlType.Double,
                _ => SqlType.Varchar,
            }
        );
    }

    public static string EngineColumn(int index) => "f" + index.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A subquery.</summary>
internal sealed class QueryTable(Translated query, string? alias) : Table(alias)
{
    public override string Sql => $"({query.Sql}) AS inner_query";

    public override IReadOnlyList<string> Names { get; } = [.. query.Columns.Select(column => column.Name)];

    protected override Typed? Exact(string name)
    {
        var index = Names.ToList().IndexOf(name);
        return index < 0 ? null : new($"inner_query.{Translated.EngineColumn(index)}", query.Columns[index].Type);
    }
}

/// <summary>A query in the engine's words. Its columns there are <c>c0</c>, <c>c1</c> …, so that names never meet those of the engine.</summary>
internal sealed record Translated(string Sql, IReadOnlyList<(string Name, SqlType Type)> Columns)
{
    public static string EngineColumn(int index) => "c" + index.ToString(CultureInfo.InvariantCulture);
}
