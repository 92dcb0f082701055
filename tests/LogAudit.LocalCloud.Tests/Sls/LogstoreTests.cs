using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Sls;

public sealed class LogstoreTests
{
    [Fact]
    public async Task Logstore_lives_through_create_get_update_list_delete()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        var body = JObject.Parse(
            """{"logstoreName":"oss_log","ttl":180,"shardCount":2,"autoSplit":true,"maxSplitShard":64,"mode":"standard","appendMeta":true}"""
        );

        Assert.Equal("200", (await cloud.JsonAsync("POST", "/logstores", body)).Outcome);
        Assert.Equal("400 LogStoreAlreadyExist", (await cloud.JsonAsync("POST", "/logstores", body)).Outcome);
        body["ttl"] = 365;
        Assert.Equal("200", (await cloud.JsonAsync("PUT", "/logstores/oss_log", body)).Outcome);
        var got = (await cloud.GetAsync("/logstores/oss_log")).Json;
        var list = (await cloud.GetAsync("/logstores?offset=0&size=500&telemetryType=None")).Json;

        Assert.Equal(
            (365, 2, true, -1),
            ((int)got["ttl"]!, (int)got["shardCount"]!, (bool)got["appendMeta"]!, (int)got["infrequentAccessTTL"]!)
        );
        Assert.Equal(["oss_log", "rds_log"], list["logstores"]!.Select(name => (string)name!));
        Assert.Equal("200", (await cloud.DeleteAsync("/logstores/oss_log")).Outcome);
        Assert.Equal("404 LogStoreNotExist", (await cloud.GetAsync("/logstores/oss_log")).Outcome);
    }

    [Theory]
    [InlineData("""{"logstoreName":"Bad","ttl":1,"shardCount":1}""")]
    [InlineData("""{"logstoreName":"ab","ttl":1,"shardCount":1}""")]
    [InlineData("""{"logstoreName":"good","ttl":0,"shardCount":1}""")]
    [InlineData("""{"logstoreName":"good","ttl":3651,"shardCount":1}""")]
    [InlineData("""{"logstoreName":"good","shardCount":1}""")]
    [InlineData("""{"logstoreName":"good","ttl":1}""")]
    [InlineData("""{"logstoreName":"good","ttl":1,"shardCount":1,"autoSplit":true}""")]
    [InlineData("""{"logstoreName":"good","ttl":1,"shardCount":1,"autoSplit":true,"maxSplitShard":257}""")]
    [InlineData("""{"logstoreName":"good","ttl":90,"shardCount":1,"hot_ttl":5}""")]
    [InlineData("""{"logstoreName":"good","ttl":90,"shardCount":1,"infrequentAccessTTL":20}""")]
    [InlineData("""{"logstoreName":"good","ttl":80,"shardCount":1,"hot_ttl":10,"infrequentAccessTTL":30}""")]
    public async Task CreateLogStore_refuses_wrong_settings(string body)
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();

        var answer = await cloud.JsonAsync("POST", "/logstores", JObject.Parse(body));

        Assert.Equal("400 LogStoreInfoInvalid", answer.Outcome);
    }

    [Fact]
    public async Task Body_needs_its_content_type()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();

        var missing = await cloud.SendAsync("POST", "/logstores", "{}"u8.ToArray());
        var broken = await cloud.SendAsync(
            "POST",
            "/logstores",
            "{\"a\":"u8.ToArray(),
            headers: [("Content-Type", "application/json")]
        );

        Assert.Equal(("400 MissingContentType", "400 PostBodyInvalid"), (missing.Outcome, broken.Outcome));
    }

    [Fact]
    public async Task Project_holds_two_hundred_logstores()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        for (var i = 1; i < 200; i++)
            cloud.Sls.Project(SlsCloud.Project)!.EnsureLogstore("store-" + i, 1, 1);

        var answer = await cloud.JsonAsync(
            "POST",
            "/logstores",
            JObject.Parse("""{"logstoreName":"one-more","ttl":1,"shardCount":1}""")
        );

        Assert.Equal("400 ProjectQuotaExceed", answer.Outcome);
    }

    [Fact]
    public async Task Metricstore_is_made_in_one_step_or_as_a_logstore_with_a_sub_store()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        var keys = JArray.Parse(
            """[{"name":"__name__","type":"text"},{"name":"__labels__","type":"text"},{"name":"__time_nano__","type":"long"},{"name":"__value__","type":"double"}]"""
        );

        Assert.Equal(
            "200",
            (
                await cloud.JsonAsync(
                    "POST",
                    "/metricstores",
                    JObject.Parse("""{"name":"metrics-a","ttl":30,"shardCount":1,"metricType":"prometheus"}""")
                )
            ).Outcome
        );
        Assert.Equal(
            "200",
            (
                await cloud.JsonAsync(
                    "POST",
                    "/logstores",
                    JObject.Parse("""{"logstoreName":"metrics-b","ttl":30,"shardCount":1,"telemetryType":"Metrics"}""")
                )
            ).Outcome
        );
        Assert.Equal(
            "200",
            (
                await cloud.JsonAsync(
                    "POST",
                    "/logstores/metrics-b/substores",
                    new JObject
                    {
                        ["name"] = "prom",
                        ["ttl"] = 30,
                        ["keys"] = keys,
                    }
                )
            ).Outcome
        );
        var list = (await cloud.GetAsync("/metricstores?offset=0&size=10")).Json;

        Assert.Equal(["metrics-a", "metrics-b"], list["metricstores"]!.Select(name => (string)name!));
        Assert.Equal("prometheus", (string?)(await cloud.GetAsync("/metricstores/metrics-a")).Json["metricType"]);
        Assert.Equal("404 LogStoreNotExist", (await cloud.GetAsync("/metricstores/rds_log")).Outcome);
    }

    [Fact]
    public async Task Dashboard_answers_with_the_codes_of_the_live_service()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        var body = JObject.Parse(
            """{"dashboardName":"overview","displayName":"Overview","description":"","attribute":{"type":"grid"},"charts":[{"title":"a","type":"table","search":{},"display":{}}]}"""
        );

        var first = await cloud.JsonAsync("POST", "/dashboards", body);
        var second = await cloud.JsonAsync("POST", "/dashboards", body);
        ((JArray)body["charts"]!).Add(body["charts"]![0]!.DeepClone());
        var doubled = await cloud.JsonAsync("PUT", "/dashboards/overview", body);
        var list = (await cloud.GetAsync("/dashboards?offset=0&size=10")).Json;

        Assert.Equal(
            ("200", "400 ParameterInvalid", "400 PostBodyInvalid"),
            (first.Outcome, second.Outcome, doubled.Outcome)
        );
        Assert.Equal("specified dashboard already exists", (string?)second.Json["errorMessage"]);
        Assert.Equal("Duplicate chart title: a", (string?)doubled.Json["errorMessage"]);
        Assert.Equal("Overview", (string?)list["dashboardItems"]![0]!["displayName"]);
        Assert.Equal("404 DashboardNotExist", (await cloud.GetAsync("/dashboards/none")).Outcome);
        Assert.Equal("404 ChartNotExist", (await cloud.GetAsync("/dashboards/overview/charts/none")).Outcome);
    }
}
