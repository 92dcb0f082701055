using System.Text;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

public sealed class AckTests
{
    private const string Host = "cs.cn-hangzhou.aliyuncs.com";

    [Fact]
    public async Task Clusters_of_a_region_are_listed_at_its_path_by_pages()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("ack", "c-1");
        cloud.Seed("ack", "c-2");
        cloud.Seed("ack", "c-far", "cn-shanghai");

        var (_, first) = await GetAsync(
            cloud,
            "DescribeClustersForRegion",
            "/regions/cn-hangzhou/clusters",
            ("page_size", "1")
        );
        var (_, second) = await GetAsync(
            cloud,
            "DescribeClustersForRegion",
            "/regions/cn-hangzhou/clusters",
            ("page_size", "1"),
            ("page_number", "2")
        );

        Assert.Equal("c-1", (string?)first.SelectToken("clusters[0].cluster_id"));
        Assert.Equal("c-2", (string?)second.SelectToken("clusters[0].cluster_id"));
        Assert.Equal(2, (int)second.SelectToken("page_info.total_count")!);
    }

    [Fact]
    public async Task Audit_is_switched_by_a_task_that_makes_the_project_of_the_cluster()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("ack", "c-1");

        var (_, before) = await GetAsync(cloud, "GetClusterAuditProject", "/clusters/c-1/audit");
        var (status, started) = await PutAsync(cloud, """{"disable":false,"sls_project_name":"k8s-log-c-1"}""");
        var (_, task) = await GetAsync(cloud, "DescribeTaskInfo", $"/tasks/{started["task_id"]}");
        var (_, after) = await GetAsync(cloud, "GetClusterAuditProject", "/clusters/c-1/audit");

        Assert.False((bool)before["audit_enabled"]!);
        Assert.Equal((200, "success"), (status, (string?)task["state"]));
        Assert.Equal("k8s-log-c-1", (string?)after["sls_project_name"]);
        Assert.True(cloud.Storage.LogstoreExists("k8s-log-c-1", "audit-c-1"));
    }

    [Fact]
    public async Task A_cluster_at_work_refuses_the_next_change()
    {
        await using var cloud = await ProductCloud.StartAsync(delayScale: 1);
        cloud.Seed("ack", "c-1");

        var (first, _) = await PutAsync(cloud, """{"disable":false}""");
        var (second, refused) = await PutAsync(cloud, """{"disable":true}""");

        Assert.Equal((200, 409), (first, second));
        Assert.Equal("ErrorClusterState", (string?)refused["Code"]);
    }

    [Fact]
    public async Task A_component_is_configured_by_a_text_of_JSON()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("ack", "c-1");
        const string path = "/clusters/c-1/addon_instances/ack-node-problem-detector";

        await SendAsync(
            cloud,
            HttpMethod.Post,
            "ModifyClusterAddon",
            "/clusters/c-1/components/ack-node-problem-detector/config",
            """{"config":"{\"sls_project_name\":\"k8s-log-c-1\"}"}"""
        );
        var (_, after) = await GetAsync(cloud, "GetClusterAddonInstance", path);
        var (missing, _) = await GetAsync(cloud, "GetClusterAddonInstance", "/clusters/c-1/addon_instances/logtail-ds");

        Assert.Equal("k8s-log-c-1", (string?)JObject.Parse((string)after["config"]!)["sls_project_name"]);
        Assert.Equal(404, missing);
        Assert.True(cloud.Storage.LogstoreExists("k8s-log-c-1", "k8s-event"));
    }

    [Fact]
    public async Task Cluster_of_another_account_is_not_found_and_one_action_needs_its_own_right()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("ack", "c-1");
        var reader = cloud.KeyOf(
            ProductCloud.Uid,
            "reader",
            """{"Version":"1","Statement":[{"Effect":"Allow","Action":"cs:GetClusterAuditProject","Resource":"acs:cs:cn-hangzhou:*:cluster/c-2"}]}"""
        );

        var other = await StatusAsync(cloud, cloud.OtherKey());
        var denied = await StatusAsync(cloud, reader);

        Assert.Equal((404, 403), (other, denied));
    }

    [Fact]
    public async Task Each_kind_logs_only_while_it_is_really_on_and_with_its_marker()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("ack", "c-1", properties: [("ingressLog", "true")]);
        cloud.Seed("ack", "c-reg", properties: [("type", "ExternalKubernetes")]);
        Assert.Equal(["ingress"], Logging(cloud, "c-1"));

        await PutAsync(cloud, """{"disable":false}""");
        new LogAudit.LocalCloud.Products.Logs.LogGenerator(cloud.Cloud, 3).Write(40, "ack");

        Assert.Equal(["audit", "ingress"], Logging(cloud, "c-1"));
        var audit = StoredLogs.Of(cloud, "k8s-log-c-1", "audit-c-1");
        Assert.NotEmpty(audit);
        Assert.All(
            audit,
            record => Assert.Equal("system:users", (string?)JObject.Parse(record["user"]).SelectToken("groups[0]"))
        );
        Assert.NotEmpty(StoredLogs.Of(cloud, "k8s-log-c-1", "nginx-ingress"));
        Assert.All(
            cloud.Product("ack").Logging().Where(state => state.Resource.Id == "c-reg"),
            state => Assert.NotNull(state.WhyNot)
        );
    }

    private static string[] Logging(ProductCloud cloud, string id) =>
        [
            .. cloud
                .Product("ack")
                .Logging()
                .Where(state => state.Resource.Id == id && state.Places.Count > 0)
                .Select(state => state.Kind),
        ];

    private static async Task<int> StatusAsync(ProductCloud cloud, LogAudit.LocalCloud.Kernel.AccessKey key)
    {
        using var response = await Acs3.SendAsync(
            cloud.Http,
            key,
            Host,
            "2015-12-15",
            "GetClusterAuditProject",
            HttpMethod.Get,
            "/clusters/c-1/audit",
            [],
            []
        );
        return (int)response.StatusCode;
    }

    private static Task<(int Status, JObject Body)> PutAsync(ProductCloud cloud, string body) =>
        SendAsync(cloud, HttpMethod.Put, "UpdateClusterAuditLogConfig", "/clusters/c-1/audit_log", body);

    private static Task<(int Status, JObject Body)> GetAsync(
        ProductCloud cloud,
        string action,
        string path,
        params (string Name, string Value)[] parameters
    ) => SendAsync(cloud, HttpMethod.Get, action, path, "", parameters);

    private static async Task<(int Status, JObject Body)> SendAsync(
        ProductCloud cloud,
        HttpMethod method,
        string action,
        string path,
        string body,
        params (string Name, string Value)[] parameters
    )
    {
        using var response = await Acs3.SendAsync(
            cloud.Http,
            cloud.Key,
            Host,
            "2015-12-15",
            action,
            method,
            path,
            parameters,
            Encoding.UTF8.GetBytes(body)
        );
        return ((int)response.StatusCode, JObject.Parse(await response.Content.ReadAsStringAsync()));
    }
}
