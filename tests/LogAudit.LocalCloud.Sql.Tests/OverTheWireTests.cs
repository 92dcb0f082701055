using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Tests.Sls;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sql.Tests;

/// <summary>Both query calls of SLS with an analytic statement.</summary>
public sealed class OverTheWireTests
{
    private const string Index = """
        {"keys":{"user":{"type":"text","token":[" ",","],"doc_value":true},
                 "hidden":{"type":"text","token":[" "]},
                 "status":{"type":"long","doc_value":true},
                 "seconds":{"type":"double","doc_value":true},
                 "event":{"type":"json","token":[" "],"doc_value":true,"index_all":true,
                          "json_keys":{"id":{"type":"text","doc_value":true},"size":{"type":"long","doc_value":true}}}}}
        """;

    private const string Statement =
        "select user, count(*) as requests, avg(seconds) as mean group by user order by requests desc, user";

    [Fact]
    public async Task The_new_call_answers_with_columns_and_the_two_parts_of_the_query()
    {
        await using var cloud = await StartAsync();

        var answer = await AskAsync(cloud, $"status < 500 | {Statement}");

        Assert.Equal("200", answer.Outcome);
        var meta = answer.Json["meta"]!;
        Assert.Equal(
            ("Complete", true, 2, 100),
            ((string?)meta["progress"], (bool)meta["hasSQL"]!, (int)meta["count"]!, (int)meta["limited"]!)
        );
        Assert.Equal(
            (3, "status < 500", Statement),
            ((int)meta["processedRows"]!, (string?)meta["whereQuery"], (string?)meta["aggQuery"])
        );
        Assert.Equal(["user", "requests", "mean"], meta["keys"]!.Values<string>());
        Assert.Equal(["varchar", "bigint", "double"], meta["columnTypes"]!.Values<string>());
        Assert.Equal(
            JArray.Parse(
                """[{"user":"Alice","requests":"2","mean":"1.5"},{"user":"Bob","requests":"1","mean":"null"}]"""
            ),
            answer.Json["data"]
        );
    }

    [Fact]
    public async Task The_old_call_says_in_its_headers_that_there_was_a_statement()
    {
        await using var cloud = await StartAsync();

        var answer = await cloud.GetAsync(
            $"/logstores/rds_log?type=log&from=1768465000&to=1768470000&line=1&offset=7&query={Uri.EscapeDataString("* | " + Statement)}"
        );

        Assert.Equal("200", answer.Outcome);
        Assert.Equal(3, answer.Json.Count());
        Assert.Equal("true", answer.Headers["x-log-has-sql"]);
        Assert.Equal("3", answer.Headers["x-log-count"]);
        Assert.Equal(Statement, Uri.UnescapeDataString(answer.Headers["x-log-agg-query"]));
    }

    [Theory]
    [InlineData(
        "select \"event.id\" as id, \"event.size\" + 1 as size where user = 'Alice' order by id",
        "e-1|11 e-2|21"
    )]
    [InlineData("select \"event.other\" as other where status = 500", "z")]
    [InlineData("select json_extract_scalar(event, '$.id') as id where status = 404", "e-2")]
    [InlineData("select __topic__, \"__tag__:host\", __source__ where status = 200", "topic|h1|source")]
    [InlineData("select __time__ % 10 as s where status = 200", "5")]
    public async Task Fields_have_the_types_and_names_of_the_index(string statement, string expected)
    {
        await using var cloud = await StartAsync();

        var answer = await AskAsync(cloud, $"* | {statement}");

        Assert.Equal("200", answer.Outcome);
        Assert.Equal(
            expected.Split(' '),
            answer.Json["data"]!.Select(row =>
                string.Join('|', ((JObject)row).Properties().Select(p => (string?)p.Value))
            )
        );
    }

    [Theory]
    [InlineData("* | select hidden", "Column 'hidden' cannot be resolved")]
    [InlineData("* | select unindexed", "Column 'unindexed' cannot be resolved")]
    [InlineData("* | select ip_to_country(user)", "Function ip_to_country not registered")]
    [InlineData("unindexed > 3 | select 1", "is not indexed as long or double")]
    [InlineData("* | ", "mismatched input '<EOF>'")]
    public async Task A_refusal_has_the_code_and_shape_of_the_service(string query, string because)
    {
        await using var cloud = await StartAsync();

        var answer = await AskAsync(cloud, query);

        Assert.Equal("400 ParameterInvalid", answer.Outcome);
        Assert.Contains(because, (string?)answer.Json["errorMessage"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bar_in_quotes_belongs_to_the_search()
    {
        await using var cloud = await StartAsync();

        var answer = await AskAsync(cloud, "user: \"a|b\" or status: 200 | select count(*) as n");

        Assert.Equal("1", (string?)answer.Json["data"]![0]!["n"]);
    }

    [Fact]
    public async Task A_cloud_that_was_started_without_an_engine_searches_only()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        await FillAsync(cloud);

        Assert.Equal("400 ParameterInvalid", (await AskAsync(cloud, "* | select 1")).Outcome);
        Assert.Equal("200", (await AskAsync(cloud, "status: 200")).Outcome);
    }

    private static Task<SlsAnswer> AskAsync(SlsCloud cloud, string query) =>
        cloud.JsonAsync(
            "POST",
            "/logstores/rds_log/logs",
            new JObject
            {
                ["from"] = 1768465000,
                ["to"] = 1768470000,
                ["query"] = query,
            }
        );

    private static async Task<SlsCloud> StartAsync()
    {
        var cloud = await SlsCloud.StartWithLogstoreAsync(sql: new DuckSqlEngine());
        await FillAsync(cloud);
        return cloud;
    }

    private static async Task FillAsync(SlsCloud cloud)
    {
        await cloud.JsonAsync("POST", "/logstores/rds_log/index", JObject.Parse(Index));
        cloud.Clock.Advance(TimeSpan.FromMinutes(2));
        IReadOnlyList<LogItem> records =
        [
            SlsCloud.Item(
                1768465845,
                ("user", "Alice"),
                ("status", "200"),
                ("seconds", "1"),
                ("hidden", "x"),
                ("event", """{"id":"e-1","size":10}""")
            ),
            SlsCloud.Item(
                1768465846,
                ("user", "Alice"),
                ("status", "404"),
                ("seconds", "2"),
                ("event", """{"id":"e-2","size":20}""")
            ),
            SlsCloud.Item(1768465847, ("user", "Bob"), ("status", "403")),
            SlsCloud.Item(
                1768465848,
                ("user", "Carol"),
                ("status", "500"),
                ("seconds", "9"),
                ("event", """{"other":"z"}""")
            ),
        ];
        cloud.Logstore.Append(records, "topic", "source", [new("host", "h1")]);
    }
}
