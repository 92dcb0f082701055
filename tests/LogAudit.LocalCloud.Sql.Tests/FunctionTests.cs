namespace LogAudit.LocalCloud.Sql.Tests;

/// <summary>Each function by an example of the SLS manual, on the page of its group, where the manual prints the result; by Presto's rule elsewhere.</summary>
public sealed class FunctionTests
{
    private static readonly Records Sample = new(
        "__time__=Long request_uri server_protocol region http_user_agent request_time=Double status=Long code client_ip content url",
        [
            "1592374067",
            "/request/path-1/file-9?0457349059345",
            "HTTP/2.0",
            "cn-shanghai",
            "Mozilla/5.0 (Macintosh) Safari/526.11.2",
            "40.5",
            "200",
            "200",
            "192.168.0.7",
            """{"status":"200","store":{"book":[{"title":"a"}]},"sizes":[1,2,3]}""",
            "https://user@www.example.com:8443/a/b.html?q=1#top",
        ]
    );

    [Theory]
    // Date and time functions
    [InlineData("from_unixtime(1592374067)", "2020-06-17 14:07:47.000")]
    [InlineData("date_trunc('minute', __time__)", "2020-06-17 14:07:00.000")]
    [InlineData("date_trunc('day', __time__)", "2020-06-17 00:00:00.000")]
    [InlineData("date_trunc('hour', from_unixtime(1610391845))", "2021-01-12 03:00:00.000")]
    [InlineData("date_trunc('week', from_unixtime(1610391845))", "2021-01-11 00:00:00.000")]
    [InlineData("date_trunc('month', 1610391845)", "2021-01-01 00:00:00.000")]
    [InlineData("date_trunc('quarter', 1610391845)", "2021-01-01 00:00:00.000")]
    [InlineData("date_trunc('year', 1610391845)", "2021-01-01 00:00:00.000")]
    [InlineData("date_format(date_parse('2017-05-17 09:45:00','%Y-%m-%d %H:%i:%S'), '%Y-%m-%d')", "2017-05-17")]
    [InlineData("date_format(__time__ - __time__ % 60, '%H:%i:%s')", "14:07:00")]
    [InlineData("date_format(__time__, '%m-%d %T %% %M %W %k %e')", "06-17 14:07:47 % June Wednesday 14 17")]
    [InlineData("__time__ - __time__ % 300", "1592373900")]
    [InlineData("date_add('day', -7, '2018-08-09 00:00:00')", "2018-08-02 00:00:00.000")]
    [InlineData("date_diff('day', '2018-08-02 00:00:00', '2018-08-09 00:00:00')", "7")]
    [InlineData("to_unixtime(from_unixtime(1494985275))", "1494985275.0")]
    [InlineData("now()", "2020-06-17 14:07:47.000")]
    [InlineData("current_timestamp", "2020-06-17 14:07:47.000")]
    // String functions
    [InlineData("split_part(request_uri, '?', 1)", "/request/path-1/file-9")]
    [InlineData("split_part(request_uri, '?', 3)", "NULL")]
    [InlineData("substr(server_protocol, 1, 4)", "HTTP")]
    [InlineData("substr(http_user_agent, 1, 1) = chr(77)", "true")]
    [InlineData("strpos(server_protocol, 'H')", "1")]
    [InlineData("split(server_protocol, '/', 2)", """["HTTP","2.0"]""")]
    [InlineData("split('a,b,c', ',', 2)", """["a","b,c"]""")]
    [InlineData("split('a,b,c', ',')[2]", "b")]
    [InlineData("replace(region, 'cn', 'China')", "China-shanghai")]
    [InlineData("replace(region, 'cn-')", "shanghai")]
    [InlineData("concat(region, '/', lower('A'), upper('b'))", "cn-shanghai/aB")]
    [InlineData("concat(region, cast(null as varchar))", "NULL")]
    [InlineData("length(server_protocol)", "8")]
    [InlineData("lpad('1', 3, '0')", "001")]
    [InlineData("reverse(trim(' abc '))", "cba")]
    // Regular expression functions
    [InlineData(@"regexp_extract(server_protocol, '\d+')", "2")]
    [InlineData(@"regexp_extract(request_uri, '.*\/(file.*)', 1)", "file-9?0457349059345")]
    [InlineData(@"regexp_extract(region, '\d+')", "NULL")]
    [InlineData(@"regexp_extract_all(server_protocol, '\d+')", """["2","0"]""")]
    [InlineData("regexp_like(server_protocol, 'HTTP')", "true")]
    // JSON functions
    [InlineData("json_extract(content, '$.status')", "\"200\"")]
    [InlineData("json_extract_scalar(content, '$.status')", "200")]
    [InlineData("json_extract_scalar(content, '$.store.book[0].title')", "a")]
    [InlineData("json_extract_scalar(content, '$.store')", "NULL")]
    [InlineData("json_extract_scalar('no json', '$.store')", "NULL")]
    [InlineData("json_format(json_parse('[1,2,3]'))", "[1,2,3]")]
    [InlineData("""json_array_length('["status", "request_time", "request_method"]')""", "3")]
    [InlineData("""json_size('{"status":[1, 2, 3]}','$.status')""", "3")]
    [InlineData("cast(json_extract(content, '$.status') as bigint) + 1", "201")]
    // Type conversion functions
    [InlineData("cast(123 as varchar)", "123")]
    [InlineData("try_cast('12a' as bigint)", "NULL")]
    [InlineData("try_cast('1.5' as bigint)", "NULL")]
    [InlineData("cast(code as bigint) + 1", "201")]
    [InlineData("cast('1.5' as double)", "1.5")]
    [InlineData("cast(from_unixtime(1592374067) as varchar)", "2020-06-17 14:07:47.000")]
    // Conditional expressions
    [InlineData(
        "case when http_user_agent like '%Chrome%' then 'Chrome' when http_user_agent like '%Safari%' then 'Safari' else 'unknown' end",
        "Safari"
    )]
    [InlineData("case status when 404 then 'none' end", "NULL")]
    [InlineData("if(status = 200, 1, 0)", "1")]
    [InlineData("if(status = 404, 1)", "NULL")]
    [InlineData("coalesce(null, region, 'x')", "cn-shanghai")]
    [InlineData("nullif(status, 200)", "NULL")]
    // IP functions
    [InlineData("ip_to_domain(client_ip)", "intranet")]
    [InlineData("ip_to_domain('8.8.8.8')", "internet")]
    [InlineData("is_subnet_of('192.168.0.1/24', client_ip)", "true")]
    [InlineData("is_subnet_of('192.168.1.1/24', client_ip)", "false")]
    // URL functions
    [InlineData("url_extract_host(url)", "www.example.com")]
    [InlineData("url_extract_path(url)", "/a/b.html")]
    // Mathematical calculation functions
    [InlineData("floor(2.5)", "2.0")]
    [InlineData("ceiling(2.5)", "3.0")]
    [InlineData("round(2.345, 1)", "2.3")]
    [InlineData("truncate(2.9)", "2.0")]
    [InlineData("abs(-3)", "3")]
    // Whole numbers divide to whole numbers, a broken number makes the result broken. Source: Presto.
    [InlineData("7 / 2", "3")]
    [InlineData("7 * 1.0 / 2", "3.5")]
    [InlineData("-7 % 4", "-3")]
    [InlineData("not (1 = 2 or 2 between 3 and 4) and 'a' in ('a', 'b') and region is not null", "true")]
    // No exponent. Source: SLS, COALESCE syntax.
    [InlineData("6514393413 * 1.0", "6514393413.0")]
    public void A_function_answers_as_the_manual_says(string expression, string expected)
    {
        Assert.Equal(expected, Sample.Run($"select {expression}"));
    }

    [Theory]
    [InlineData("count(*)", "4")]
    [InlineData("count(1)", "4")]
    [InlineData("count(method)", "3")]
    [InlineData("count(distinct method)", "2")]
    [InlineData("count_if(status >= 400)", "2")]
    [InlineData("approx_distinct(method)", "2")]
    [InlineData("sum(status)", "1304")]
    [InlineData("avg(status)", "326.0")]
    [InlineData("min(status)", "200")]
    [InlineData("max(seconds)", "4.5")]
    [InlineData("max_by(method, seconds)", "PUT")]
    [InlineData("min_by(status, seconds)", "200")]
    [InlineData("arbitrary(method) is not null", "true")]
    [InlineData("approx_percentile(status, 0.5)", "200")]
    [InlineData("sum(if(status = 200, 1, 0)) * 1.0 / count(*)", "0.5")]
    [InlineData("round(count_if(status < 400) * 100.0 / count(*), 2)", "50.0")]
    public void An_aggregate_answers_as_the_manual_says(string expression, string expected)
    {
        var records = new Records(
            "method status=Long seconds=Double",
            ["GET", "200", "1.5"],
            ["GET", "200", "2.5"],
            ["PUT", "404", "4.5"],
            [null, "500", "x"]
        );

        Assert.Equal(expected, records.Run($"select {expression}"));
    }
}
