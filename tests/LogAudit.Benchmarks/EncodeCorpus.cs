using System.Globalization;
using Google.Protobuf;
using K4os.Compression.LZ4;
using LogAudit.Sls;
using LogAudit.Wire;

namespace LogAudit.Benchmarks;

/// <summary>Seeded records of the five products with values as the products write them, so that conversions, paths and masking have their real work.</summary>
internal sealed class EncodeCorpus
{
    private const int GroupsPerProduct = 4;
    private const int LogsPerGroup = 100;
    private const long FirstCursor = 1_768_465_845_000_000_000;

    private EncodeCorpus(LogGroupList list)
    {
        Raw = list.ToByteArray();
        var packed = new byte[LZ4Codec.MaximumOutputSize(Raw.Length)];
        Packed = packed[..LZ4Codec.Encode(Raw, packed)];
        Records = list.LogGroups.Sum(group => group.Logs.Count);
        Headers = new PullHeaders(
            Cursor.Of(FirstCursor + list.LogGroups.Count),
            list.LogGroups.Count,
            Raw.Length,
            LogCompression.Lz4,
            FirstCursor + list.LogGroups.Count - 1,
            ""
        );
    }

    public static LogTarget Target { get; } =
        new(
            new AccountId("1000000000000001"),
            new RegionId("cn-shanghai"),
            new ProjectName("logaudit-center-1000000000000001-cn-shanghai"),
            new LogstoreName("bench_log")
        );

    public byte[] Raw { get; }
    public byte[] Packed { get; }
    public PullHeaders Headers { get; }
    public int Records { get; }
    public PullSource Source { get; } = new(Target.Project, Target.Logstore, 0, Cursor.Of(FirstCursor));

    public static EncodeCorpus Make(int seed)
    {
        var random = new Random(seed);
        var list = new LogGroupList();
        (string Topic, Func<Random, int, string> Fields)[] products =
        [
            ("slb_layer7_access_log", Slb),
            ("flow_log", Vpc),
            ("oss_access_log", Oss),
            ("rds_audit_log", Rds),
            ("actiontrail_audit_event", ActionTrail),
        ];
        for (var g = 0; g < products.Length * GroupsPerProduct; g++)
        {
            var (topic, fields) = products[g % products.Length];
            var group = new LogGroup { Topic = topic, Source = "log_service" };
            for (var number = 0; number < LogsPerGroup; number++)
            {
                var log = new Log { Time = (uint)(1_772_439_330 + g), TimeNs = (uint)random.Next(1_000_000) * 1_000 };
                foreach (var field in fields(random, number).Split('\n'))
                {
                    var at = field.IndexOf('=', StringComparison.Ordinal);
                    log.Contents.Add(new Log.Types.Content { Key = field[..at], Value = field[(at + 1)..] });
                }

                group.Logs.Add(log);
            }

            group.LogTags.Add(new LogTag { Key = "__receive_time__", Value = "1772439400" });
            list.LogGroups.Add(group);
        }

        return new EncodeCorpus(list);
    }

#pragma warning disable CA5394 // Repeatable, not secret.
    private static string Ip(Random random) =>
        string.Create(CultureInfo.InvariantCulture, $"198.51.{random.Next(256)}.{random.Next(256)}");

    private static string Slb(Random random, int number) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"time=2026-03-02T11:{random.Next(10, 60)}:{random.Next(10, 60)}+08:00\nclient_ip={Ip(random)}\nclient_port={random.Next(1024, 65536)}\nrequest_method=GET\nscheme=https\nhost=www.example.com\nhttp_host=www.example.com\nrequest_uri=/shop/orders/{random.Next()}?page={random.Next(100)}&sort=\"date\"&q=审计\nstatus={(number % 17 == 0 ? 502 : 200)}\nupstream_status=200\nupstream_addr=172.16.0.{random.Next(256)}:8080\nrequest_time=0.{random.Next(1000):D3}\nupstream_response_time=0.{random.Next(1000):D3}\nread_request_time=0\nwrite_response_time=3\nbody_bytes_sent={random.Next(100_000)}\nrequest_length={random.Next(2000)}\nhttp_user_agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36\nhttp_referer=https://www.example.com/shop/list?page={random.Next(100)}\nhttp_x_forwarded_for=-\nhttp_x_real_ip=-\nslbid=lb-bp1example{random.Next(1000):D8}\ninstance_id=lb-bp1example{random.Next(1000):D8}\ninstance_name=shop-frontend\nnetwork_type=VPC\nvpc_id=vpc-bp1example\nslb_vport=443\nvip_addr=203.0.113.99\nssl_protocol=TLSv1.2\nssl_cipher=ECDHE-RSA-AES128-GCM-SHA256\nserver_protocol=HTTP/1.1\ntcpinfo_rtt={random.Next(100_000)}\nowner_id=1000000000000001\nregion=cn-hangzhou"
        );

    private static string Vpc(Random random, int number) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"version=1\naccount-id=1000000000000001\nregion=cn-hangzhou\nvpc-id=vpc-2zeexample{random.Next(100):D6}\nvswitch-id=vsw-2zeexample{random.Next(100):D6}\nvm-id=i-2zeexample{random.Next(100):D6}\neni-id=eni-2zeexample{random.Next(100):D6}\nsrcaddr={Ip(random)}\nsrcport={random.Next(1024, 65536)}\ndstaddr=172.16.0.{random.Next(256)}\ndstport=22\nprotocol=6\ndirection={(number % 2 == 0 ? "in" : "out")}\npackets={random.Next(1000)}\nbytes={random.Next(1_000_000)}\nstart={1_772_435_000 + number}\nend={1_772_435_600 + number}\nlog-status=OK\naction={(number % 5 == 0 ? "REJECT" : "ACCEPT")}\ntcp-flags=18\ntraffic_path=-"
        );

    private static string Oss(Random random, int number) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"time=02/Mar/2026:16:24:{number % 60:D2}\nowner_id=1000000000000001\nrequester_id=20000000000000{random.Next(10_000):D4}\naccess_id=LTAI0000\nbucket=audit-demo\nbucket_location=oss-cn-hangzhou-a\nobject=reports%2F2026%2F{random.Next()}.csv\nobject_size={random.Next(1_000_000)}\noperation=GetObject\nhttp_method=GET\nhttp_type=https\nhttp_status={(number % 23 == 0 ? 403 : 200)}\nerror_code={(number % 23 == 0 ? "AccessDenied" : "-")}\nrequest_uri=/reports%2F2026%2F{random.Next()}.csv HTTP/1.1\nrequest_id=6110E64B004C4034{random.Next(100_000_000):D8}\nclient_ip={Ip(random)}\nuser_agent=aliyun-sdk-csharp/2.13.0(windows 10/10.0.19045/x64;4.0.30319)\nreferer=-\nhost=audit-demo.oss-cn-hangzhou.aliyuncs.com\nresponse_time={random.Next(1000)}\nserver_cost_time={random.Next(1000)}\nrequest_length={random.Next(1000)}\nresponse_body_length={random.Next(1_000_000)}\ncontent_length_out={random.Next(1_000_000)}\ndelta_data_size=-\nbucket_storage_type=standard\nlogging_flag=true\nsync_request=-\nvpc_addr=-\nvpc_id=-\nacc_access_region=-\nregion=cn-hangzhou"
        );

    private static string Rds(Random random, int number) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"owner_id=1000000000000001\nregion=cn-hangzhou\ninstance_id=rm-bp1exampleid{random.Next(100):D2}\ninstance_name=orders-prod\ndb_type=mysql\ndb_version=8.0\ndb=orders\nuser=app_rw\nclient_ip=10.0.3.{random.Next(256)}\nsql=select o.id, o.total, o.created, c.name, c.mail from orders o join customers c on c.id = o.customer_id where o.id = {random.Next()} and o.state in ('open', 'paid', \"shipped\") and o.created > '2026-01-0{number % 9 + 1}' order by o.created desc limit 100\nfail={(number % 31 == 0 ? 1062 : 0)}\nlatency={random.Next(100_000)}\norigin_time=17723305841{random.Next(100_000):D5}\ncheck_rows={random.Next(1000)}\nreturn_rows={random.Next(100)}\nupdate_rows=0\nthread_id={random.Next(100_000)}\nhash=-{random.Next()}"
        );

    private static string ActionTrail(Random random, int number) =>
        $"owner_id=1000000000000001\nevent={(number % 50 == 0 ? AssumeRole(random) : ApiCall(random))}";

    private static string ApiCall(Random random) =>
        $$$"""{"eventId":"7D1F6A10-0000-5C55-8F33-{{{random.Next(1_000_000):D12}}}","eventVersion":1,"eventCategory":"Management","eventType":"ApiCall","eventRW":"Write","eventName":"RunInstances","eventSource":"ecs.cn-hangzhou.aliyuncs.com","eventTime":"2026-03-02T08:15:30Z","serviceName":"Ecs","apiVersion":"2014-05-26","acsRegion":"cn-hangzhou","isGlobal":false,"requestId":"7D1F6A10-0000-5C55-8F33-AAAABBBBCCCC","recipientAccountId":"1000000000000001","sourceIpAddress":"{{{Ip(random)}}}","userAgent":"AliyunConsole","requestParameters":{"InstanceName":"web-{{{random.Next(1000)}}}","RegionId":"cn-hangzhou","AcsProduct":"Ecs","Amount":{{{random.Next(10)}}} },"responseElements":{"RequestId":"7D1F6A10-0000-5C55-8F33-AAAABBBBCCCC","InstanceIdSets":["i-{{{random.Next()}}}"]},"referencedResources":{"ACS::ECS::Instance":["i-{{{random.Next()}}}"]},"resourceType":"ACS::ECS::Instance","resourceName":"i-{{{random.Next()}}}","userIdentity":{"type":"ram-user","principalId":"200000000000000001","accountId":"1000000000000001","userName":"alice","accessKeyId":"LTAIEXAMPLE","sessionContext":{"attributes":{"mfaAuthenticated":"true","creationDate":"2026-03-02T08:00:00Z"}} }}""";

    private static string AssumeRole(Random random) =>
        $$$"""{"eventId":"8E1F6A10-0000-5C55-8F33-{{{random.Next(1_000_000):D12}}}","eventName":"AssumeRole","eventTime":"2026-03-02T08:15:31Z","serviceName":"Sts","acsRegion":"cn-hangzhou","recipientAccountId":"1000000000000001","sourceIpAddress":"ecs.aliyuncs.com","responseElements":{"credentials":{"accessKeyId":"STS.NT1","accessKeySecret":"made-{{{random.Next()}}}","expiration":"2026-03-02T09:00:00Z"}},"userIdentity":{"type":"ram-user","principalId":"200000000000000001","userName":"alice"}}""";
#pragma warning restore CA5394
}
