using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Trail;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Benchmarks;

/// <summary>Where records of a kind go, and how one is made.</summary>
/// <param name="Logstore">Central Logstore.</param>
/// <param name="Topic">Topic in it; null for that of the record.</param>
/// <param name="Make">One record with the values of its product.</param>
internal sealed record SampleKind(string Logstore, string? Topic, Func<SampleRecords, LogRecord> Make);

/// <summary>Seeded records of every product, as LocalCloud makes them and the centre keeps them.</summary>
internal sealed class SampleRecords(int seed)
{
    private const string Account = "1000000000000001";
    private const string Region = "cn-hangzhou";

    private static readonly PolardbNode Node = new(Account, Region, "pc-bp1exampleid01", "pi-bp1exampleid01", "8.0");

    private readonly Markers markers = new(seed);
    private readonly DateTimeOffset start = new(2026, 3, 2, 8, 15, 30, TimeSpan.Zero);

    /// <summary>All kinds, each as often as its share of the records. The trail comes four times: no estate is without it.</summary>
    public static IReadOnlyList<SampleKind> Kinds { get; } =
    [
        .. Enumerable.Repeat(
            new SampleKind("actiontrail_logaudit", "actiontrail_audit_event", one => one.TrailEvent()),
            4
        ),
        new("k8s_log", "k8s_audit_log", one => one.Ack("audit")),
        new("k8s_log", "k8s_event_log", one => one.Ack("event")),
        new("k8s_ingress_log", "k8s_ingress_log", one => one.Ack("ingress")),
        new("alb_log", null, one => AlbRecords.Access("alb-o9example0001", true, one.At, one.Marker, one.Dice)),
        new(
            "apigateway_log",
            "apigateway_access_log",
            one => ApiGatewayRecords.Access(Account, Region, "8f3c000000aa", "orders", one.At, one.Marker, one.Dice)
        ),
        new(
            "baston_log",
            null,
            one =>
                BastionhostRecords.Operation(Account, Region, "bastionhost-cn-78v1gh01", one.At, one.Marker, one.Dice)
        ),
        new("cloudconfig_log", null, one => CloudConfigRecords.Change(Account, one.At, one.Marker, one.Dice)),
        new("cloudconfig_log", null, one => CloudConfigRecords.Finding(Account, one.At, one.Marker, one.Dice)),
        new("cloudfirewall_log", null, one => one.Firewall("internet_log")),
        new("cloudfirewall_log", null, one => one.Firewall("vpc_firewall_log")),
        new(
            "ddos_log",
            null,
            one => DdosRecords.Access(Account, "www.example.com", "ddoscoo_access_log", one.At, one.Marker, one.Dice)
        ),
        new("ddos_log", null, one => DdosRecords.Event(Account, "ddosbgp-cn-1", one.At, one.Marker, one.Dice)),
        new(
            "dns_log",
            "dns_intranet_log",
            one => DnsRecords.Intranet(Account, Region, "vpc-bp1example", one.At, one.Marker, one.Dice)
        ),
        new(
            "dns_log",
            null,
            one => DnsRecords.Public("dns_gtm_log", Account, "www.example.com", one.At, one.Marker, one.Dice)
        ),
        new(
            "drds_log",
            "drds_audit_log",
            one => DrdsRecords.Audit("drdshbgaexample1", "orders", one.At, one.Marker, one.Dice)
        ),
        new(
            "nas_log",
            "nas_audit_log",
            one => NasRecords.Nfs(Account, "31a8e40000", extreme: false, one.At, one.Marker, one.Dice)
        ),
        new("oss_log", null, one => OssRecords.Access(Account, Region, "audit-demo", one.At, one.Marker, one.Dice)),
        new("polardb_log", null, one => PolardbRecords.Audit(Node, one.At, one.Marker, one.Dice)),
        new(
            "rds_log",
            null,
            one =>
                RdsRecords.Audit(
                    Account,
                    Region,
                    "rm-bp1exampleid01",
                    "orders-prod",
                    "MySQL",
                    "8.0",
                    one.At,
                    one.Marker,
                    one.Dice
                )
        ),
        new("sas_log", null, one => SasRecords.Of("aegis-log-process", one.At, one.Marker, one.Dice)),
        new("sas_log", null, one => SasRecords.Of("aegis-log-login", one.At, one.Marker, one.Dice)),
        new("sas_log", null, one => SasRecords.Of("sas-security-log", one.At, one.Marker, one.Dice)),
        new(
            "slb_log",
            null,
            one =>
                SlbRecords.Access(
                    Account,
                    Region,
                    "lb-bp1example0001",
                    "shop",
                    "VPC",
                    "vpc-bp1example",
                    https: true,
                    one.At,
                    one.Marker,
                    one.Dice
                )
        ),
        new(
            "vpc_log",
            null,
            one => VpcRecords.Flow(Account, Region, "vpc-bp1example", 10, one.At, one.Marker, one.Dice)
        ),
        new(
            "waf_log",
            null,
            one => WafRecords.Access(Account, Region, "www.example.com", is2: false, one.At, one.Marker, one.Dice)
        ),
    ];

    /// <summary>Its choices.</summary>
    public Dice Dice { get; } = new(new Random(seed));

    private string Marker => markers.Next();

    private DateTimeOffset At => start.AddMilliseconds(Dice.Number(0, 600_000));

    /// <summary>The fields of a record as they stand in the central Logstore.</summary>
    public List<KeyValuePair<string, string>> Fields(SampleKind kind, out string topic)
    {
        var record = kind.Make(this);
        topic = kind.Topic ?? record.Topic;
        var fields = record.Fields.ToList();
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[("owner_id", Account), ("region", Region)])
        {
            if (!fields.Exists(field => field.Key == name))
            {
                fields.Add(new(name, value));
            }
        }

        var labelled = Dice.Once(3);
        // Many products write more than their reference page lists, and users add what their own jobs know of a resource.
        for (var number = 0; fields.Sum(field => field.Key.Length + field.Value.Length) < 950; number++)
        {
            fields.Add(
                labelled && number % 4 == 2 ? new($"labels_{number}", Labels()) : new($"attribute_{number}", Words())
            );
        }

        return fields;
    }

    private LogRecord Ack(string kind) => AckRecords.Of(kind, "c0123456789abcdef", Region, At, Marker, Dice);

    private LogRecord Firewall(string category) =>
        CloudFirewallRecords.Session(Account, Region, category, At, Marker, Dice);

    private LogRecord TrailEvent()
    {
        var (id, instance, at) = (Marker, $"i-bp1{Dice.Hex(16)}", At);
        var takesRole = Dice.Once(40);
        var audit = new AuditEvent
        {
            Id = id,
            Account = Account,
            Region = Region,
            Kind = "ApiCall",
            Service = takesRole ? "Sts" : "Ecs",
            Name = takesRole ? "AssumeRole" : Dice.Of("RunInstances", "StopInstance", "ModifyInstanceAttribute"),
            IsWrite = true,
            Time = at,
            RequestId = id,
            SourceIp = Dice.Once(8) ? "ecs.aliyuncs.com" : Dice.PublicIp(),
            UserAgent = Dice.Of("AliyunConsole", "Aliyun-Terraform/1.9", "AlibabaCloud (linux; amd64) Golang/1.24"),
            ApiVersion = "2014-05-26",
            EventSource = "ecs.cn-hangzhou.aliyuncs.com",
            Identity = new JObject
            {
                ["type"] = "ram-user",
                ["principalId"] = "200000000000000001",
                ["accountId"] = Account,
                ["userName"] = Dice.Of("alice", "bob", "审计员"),
                ["accessKeyId"] = "LTAIEXAMPLE",
                ["sessionContext"] = new JObject { ["attributes"] = new JObject { ["mfaAuthenticated"] = "true" } },
            },
            Request = new JObject { ["InstanceId"] = instance, ["Description"] = Words() },
            Response = takesRole
                ? new JObject { ["credentials"] = new JObject { ["accessKeySecret"] = $"made-{Dice.Hex(20)}" } }
                : new JObject { ["RequestId"] = id },
            Resources = [("ACS::ECS::Instance", instance)],
            ErrorCode = Dice.Once(15) ? "Forbidden.RAM" : "",
        };
        return new LogRecord("", at, [new("event", audit.ToJson().ToString(Formatting.None))], id);
    }

    private string Labels() =>
        new JObject
        {
            ["team"] = Dice.Of("payments", "search", "platform"),
            ["cost"] = new JObject { ["centre"] = Dice.Number(1000, 9999), ["share"] = Dice.Number(1, 100) },
            ["hosts"] = new JArray(Dice.PrivateIp(), Dice.PrivateIp()),
        }.ToString(Formatting.None);

    private string Words() =>
        $"{Dice.Of("rollout", "Bestellung größer", "nightly \"batch\"", "审计 export", "retry of a job")} {Dice.Hex(Dice.Number(8, 48))}";
}
