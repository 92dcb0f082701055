namespace LogAudit.LocalCloud.Sql.Subset;

/// <summary>The functions that run here. One that is not on this list is refused before the engine sees it.</summary>
/// <remarks>
/// Source of each group: the page of that name in the SLS manual, "SQL functions" (https://www.alibabacloud.com/help/en/sls/user-guide/log-analysis-overview).
/// Where the engine would answer otherwise than Presto (a text that does not match, an object where a scalar is asked for), the expression says what Presto says.
/// </remarks>
internal static class FunctionList
{
    /// <summary>Functions whose types depend on all their arguments; the translator knows them by name.</summary>
    public static readonly string[] OfAnyType = ["coalesce", "if", "nullif", "concat"];

    /// <summary>Fills missing windows; only in a select list. Source: date and time functions, time series padding function.</summary>
    public const string TimeSeries = "time_series";

    private static readonly SqlFunction[] Aggregates =
    [
        // General aggregate functions
        new("arbitrary", "any", "first", "any_value({0})"),
        new("avg", "number", "double", "avg({0})"),
        new("count", "any", "bigint", "count({0})"),
        new("count_if", "boolean", "bigint", "count_if({0})"),
        new("max", "any", "first", "max({0})"),
        new("max_by", "any any", "first", "arg_max({0}, {1})"),
        new("min", "any", "first", "min({0})"),
        new("min_by", "any any", "first", "arg_min({0}, {1})"),
        new("sum", "number", "first", "sum({0})"),
        // Approximate functions; exact here, which is within the documented error of 2.3 %.
        new("approx_distinct", "any", "bigint", "count(DISTINCT {0})"),
        new("approx_percentile", "number double", "first", "quantile_disc({0}, {1})"),
        // Mathematical statistics functions
        new("stddev", "double", "double", "stddev_samp({0})"),
        new("variance", "double", "double", "var_samp({0})"),
    ];

    private static readonly SqlFunction[] Scalars =
    [
        // Date and time functions
        new("current_timestamp", "", "timestamp", "now_here()"),
        new("localtimestamp", "", "timestamp", "now_here()"),
        new("now", "", "timestamp", "now_here()"),
        new("from_unixtime", "double", "timestamp", ServiceZone.Timestamp("{0}")),
        new("to_unixtime", "clock", "double", ServiceZone.Seconds("{0}")),
        new("date_format", "time format", "varchar", "strftime({0}, {1})"),
        new("date_parse", "varchar format", "timestamp", "strptime({0}, {1})"),
        new("date_trunc", "unit time", "timestamp", "CAST(date_trunc('{0}', {1}) AS TIMESTAMP)"),
        new("date_add", "unit bigint clock", "timestamp", "CAST({2} + INTERVAL ({1}) {0} AS TIMESTAMP)"),
        new("date_diff", "unit clock clock", "bigint", "date_sub('{0}', {1}, {2})"),
        // String functions
        new("chr", "bigint", "varchar", "chr(CAST({0} AS INTEGER))"),
        new("length", "varchar", "bigint", "length({0})"),
        new("lower", "varchar", "varchar", "lower({0})"),
        new("upper", "varchar", "varchar", "upper({0})"),
        new("trim", "varchar", "varchar", "trim({0})"),
        new("ltrim", "varchar", "varchar", "ltrim({0})"),
        new("rtrim", "varchar", "varchar", "rtrim({0})"),
        new("lpad", "varchar bigint varchar", "varchar", "lpad({0}, CAST({1} AS INTEGER), {2})"),
        new("rpad", "varchar bigint varchar", "varchar", "rpad({0}, CAST({1} AS INTEGER), {2})"),
        new("replace", "varchar varchar", "varchar", "replace({0}, {1}, '')"),
        new("replace", "varchar varchar varchar", "varchar", "replace({0}, {1}, {2})"),
        new("reverse", "varchar", "varchar", "reverse({0})"),
        new("split", "varchar varchar", "array", "string_split({0}, {1})"),
        new("split", "varchar varchar bigint", "array", "split_to({0}, {1}, {2})"),
        new("split_part", "varchar varchar bigint", "varchar", "string_split({0}, {1})[{2}]"),
        new("strpos", "varchar varchar", "bigint", "strpos({0}, {1})"),
        new("substr", "varchar bigint", "varchar", "substr({0}, {1})"),
        new("substr", "varchar bigint bigint", "varchar", "substr({0}, {1}, {2})"),
        // Array functions
        new("array_join", "array varchar", "varchar", "array_to_string({0}, {1})"),
        new("cardinality", "array", "bigint", "len({0})"),
        new("contains", "array varchar", "boolean", "list_contains({0}, {1})"),
        // Regular expression functions
        new("regexp_like", "varchar varchar", "boolean", "regexp_matches({0}, {1})"),
        new("regexp_extract", "varchar varchar", "varchar", RegexpPart("{1}", "0")),
        new("regexp_extract", "varchar varchar group", "varchar", RegexpPart("{1}", "{2}")),
        new("regexp_extract_all", "varchar varchar", "array", "regexp_extract_all({0}, {1})"),
        new("regexp_replace", "varchar varchar", "varchar", "regexp_replace({0}, {1}, '', 'g')"),
        // JSON functions
        new("json_extract", "json path", "json", "json_extract({0}, {1})"),
        new("json_extract_scalar", "json path", "varchar", "json_scalar({0}, {1})"),
        new("json_format", "json", "varchar", "CAST({0} AS VARCHAR)"),
        new("json_parse", "varchar", "json", "CAST({0} AS JSON)"),
        new("json_array_length", "json", "bigint", "CAST(json_array_length({0}) AS BIGINT)"),
        new("json_size", "json path", "bigint", "json_members({0}, {1})"),
        // URL functions
        new("url_extract_host", "varchar", "varchar", RegexpPart("""'^[^:/?#]+://(?:[^/?#@]*@)?([^/?#:]+)'""", "1")),
        new("url_extract_path", "varchar", "varchar", RegexpPart("""'^(?:[^:/?#]+:)?(?://[^/?#]*)?([^?#]*)'""", "1")),
        new("url_decode", "varchar", "varchar", "url_decode({0})"),
        // IP functions: those that need no geographic database
        new("ip_to_domain", "varchar", "varchar", "ip_domain({0})"),
        new("is_subnet_of", "varchar varchar", "boolean", "ip_inside({0}, {1})"),
        // Mathematical calculation functions
        new("abs", "number", "first", "abs({0})"),
        new("ceil", "number", "first", "ceil({0})"),
        new("ceiling", "number", "first", "ceil({0})"),
        new("exp", "double", "double", "exp({0})"),
        new("floor", "number", "first", "floor({0})"),
        new("ln", "double", "double", "ln({0})"),
        new("log10", "double", "double", "log10({0})"),
        new("log2", "double", "double", "log2({0})"),
        new("mod", "bigint bigint", "bigint", "whole_rest({0}, {1})"),
        new("pow", "double double", "double", "pow({0}, {1})"),
        new("power", "double double", "double", "pow({0}, {1})"),
        new("round", "number", "first", "round({0})"),
        new("round", "number bigint", "first", "round({0}, CAST({1} AS INTEGER))"),
        new("sqrt", "double", "double", "sqrt({0})"),
        new("truncate", "double", "double", "trunc({0})"),
    ];

    private static readonly ILookup<string, SqlFunction> ByName = Aggregates
        .Select(function => function with { IsAggregate = true })
        .Concat(Scalars)
        .ToLookup(function => function.Name, StringComparer.Ordinal);

    /// <summary>Presto: no match is null. The engine: an empty text.</summary>
    private static string RegexpPart(string pattern, string group) =>
        $"(CASE WHEN regexp_matches({{0}}, {pattern}) THEN regexp_extract({{0}}, {pattern}, {group}) END)";

    /// <summary>Every form of a function; none when it is not on the list.</summary>
    public static IEnumerable<SqlFunction> Of(string name) => ByName[name];

    public static bool IsAggregate(string name) => ByName[name].Any(function => function.IsAggregate);
}
