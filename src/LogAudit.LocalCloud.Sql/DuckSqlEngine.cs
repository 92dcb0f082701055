using System.Globalization;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sql.Running;
using LogAudit.LocalCloud.Sql.Subset;
using LogAudit.LocalCloud.Sql.Syntax;
using LogAudit.LocalCloud.Sql.Translation;

namespace LogAudit.LocalCloud.Sql;

/// <summary>The analytic statements of SLS on DuckDB: read and checked here, a subset with sources, before the engine sees anything.</summary>
/// <remarks>The engine's library is loaded by the first statement that is run, not by making this object.</remarks>
public sealed partial class DuckSqlEngine : ISqlEngine
{
    /// <summary>Most letters of a statement. Bounds what parsing takes. Assumed.</summary>
    private const int MostLetters = 16 * 1024;

    /// <summary>Records that a statement may read. Ours: a LocalCloud is for trials; the service bounds by gigabytes a shard.</summary>
    private const int MostRecords = 1_000_000;

    /// <summary>Source: SLS, log analysis, limits: 55 seconds for a single analytic statement.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(55);

    /// <inheritdoc/>
    public SqlAnswer Run(SqlQuestion question, CancellationToken cancel)
    {
        if (question.Text.Length > MostLetters)
            throw Refusal.Syntax(MostLetters, "the statement is too long");
        var translator = new QueryTranslator(question);
        var query = translator.Translate(SqlParser.Parse(question.Text));
        if (question.Records.Count > MostRecords)
            throw Refusal.Run("the search found more than 1000000 records; narrow the time or the search");
        return new(
            [.. query.Columns.Select(column => new SqlColumn(column.Name, column.Type.Name()))],
            Rows(question, translator, query, cancel),
            translator.Limit
        );
    }

    private static List<IReadOnlyList<string?>> Rows(
        SqlQuestion question,
        QueryTranslator translator,
        Translated query,
        CancellationToken cancel
    )
    {
        using var time = new CancellationTokenSource(Longest, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancel);
        try
        {
            using var database = new DuckDatabase(question.Now);
            database.Load(question.Records, translator.Used);
            return database.Read(query, either.Token);
        }
        catch (Exception stopped)
            when (time.IsCancellationRequested && stopped is DuckDBException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            throw Refusal.Run("Query exceeded maximum time limit of 55.00s");
        }
        catch (DuckDBException failed)
        {
            cancel.ThrowIfCancellationRequested();
            throw Said(failed.Message, translator.Used);
        }
    }

    /// <summary>What the engine says, with the names of the statement. Source of the first: SLS, common errors.</summary>
    private static SqlRefusedException Said(string message, IReadOnlyList<(string Field, SqlFieldType Type)> fields) =>
        Ungrouped().Match(message) is { Success: true } column
            ? Refusal.Ungrouped(fields[int.Parse(column.Groups["n"].ValueSpan, CultureInfo.InvariantCulture)].Field)
            : Refusal.Run(message);

    [GeneratedRegex("column \"?f(?<n>\\d+)\"? must appear in the GROUP BY", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ungrouped();
}
