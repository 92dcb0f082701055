using System.Text.Json;
using System.Text.Json.Nodes;
using LogAudit.Products;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Records;

public sealed class ProductMappingTests
{
    private const string ActionTrailEvent =
        """{"eventId":"7D1F6A10-0000-5C55-8F33-AAAABBBBCCCC","eventVersion":1,"eventCategory":"Management","eventType":"ApiCall","eventRW":"Write","eventName":"StopLogging","eventSource":"actiontrail.cn-hangzhou.aliyuncs.com","eventTime":"2026-03-02T08:15:30Z","serviceName":"Actiontrail","apiVersion":"2020-07-06","acsRegion":"cn-hangzhou","isGlobal":false,"requestId":"7D1F6A10-0000-5C55-8F33-AAAABBBBCCCC","recipientAccountId":"1000000000000001","sourceIpAddress":"203.0.113.10","userAgent":"AliyunConsole","requestParameters":{"Name":"audit-hub-trail","RegionId":"cn-hangzhou","AcsProduct":"Actiontrail"},"responseElements":{"RequestId":"7D1F6A10-0000-5C55-8F33-AAAABBBBCCCC"},"referencedResources":{"ACS::ActionTrail::Trail":["audit-hub-trail"]},"resourceType":"ACS::ActionTrail::Trail","resourceName":"audit-hub-trail","userIdentity":{"type":"ram-user","principalId":"200000000000000001","accountId":"1000000000000001","userName":"alice","accessKeyId":"LTAIEXAMPLE","sessionContext":{"attributes":{"mfaAuthenticated":"true","creationDate":"2026-03-02T08:00:00Z"}}}}""";

    private static readonly MappingCatalogue Mappings = new(new ProductCatalogue().LogKinds);

    private static readonly Dictionary<string, (string Logstore, string Sample)> Samples = new(StringComparer.Ordinal)
    {
        ["actiontrail"] = (
            "actiontrail_logaudit",
            new JsonObject { ["__topic__"] = "actiontrail_audit_event", ["event"] = ActionTrailEvent }.ToJsonString()
        ),
        ["ack"] = (
            "k8s_log",
            """{"__topic__":"k8s_audit_log","auditID":"7f0c5a52-1111-4222-8333-944455556666","level":"RequestResponse","stage":"ResponseComplete","verb":"delete","requestURI":"/apis/apps/v1/namespaces/prod/deployments/web","user":"{\"username\":\"234567890123456790-1700000000\",\"groups\":[\"system:users\",\"system:authenticated\"]}","sourceIPs":"[\"203.0.113.44\"]","userAgent":"kubectl/v1.30.1","objectRef":"{\"resource\":\"deployments\",\"namespace\":\"prod\",\"name\":\"web\",\"apiGroup\":\"apps\",\"apiVersion\":\"v1\"}","responseStatus":"{\"code\":200,\"status\":\"Success\"}","requestReceivedTimestamp":"2026-03-04T06:10:00.000001Z","stageTimestamp":"2026-03-04T06:10:00.020000Z","annotations":"{\"authorization.k8s.io/decision\":\"allow\"}","owner_id":"1000000000000001","region":"cn-hangzhou","cluster_id":"c0123456789abcdef"}"""
        ),
        ["ack_ingress"] = (
            "k8s_ingress_log",
            """{"__topic__":"k8s_ingress_log","client_ip":"198.51.100.9","x_forward_for":"198.51.100.9","remote_user":"-","time":"04/Mar/2026:14:12:00","method":"GET","url":"/api/items","version":"HTTP/1.1","status":"200","body_bytes_sent":"512","http_referer":"-","http_user_agent":"curl/8.5","request_length":"310","request_time":"0.012","proxy_upstream_name":"prod-web-80","proxy_alternative_upstream_name":"","upstream_addr":"10.0.1.5:8080","upstream_response_length":"512","upstream_response_time":"0.010","upstream_status":"200","req_id":"9f8e7d6c5b4a39281706f5e4d3c2b1a0","host":"shop.example.com","owner_id":"1000000000000001","region":"cn-hangzhou","cluster_id":"c0123456789abcdef"}"""
        ),
        ["dns"] = (
            "dns_log",
            """{"__topic__":"dns_intranet_log","user_id":"1000000000000001","region_id":"cn-hangzhou","vpc_id":"vpc-bp1example","src_addr":"172.16.0.10","src_port":"45321","dst_addr":"100.100.2.136","dst_port":"53","transport":"UDP","dns_msg_id":"4242","dns_msg_flags":"QR RD RA","query_name":"www.example.com.","query_type":"A","rcode":"0","answer_rrset":"www.example.com. 60 IN A 203.0.113.5","authority_rrset":"","additional_rrset":"","edns":"","service_type":"RESOLVER","module_type":"GLOBAL","resolve_path":"0,0,1,0,1","rt":"3","view_name":"DEFAULT","ecs_id":"i-bp1example","ecs_hostname":"web-01"}"""
        ),
        ["slb"] = (
            "slb_log",
            """{"__topic__":"slb_layer7_access_log","time":"2026-03-02T11:04:05+08:00","client_ip":"198.51.100.7","client_port":"51234","request_method":"GET","scheme":"https","host":"www.example.com","request_uri":"/login?x=1","status":"200","upstream_status":"200","upstream_addr":"172.16.0.10:8080","request_time":"0.012","upstream_response_time":"0.010","body_bytes_sent":"512","request_length":"430","http_user_agent":"Mozilla/5.0","http_x_forwarded_for":"-","slbid":"lb-bp1example00000000","slb_vport":"443","vip_addr":"203.0.113.99","ssl_protocol":"TLSv1.2","ssl_cipher":"ECDHE-RSA-AES128-GCM-SHA256","server_protocol":"HTTP/1.1","tcpinfo_rtt":"25000","owner_id":"1000000000000001","region":"cn-hangzhou"}"""
        ),
        ["alb"] = (
            "alb_log",
            """{"__topic__":"alb_layer7_access_log","time":"2026-03-02T13:06:07+08:00","app_lb_id":"alb-o9example0000000","client_ip":"198.51.100.8","request_method":"POST","scheme":"https","host":"api.example.com","request_uri":"/v1/orders","status":"502","upstream_status":"502","upstream_addr":"172.16.1.5:80","request_time":"0.301","upstream_response_time":"0.300","body_bytes_sent":"150","request_length":"900","http_user_agent":"okhttp/4","slb_vport":"443","vip_addr":"203.0.113.98","ssl_protocol":"TLSv1.3","ssl_cipher":"TLS_AES_128_GCM_SHA256","server_protocol":"HTTP/2.0","owner_id":"1000000000000001","region":"cn-beijing"}"""
        ),
        ["apigateway"] = (
            "apigateway_log",
            """{"__topic__":"","providerAliUid":"1000000000000001","region":"cn-shanghai","apiGroupUid":"8f3c00000000000000000000000000aa","apiGroupName":"orders","apiUid":"5d2b00000000000000000000000000bb","apiName":"getOrder","apiStageUid":"aa11","apiStageName":"RELEASE","httpMethod":"GET","path":"/order/1","domain":"api.example.com","statusCode":"200","errorMessage":"","appId":"110001","appName":"mobile","clientIp":"198.51.100.9","exception":"","requestHandleTime":"2026-03-02T06:07:08Z","requestId":"F00DBABE-0000-0000-0000-000000000001","requestSize":"512","responseSize":"2048","serviceLatency":"12","owner_id":"1000000000000001"}"""
        ),
        ["drds"] = (
            "drds_log",
            """{"__topic__":"drds_audit_log_drdshbgaexample1_orders","owner_id":"1000000000000001","region":"cn-hangzhou","db_name":"orders","user":"shop","client_ip":"10.0.0.9","client_port":"53122","sql":"DELETE FROM t_order WHERE id = 7","sql_type":"Delete","sql_code":"1a2b3c4d","table_name":"t_order","trace_id":"12f3a4b5c6d7e000-1","response_time":"12","affect_rows":"1","fail":"0","hint":"","sql_type_detail":"SqlDelete","sql_time":"2026-03-03 11:05:06.123"}"""
        ),
        ["nas"] = (
            "nas_log",
            """{"__topic__":"nas_audit_log","User":"1000000000000001","SourceIp":"10.0.1.15","Vip":"10.0.2.8","Volume":"31a8e40000","Vers":"3","Proc":"7","OpList":"","ArgIno":"4098","ResIno":"","RWSize":"4096","AuthRc":"0","NFSProtocolRc":"0","RequestId":"5F7B1C2E00000000","microtime":"1772421600123456","owner_id":"1000000000000001","region":"cn-hangzhou"}"""
        ),
        ["vpc"] = (
            "vpc_log",
            """{"__topic__":"flow_log","version":"1","account-id":"1000000000000001","vpc-id":"vpc-2zeexample","vswitch-id":"vsw-2zeexample","vm-id":"i-2zeexample","eni-id":"eni-2zeexample","srcaddr":"198.51.100.20","srcport":"44321","dstaddr":"172.16.0.10","dstport":"22","protocol":"6","direction":"in","packets":"3","bytes":"180","start":"1772435000","end":"1772435600","log-status":"OK","action":"REJECT"}"""
        ),
        ["oss"] = (
            "oss_log",
            """{"__topic__":"oss_access_log","time":"02/Mar/2026:16:24:43","owner_id":"1000000000000001","requester_id":"200000000000000001","access_id":"LTAI0000","bucket":"audit-demo","bucket_location":"oss-cn-hangzhou-a","object":"reports%2F2026.csv","object_size":"10240","operation":"GetObject","http_method":"GET","http_type":"https","http_status":"200","error_code":"-","request_uri":"/reports%2F2026.csv HTTP/1.1","request_id":"6110E64B004C4034363CAAAA","client_ip":"198.51.100.7","user_agent":"aliyun-sdk-csharp/2","host":"audit-demo.oss-cn-hangzhou.aliyuncs.com","response_time":"12","server_cost_time":"9","sign_type":"NormalSign","sync_request":"-","vpc_id":"-"}"""
        ),
        ["bastionhost"] = (
            "baston_log",
            """{"__topic__":"bastionhost","owner_id":"1000000000000001","region":"cn-hangzhou","instance_id":"bastionhost-cn-78v1gh0000","event_type":"cmd.Command","log_level":"INFO","content":"systemctl stop auditd","result":"success","session_id":"8f1c2d3e4f5a0000","resource_address":"10.0.1.15","resource_name":"web-01","user_id":"12","user_name":"alice","user_client_ip":"198.51.100.7"}"""
        ),
        ["cloudconfig"] = (
            "cloudconfig_log",
            """{"__topic__":"staging","dataType":"ConfigurationItemChangeNotification","accountId":"1000000000000001","regionId":"cn-hangzhou","resourceType":"ACS::SLB::LoadBalancer","resourceId":"lb-bp1example","resourceName":"web","resourceEventType":"MODIFY","captureTime":"1772442000000","configurationDiff":"{\"LoadBalancerName\":[\"old\",\"web\"]}","tags":"{\"env\":[\"prod\"]}","serviceName":"SLB","version":"7","requestId":"61D36C55-0000-4678-8FAD-34FEF9E7AAAA"}"""
        ),
        ["sas"] = (
            "sas_log",
            """{"__topic__":"aegis-log-login","owner_id":"1000000000000001","region":"cn-hangzhou","uuid":"5d83b26b-b7ca-4a0a-9267-120000000000","ip":"10.0.1.15","warn_ip":"198.51.100.7","warn_port":"22","warn_type":"SSHLOGIN","warn_user":"root","warn_count":"3","sas_group_name":"web","start_time":"1772439300"}"""
        ),
        ["rds"] = (
            "rds_log",
            """{"__topic__":"rds_audit_log","owner_id":"1000000000000001","region":"cn-hangzhou","instance_id":"rm-bp1exampleid01","instance_name":"orders-prod","db_type":"mysql","db_version":"8.0","db":"orders","user":"app_rw","client_ip":"10.0.3.17","sql":"delete from cart where id=42","fail":"0","latency":"531","origin_time":"1772330584123456","check_rows":"1","return_rows":"0","update_rows":"1","thread_id":"90817","hash":"-123456789"}"""
        ),
        ["cloudfirewall"] = (
            "cloudfirewall_log",
            """{"__topic__":"cloudfirewall_access_log","log_type":"internet_log","aliuid":"1000000000000001","direction":"in","src_ip":"198.51.100.7","src_port":"51234","dst_ip":"203.0.113.20","dst_port":"443","ip_protocol":"tcp","app_name":"HTTPS","rule_result":"drop","rule_source":"acl","acl_rule_id":"073a1475-6e11-43e2-8b28-98cee9c6aaaa","ips_rule_id":"00000000-0000-0000-0000-000000000000","start_time":"1772421600","end_time":"1772421601","in_packet_bytes":"58","in_packet_count":"1","out_packet_bytes":"0","out_packet_count":"0","region_id":"cn-hangzhou","vul_level":"1"}"""
        ),
        ["ddos"] = (
            "ddos_log",
            """{"__topic__":"ddoscoo_access_log","owner_id":"1000000000000001","host":"www.example.com","matched_host":"www.example.com","real_client_ip":"198.51.100.7","remote_addr":"198.51.100.7","remote_port":"40012","request_method":"GET","request_uri":"/","https":"true","status":"403","cc_action":"close","cc_phase":"gfcc","cc_blocks":"1","isp_line":"BGP","request_length":"320","body_bytes_sent":"1024","request_time_msec":"12","upstream_addr":"203.0.113.30:443","upstream_status":"200","upstream_response_time":"0.01","time":"2026-03-02T16:00:00+08:00"}"""
        ),
        ["waf"] = (
            "waf_log",
            """{"__topic__":"waf_access_log","owner_id":"1000000000000001","user_id":"1000000000000001","host":"www.example.com","matched_host":"*.example.com","real_client_ip":"198.51.100.7","remote_addr":"198.51.100.8","remote_port":"50124","request_method":"GET","request_path":"/login","querystring":"id=1%27+or+1=1","https":"true","http_user_agent":"curl/8.0","http_referer":"-","request_length":"412","request_time_msec":"3","request_traceid":"7837b11715412386943437009ea1f0","server_protocol":"HTTP/1.1","status":"405","final_action":"block","final_plugin":"waf","final_rule_id":"113406","final_rule_type":"sqli","upstream_addr":"-","upstream_status":"-","region":"cn","time":"2026-03-02T16:15:30+08:00"}"""
        ),
    };

    public static TheoryData<string> Products => [.. Samples.Keys];

    /// <summary>Products with a sample.</summary>
    internal static IReadOnlyCollection<string> Names => Samples.Keys;

    /// <summary>The record of a product that the tests review, and its Logstore.</summary>
    internal static (string Logstore, TestGroup Group) SampleOf(string product) =>
        (Samples[product].Logstore, Group(Samples[product].Sample));

    [Theory]
    [MemberData(nameof(Products))]
    public void Record_of_a_product_becomes_the_reviewed_ecs_json(string product)
    {
        var (logstore, sample) = Samples[product];

        var json = Normalised.Json(Mappings, Normalised.Target(logstore), Group(sample));

        Golden.Equal(
            $"{product}.golden.json",
            json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n"
        );
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void Record_of_a_product_loses_no_value(string product)
    {
        var (logstore, sample) = Samples[product];
        var text = Assert.Single(Normalised.Text(Mappings, Normalised.Target(logstore), new Json(), Group(sample)));
        var leaves = Leaves(JsonNode.Parse(text)!).ToHashSet(StringComparer.Ordinal);

        var source = product == "actiontrail" ? JsonNode.Parse(ActionTrailEvent)! : JsonNode.Parse(sample)!;
        var missing = Leaves(source).Where(value => !leaves.Contains(value) && !IsConverted(value)).ToList();

        Assert.Empty(missing);
    }

    [Fact]
    public void Record_names_who_where_and_when_for_every_product()
    {
        foreach (var (product, (logstore, sample)) in Samples)
        {
            var json = Normalised.Json(Mappings, Normalised.Target(logstore), Group(sample));

            Assert.StartsWith("2026-0", (string?)json["@timestamp"], StringComparison.Ordinal);
            Assert.Equal("1000000000000001", (string?)json["cloud"]!["account"]!["id"]);
            Assert.StartsWith($"aliyun.{product}", (string?)json["event"]!["dataset"], StringComparison.Ordinal);
            // Records of Cloud Config name neither an actor nor an address.
            Assert.Equal(product is not "cloudconfig", json["source"]?["ip"] is not null);
            Assert.NotNull(json["event"]!["id"]);
        }
    }

    [Theory]
    [InlineData("ConfigurationItemChangeNotification", "aliyun.cloudconfig_change")]
    [InlineData("NonCompliantNotification", "aliyun.cloudconfig_noncompliance")]
    public void Record_whose_topic_says_nothing_is_told_by_the_field_that_marks_its_kind(string mark, string dataset)
    {
        var json = Normalised.Json(
            Mappings,
            Normalised.Target("cloudconfig_log"),
            new TestGroup("staging", [TestLog.Of(1, ("accountId", "1"), ("dataType", mark))])
        );

        Assert.Equal(dataset, (string?)json["event"]!["dataset"]);
        Assert.Equal("1", (string?)json["cloud"]!["account"]!["id"]);
    }

    [Fact]
    public void Usage_of_a_bucket_says_which_hour_it_is_about()
    {
        var json = Normalised.Json(
            Mappings,
            Normalised.Target("oss_log"),
            Group(
                """{"__topic__":"oss_metering_log","owner_id":"1000000000000001","region":"cn-hangzhou","bucket":"audit-demo","storage_type":"standard","storage":"1024","get_request":"7","start_time":"1772434800","end_time":"1772438400"}"""
            )
        );

        Assert.Equal("aliyun.oss_metering", (string?)json["event"]!["dataset"]);
        Assert.Equal("2026-03-02T07:00:00.000Z", (string?)json["event"]!["start"]);
        Assert.Equal("audit-demo", (string?)json["labels"]!["bucket"]);
        Assert.Equal("1024", (string?)json["aliyun"]!["oss"]!["storage"]);
    }

    [Fact]
    public void Event_of_a_cluster_names_what_it_is_about()
    {
        var json = Normalised.Json(
            Mappings,
            Normalised.Target("k8s_log"),
            Group(
                """{"__topic__":"k8s_event_log","hostname":"cn-shanghai.10.0.0.8","level":"Warning","pod_id":"aaaa1111-2222-4333-8444-555566667777","pod_name":"web-6b4f","eventId":"{\"reason\":\"BackOff\",\"message\":\"Back-off restarting failed container\",\"type\":\"Warning\",\"involvedObject\":{\"kind\":\"Pod\",\"namespace\":\"prod\",\"name\":\"web-6b4f\"},\"lastTimestamp\":\"2026-03-04T06:11:00Z\",\"count\":4}","owner_id":"1000000000000001","region":"cn-shanghai"}"""
            )
        );

        Assert.Equal("2026-03-04T06:11:00.000Z", (string?)json["@timestamp"]);
        Assert.Equal("BackOff", (string?)json["event"]!["reason"]);
        Assert.Equal("Back-off restarting failed container", (string?)json["message"]);
        Assert.Equal("web-6b4f", (string?)json["orchestrator"]!["resource"]!["name"]);
        Assert.Equal("""{"count":4}""", json["aliyun"]!["ack"]!["eventId"]!.ToJsonString());
    }

    [Fact]
    public void ActionTrail_event_keeps_its_own_id_and_its_caller_that_is_no_ip()
    {
        var text = ActionTrailEvent.Replace("203.0.113.10", "ecs.aliyuncs.com", StringComparison.Ordinal);

        var json = Normalised.Json(
            Mappings,
            Normalised.Target("actiontrail_logaudit"),
            new TestGroup("actiontrail_event", [TestLog.Of(1, ("event", text), ("owner_id", "1"))])
        );

        Assert.Equal("7D1F6A10-0000-5C55-8F33-AAAABBBBCCCC", (string?)json["event"]!["id"]);
        Assert.Equal("ecs.aliyuncs.com", (string?)json["source"]!["address"]);
        Assert.Null(json["source"]!["ip"]);
        Assert.Equal("success", (string?)json["event"]!["outcome"]);
    }

    [Fact]
    public void ActionTrail_event_that_is_not_json_is_kept_as_text()
    {
        var json = Normalised.Json(
            Mappings,
            Normalised.Target("actiontrail_logaudit"),
            new TestGroup("actiontrail_event", [TestLog.Of(7, ("event", """{"eventId":"x","eventName":"""))])
        );

        Assert.Equal("""{"eventId":"x","eventName":""", (string?)json["aliyun"]!["actiontrail"]!["event"]);
        Assert.StartsWith("1-", (string?)json["event"]!["id"], StringComparison.Ordinal);
    }

    [Fact]
    public void Record_of_an_unknown_topic_or_logstore_is_forwarded_unmapped()
    {
        var known = Normalised.Json(
            Mappings,
            Normalised.Target("rds_log"),
            new TestGroup("polardb_audit_log", [TestLog.Of(5, ("a", "1"))])
        );
        var unknown = Normalised.Json(
            Mappings,
            Normalised.Target("other_log"),
            new TestGroup("", [TestLog.Of(5, ("a", "1"))])
        );

        Assert.Equal("1", (string?)known["aliyun"]!["rds"]!["a"]);
        Assert.Equal("1", (string?)unknown["aliyun"]!["other_log"]!["a"]);
        Assert.Equal("1970-01-01T00:00:05.000Z", (string?)unknown["@timestamp"]);
    }

    private static TestGroup Group(string sample)
    {
        var fields = JsonNode.Parse(sample)!.AsObject();
        var log = TestLog.Of(
            1_772_439_330,
            [.. fields.Where(field => field.Key != "__topic__").Select(field => (field.Key, (string)field.Value!))]
        );
        return new TestGroup((string)fields["__topic__"]!, [log])
        {
            Source = "log_service",
            Tags = [("__receive_time__", "1772439331")],
        };
    }

    private static IEnumerable<string> Leaves(JsonNode node) =>
        node switch
        {
            JsonObject members => members.SelectMany(member => Leaves(member.Value!)),
            JsonArray items => items.SelectMany(item => Leaves(item!)),
            _ => [node.ToString()],
        };

    // Times and durations stand in another unit or zone; their own tests cover them.
    private static bool IsConverted(string value) =>
        value
            is "2026-03-02T11:04:05+08:00"
                or "2026-03-02T13:06:07+08:00"
                or "0.012"
                or "0.301"
                or "2026-03-02T06:07:08Z"
                or "1772421600123456"
                or "1772435000"
                or "1772435600"
                or "531"
                or "1772330584123456"
                or "12"
                or "1772442000000"
                or "2026-03-02T08:15:30Z"
                or "2026-03-02T16:15:30+08:00"
                or "2026-03-02T16:00:00+08:00"
                or "3"
        || Mappings.For(new LogstoreName("slb_log")).Find(System.Text.Encoding.ASCII.GetBytes(value)).LogKind
            != "unknown";
}
