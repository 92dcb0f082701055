namespace LogAudit.LocalCloud.Sql.Tests;

/// <summary>Clauses, by the examples of the SLS manual.</summary>
public sealed class StatementTests
{
    private static readonly Records Requests = new(
        "__time__=Long status=Long request_time=Long http_user_agent event.id",
        ["1592374067", "200", "5", "Chrome/1", "e-1"],
        ["1592374127", "200", "50", "Safari/1", "e-2"],
        ["1592377667", "404", "500", "curl", null],
        ["1592377668", "500", "5000", "Chrome/2", "e-1"]
    );

    [Theory]
    // GROUP BY clause: by name, by position
    [InlineData("SELECT status, count(*) AS PV GROUP BY status ORDER BY pv DESC, status", "200|2\n404|1\n500|1")]
    [InlineData("SELECT status, count(*) AS PV GROUP BY 1 ORDER BY 1", "200|2\n404|1\n500|1")]
    [InlineData(
        "SELECT count(*) AS PV, date_trunc('hour', __time__) AS time GROUP BY time ORDER BY time limit 1000",
        "2|2020-06-17 14:00:00.000\n2|2020-06-17 15:00:00.000"
    )]
    [InlineData(
        "SELECT count(*) AS PV, __time__ - __time__%300 AS time GROUP BY time ORDER BY time limit 1000",
        "2|1592373900\n2|1592377500"
    )]
    // Conditional expressions: an alias hides the field of its name
    [InlineData(
        "SELECT CASE WHEN request_time < 10 then 't10' WHEN request_time < 1000 then 't1000' ELSE 'large' END AS request_time, count(*) AS pv GROUP BY request_time ORDER BY request_time",
        "large|1\nt10|1\nt1000|2"
    )]
    // HAVING
    [InlineData("SELECT avg(request_time) AS mean, status GROUP BY status HAVING mean > 1000", "5000.0|500")]
    [InlineData(
        "SELECT max(request_time) AS request_time, status GROUP BY status HAVING max(request_time) > 1000",
        "5000|500"
    )]
    // ORDER BY: nulls last both ways
    [InlineData("SELECT \"event.id\" ORDER BY \"event.id\" DESC", "e-2\ne-1\ne-1\nNULL")]
    [InlineData("SELECT status, count(*) GROUP BY status ORDER BY count(*) DESC LIMIT 1", "200|2")]
    // LIMIT
    [InlineData("SELECT status ORDER BY __time__ LIMIT 1,2", "200\n404")]
    [InlineData("SELECT status LIMIT 0", "")]
    // DISTINCT
    [InlineData("SELECT distinct(status) ORDER BY status", "200\n404\n500")]
    // Nested subquery
    [InlineData("SELECT sum(pv) FROM (SELECT status, count(*) AS pv FROM log GROUP BY status)", "4")]
    [InlineData("SELECT t.pv FROM (SELECT count(1) AS pv FROM website_log) AS t", "4")]
    [InlineData("SELECT count(1) WHERE status IN (SELECT max(status) FROM log)", "1")]
    // UNION
    [InlineData(
        "SELECT status FROM log WHERE status = 404 UNION ALL SELECT max(status) FROM log ORDER BY status",
        "404\n500"
    )]
    [InlineData("SELECT 'a' AS x UNION SELECT 'a'", "a")]
    public void A_clause_answers_as_the_manual_says(string statement, string expected)
    {
        Assert.Equal(expected, Requests.Run(statement));
    }

    [Fact]
    public void A_statement_without_a_limit_gives_100_rows()
    {
        var many = new Records("n=Long", [.. Enumerable.Range(0, 250).Select(n => new[] { n.ToString(null, null) })]);

        Assert.Equal((100, 100), (many.Answer("select n").Rows.Count, many.Answer("select n").Limit));
        Assert.Equal(
            (200, 200),
            (many.Answer("select n limit 200").Rows.Count, many.Answer("select n limit 200").Limit)
        );
        Assert.Equal("250", many.Run("select count(1) from (select n from log)"));
    }

    [Fact]
    public void Columns_carry_their_names_and_types()
    {
        var answer = Requests.Answer(
            "select count(*), status, avg(status) as mean, \"event.id\" group by status, \"event.id\""
        );

        Assert.Equal(
            ["_col0 bigint", "status bigint", "mean double", "event.id varchar"],
            answer.Columns.Select(column => $"{column.Name} {column.Type}")
        );
    }

    [Fact]
    public void Select_star_gives_every_field_that_may_be_analysed()
    {
        Assert.Equal("1592374067|200|5|Chrome/1|e-1", Requests.Run("select * order by __time__ limit 1"));
    }

    [Fact]
    public void A_value_that_does_not_fit_the_type_of_its_field_is_missing()
    {
        var records = new Records("n=Long d=Double t", ["1.5", "many", "text"]);

        Assert.Equal("NULL|NULL|text", records.Run("select n, d, t"));
    }

    [Theory]
    [InlineData("0", "14:00|1\n14:20|0\n14:40|1")]
    [InlineData("null", "14:00|1\n14:20|NULL\n14:40|1")]
    [InlineData("last", "14:00|1\n14:20|1\n14:40|1")]
    [InlineData("next", "14:00|1\n14:20|1\n14:40|1")]
    public void Time_series_fills_windows_without_a_record(string padding, string expected)
    {
        var records = new Records("__time__=Long", ["1592374067"], ["1592376467"]);

        var answer = records.Answer(
            $"select time_series(__time__, '20m', '%H:%i', '{padding}') as time, count(*) as num from log group by time order by time",
            1592373600,
            1592377200
        );

        Assert.Equal(expected, string.Join('\n', answer.Rows.Select(row => $"{row[0]}|{row[1] ?? "NULL"}")));
    }

    [Fact]
    public void Two_hours_begin_at_even_hours_of_the_wall_clock()
    {
        var records = new Records("__time__=Long", ["1592374067"]);

        var answer = records.Answer(
            "select time_series(__time__, '2h', '%Y-%m-%d %H:%i:%s', '0') as time, count(*) as num from log group by time order by time"
        );

        Assert.Equal(["2020-06-17 14:00:00", "1"], answer.Rows[0]);
    }
}
