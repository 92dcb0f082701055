using LogAudit.LocalCloud.Sls.Search;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Sls;

public sealed class QueryTests
{
    private const string Index = """
        {"line":{"token":[" ",",",":"],"caseSensitive":false,"chn":false},
         "keys":{"user":{"type":"text","token":[" ",","],"caseSensitive":true,"doc_value":true},
                 "status":{"type":"long","doc_value":true},
                 "event":{"type":"json","token":[" "],"caseSensitive":false,"index_all":true,"json_keys":{"id":{"type":"text"},"size":{"type":"long"}}}}}
        """;

    [Theory]
    [InlineData("*", "abc")]
    [InlineData("", "abc")]
    [InlineData("login", "ab")]
    [InlineData("LOGIN", "ab")]
    [InlineData("log*", "abc")]
    [InlineData("user: Alice", "a")]
    [InlineData("user: alice", "")]
    [InlineData("user: A*", "a")]
    [InlineData("user:*", "abc")]
    [InlineData("status: 404", "b")]
    [InlineData("status > 200", "bc")]
    [InlineData("status >= 200 and status < 404", "a")]
    [InlineData("status in [200 404]", "ab")]
    [InlineData("status in (200 404]", "b")]
    [InlineData("login and not user: Bob", "a")]
    [InlineData("user: Alice or user: Carol", "ac")]
    [InlineData("(user: Alice or user: Carol) and status = 500", "c")]
    [InlineData("login user: Bob", "b")]
    [InlineData("event.id: e-2", "b")]
    [InlineData("event.size > 15", "bc")]
    [InlineData("event.other: z", "c")]
    [InlineData("\"failed hard\"", "c")]
    [InlineData("__topic__: topic", "abc")]
    [InlineData("__tag__:host: h1", "abc")]
    [InlineData("unindexed: secret", "")]
    public async Task Search_finds_by_words_fields_and_numbers(string query, string expected)
    {
        await using var cloud = await WithRecordsAsync();

        var answer = await cloud.JsonAsync("POST", "/logstores/rds_log/logs", Question(query));

        Assert.Equal(expected, string.Concat(answer.Json["data"]!.Select(row => (string)row["name"]!)));
        Assert.Equal(expected.Length, (int)answer.Json["meta"]!["count"]!);
    }

    [Theory]
    [InlineData("* | select count(1)")]
    [InlineData("(user: a")]
    [InlineData("user:")]
    [InlineData("\"open")]
    [InlineData("user > 5")]
    public async Task Search_refuses_sql_and_broken_queries(string query)
    {
        await using var cloud = await WithRecordsAsync();

        Assert.Equal(
            "400 ParameterInvalid",
            (await cloud.JsonAsync("POST", "/logstores/rds_log/logs", Question(query))).Outcome
        );
    }

    [Fact]
    public async Task Search_pages_and_turns_around()
    {
        await using var cloud = await WithRecordsAsync();
        var question = Question("*");
        (question["line"], question["offset"], question["reverse"]) = (1, 1, true);

        var v2 = await cloud.JsonAsync("POST", "/logstores/rds_log/logs", question);
        var v1 = await cloud.GetAsync(
            "/logstores/rds_log?type=log&from=1768465800&to=1768465900&query="
                + Uri.EscapeDataString("status > 200")
                + "&line=1"
        );
        var bars = await cloud.GetAsync(
            "/logstores/rds_log?type=histogram&from=1768465840&to=1768465850&query=&interval=5"
        );

        Assert.Equal("b", (string?)v2.Json["data"]![0]!["name"]);
        Assert.Equal(
            ("b", "Complete", "1"),
            ((string?)v1.Json[0]!["name"], v1.Headers["x-log-progress"], v1.Headers["x-log-count"])
        );
        Assert.Equal([0, 3], bars.Json.Select(bar => (int)bar["count"]!));
    }

    [Fact]
    public async Task Row_shows_reserved_fields()
    {
        await using var cloud = await WithRecordsAsync();

        var row = (await cloud.JsonAsync("POST", "/logstores/rds_log/logs", Question("user: Alice"))).Json["data"]![0]!;

        Assert.Equal(
            ("1768465845", "topic", "10.0.0.1", "h1"),
            (
                (string?)row["__time__"],
                (string?)row["__topic__"],
                (string?)row["__source__"],
                (string?)row["__tag__:host"]
            )
        );
    }

    [Fact]
    public async Task Index_is_made_once_and_finds_only_what_came_after()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        await cloud.PutAsync(SlsCloud.Group("before"));

        var without = await cloud.JsonAsync("POST", "/logstores/rds_log/logs", Question("*"));
        var none = await cloud.GetAsync("/logstores/rds_log/index");
        var made = await cloud.JsonAsync("POST", "/logstores/rds_log/index", JObject.Parse(Index));
        var twice = await cloud.JsonAsync("POST", "/logstores/rds_log/index", JObject.Parse(Index));
        cloud.Clock.Advance(TimeSpan.FromSeconds(61));
        await cloud.PutAsync(SlsCloud.Group("after"));
        var found = await cloud.JsonAsync("POST", "/logstores/rds_log/logs", Question("*"));

        Assert.Equal(("404 IndexConfigNotExist", "404 IndexConfigNotExist"), (without.Outcome, none.Outcome));
        Assert.Equal(("200", "400 IndexAlreadyExist"), (made.Outcome, twice.Outcome));
        Assert.Equal(["after"], found.Json["data"]!.Select(row => (string)row["message"]!));
        Assert.Equal("v2", (string?)(await cloud.GetAsync("/logstores/rds_log/index")).Json["index_mode"]);
        Assert.Equal("200", (await cloud.DeleteAsync("/logstores/rds_log/index")).Outcome);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"keys":{"a":{"type":"date"}}}""")]
    [InlineData("""{"keys":{"a":{"type":"text"}}}""")]
    [InlineData("""{"line":{"token":[" "],"include_keys":["a"],"exclude_keys":["b"]}}""")]
    public async Task Index_refuses_wrong_settings(string body)
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();

        Assert.Equal(
            "400 ParameterInvalid",
            (await cloud.JsonAsync("POST", "/logstores/rds_log/index", JObject.Parse(body))).Outcome
        );
    }

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(5, 5)]
    public async Task Search_refuses_an_empty_time(int from, int to)
    {
        await using var cloud = await WithRecordsAsync();

        var answer = await cloud.JsonAsync(
            "POST",
            "/logstores/rds_log/logs",
            new JObject
            {
                ["from"] = from,
                ["to"] = to,
                ["query"] = "*",
            }
        );

        Assert.Equal("400 ParameterInvalid", answer.Outcome);
    }

    private static async Task<SlsCloud> WithRecordsAsync()
    {
        var cloud = await SlsCloud.StartWithLogstoreAsync();
        cloud.Logstore.Index = IndexConfig.Read(JObject.Parse(Index), cloud.Clock.GetUtcNow(), cloud.Clock.GetUtcNow());
        KeyValuePair<string, string>[] tags = [new("host", "h1")];
        cloud.Logstore.Append(
            [Record("a", "Alice", "login ok", 200, """{"id":"e-1","size":10}""")],
            "topic",
            "10.0.0.1",
            tags
        );
        cloud.Logstore.Append(
            [
                Record("b", "Bob", "login failed", 404, """{"id":"e-2","size":20}"""),
                Record("c", "Carol", "logout,failed hard", 500, """{"id":"e-3","size":30,"other":"z"}"""),
            ],
            "topic",
            "10.0.0.1",
            tags
        );
        return cloud;
    }

    private static LocalCloud.Kernel.LogItem Record(string name, string user, string text, int status, string json) =>
        SlsCloud.Item(
            1768465845,
            ("name", name),
            ("user", user),
            ("text", text),
            ("status", status.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("event", json),
            ("unindexed", "secret")
        );

    private static JObject Question(string query) =>
        new()
        {
            ["from"] = 1768465800,
            ["to"] = 1768470000,
            ["query"] = query,
        };
}
