using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Sql.Tests;

/// <summary>What the service would refuse, and what is outside of the subset, does not reach the engine.</summary>
public sealed class RefusalTests
{
    private static readonly Records Requests = new(
        "__time__=Long status=Long code content",
        ["1592374067", "200", "200", "{}"]
    );

    [Theory]
    // Words of the service. Source: SLS, common errors.
    [InlineData(
        "select my_key_field",
        "Column 'my_key_field' cannot be resolved;please add the column in the index attribute"
    )]
    [InlineData("select 1a", "identifiers must not start with a digit; surround the identifier with double quotes")]
    [InlineData("select \"200\"", "Column '200' cannot be resolved")]
    [InlineData("selec status", "mismatched input 'selec'")]
    [InlineData("select status, from log", "mismatched input 'from'")]
    // Functions that DuckDB or Presto know and the list does not.
    [InlineData("select read_csv('/etc/passwd')", "Function read_csv not registered")]
    [InlineData("select getenv('HOME')", "Function getenv not registered")]
    [InlineData("select list_aggregate(split(code, ','), 'min')", "Function list_aggregate not registered")]
    [InlineData("select strftime(now(), '%Y')", "Function strftime not registered")]
    [InlineData("select ip_to_country(code)", "Function ip_to_country not registered")]
    [InlineData("select now_here()", "Function now_here not registered")]
    // Syntax of the engine or of other SQL.
    [InlineData("select * from read_csv_auto('/etc/passwd')", "mismatched input '('")]
    [InlineData("select * from '/etc/passwd'", "mismatched input")]
    [InlineData("select * from other_log", "the table other_log")]
    [InlineData("select * from information_schema.tables", "mismatched input '.'")]
    [InlineData("with t as (select 1) select * from t", "WITH")]
    [InlineData("select 1 from log join log on true", "JOIN")]
    [InlineData("select 1 from log, log", "more than one table")]
    [InlineData("select row_number()", "Function row_number not registered")]
    [InlineData("select sum(status) over (order by status)", "OVER")]
    [InlineData("select count(*) group by rollup (status)", "ROLLUP")]
    [InlineData("select (select 1)", "a subquery as a value")]
    [InlineData("select code::bigint", "extraneous input ':'")]
    [InlineData("select 1; select 2", "extraneous input ';'")]
    [InlineData("select 1 -- x", "Column 'x' cannot be resolved")]
    [InlineData("insert into log values (1)", "expecting 'select'")]
    [InlineData("copy records to '/tmp/x'", "expecting 'select'")]
    [InlineData("set threads = 9", "expecting 'select'")]
    [InlineData("select status limit 10 offset 5", "OFFSET")]
    [InlineData("select cast(code as integer)", "a cast to integer")]
    // Types, which DuckDB would convert by itself.
    [InlineData("select count(1) where code = 200", "'=' cannot be applied to varchar, bigint")]
    [InlineData("select code + 1", "'+' cannot be applied to varchar, bigint")]
    [InlineData("select sum(code)", "Unexpected parameters (varchar) for function sum")]
    [InlineData("select lower(status)", "Unexpected parameters (bigint) for function lower")]
    [InlineData("select from_unixtime(1494985275, 'Asia/Shanghai')", "Unexpected parameters (bigint, varchar)")]
    [InlineData("select 1 where status", "must be boolean, not bigint")]
    [InlineData("select case when status = 1 then 1 else 'x' end", "All CASE results must be the same type")]
    [InlineData("select status in ('200')", "IN value and list items must be the same type")]
    [InlineData("select date_format(code, '%Y')", "Unexpected parameters (varchar, varchar) for function date_format")]
    [InlineData("select date_format(now(), '%D')", "the date format %D")]
    [InlineData("select date_trunc('eon', now())", "the unit must be one of second")]
    [InlineData("select json_extract(content, '$..x')", "a JSON path")]
    // An alias is no column in WHERE, and no column beside it. Source: Presto.
    [InlineData("select status as s where s = 200", "Column 's' cannot be resolved")]
    [InlineData("select count(*) as pv, pv + 1", "Column 'pv' cannot be resolved")]
    [InlineData("select status, count(*)", "Column 'status' not in GROUP BY clause")]
    [InlineData("select sum(count(*))", "aggregate")]
    // Limits. Source: SLS, LIMIT clause.
    [InlineData("select status limit 1000001", "limit must be within [0, 1000000]")]
    [InlineData("select status limit 1,10001", "limit must be within [0, 10000]")]
    [InlineData(
        "select count(1) from (select distinct(code) from log limit 0,1000)",
        "LIMIT y, x is not supported inside a subquery"
    )]
    // Errors while it runs.
    [InlineData("select 1 / (status - 200)", "Division by zero")]
    [InlineData("select cast('1.5' as bigint)", "Cannot cast '1.5' to BIGINT")]
    [InlineData("select json_extract('no json', '$.a')", "JSON")]
    // Time series. Source: SLS, time series padding function.
    [InlineData(
        "select time_series(__time__, '1h', '%H', '0') as t, count(*) group by t order by t desc",
        "must be used together with GROUP BY and ORDER BY"
    )]
    [InlineData(
        "select time_series(__time__, '1h', '%H', '0') as t, count(*) group by t",
        "must be used together with GROUP BY and ORDER BY"
    )]
    public void A_statement_outside_of_the_subset_is_refused(string statement, string because)
    {
        var message = Requests.Refusal(statement);

        Assert.StartsWith("ErrorType:", message, StringComparison.Ordinal);
        Assert.Contains(because, message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_refusal_says_where()
    {
        Assert.StartsWith(
            "ErrorType:ColumnNotExists.ErrorPosition,line:1,column:16.ErrorMessage:line 1:16: Column 'x'",
            Requests.Refusal("select status, x"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData('(')]
    [InlineData('-')]
    [InlineData('[')]
    public void A_statement_that_nests_without_end_is_refused(char sign)
    {
        var statement = "select " + string.Concat(Enumerable.Repeat(sign == '[' ? "split(" : $"{sign} ", 2000)) + "1";

        var outcome = Record.Exception(() => Requests.Answer(statement));

        Assert.True(outcome is null or SqlRefusedException, outcome?.ToString());
    }

    [Fact]
    public void A_sum_of_thousands_of_parts_is_refused_or_answered()
    {
        var statement = "select 1" + string.Concat(Enumerable.Repeat("+1", 5000));

        var outcome = Record.Exception(() => Requests.Answer(statement));

        Assert.True(outcome is null or SqlRefusedException, outcome?.ToString());
    }
}
