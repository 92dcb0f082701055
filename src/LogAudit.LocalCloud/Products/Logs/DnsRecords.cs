using System.Globalization;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>Queries and answers of DNS, as log lines and as rows of the API.</summary>
/// <remarks>Fields: dns reference, sections 6 and 8.</remarks>
internal static class DnsRecords
{
    /// <summary>A query of a client in a VPC, as a whole or as one module saw it. The marker begins the name.</summary>
    public static LogRecord Intranet(
        string account,
        string region,
        string vpc,
        DateTimeOffset at,
        string marker,
        Dice dice
    )
    {
        var (service, path) = dice.Of(("PVTZ", "1,0,0,0,0"), ("RESOLVER", "0,0,1,0,1"), ("DEFAULT_PVTZ", "0,1,0,0,0"));
        return new LogRecord(
            "dns_intranet_log",
            at,
            [
                new("user_id", account),
                new("region_id", region),
                new("vpc_id", vpc),
                .. Query(marker, "corp.internal", dice.PrivateIp(), dice.Of("100.100.2.136", "100.100.2.138"), dice),
                new("service_type", service),
                new("module_type", dice.Of("GLOBAL", "GLOBAL", "CACHE", "RECURSION", "AUTH_FAST")),
                new("resolve_path", path),
                new("view_name", "DEFAULT"),
                new("ecs_id", $"i-{dice.Hex(17)}"),
                new("ecs_hostname", $"web-{dice.Number(1, 20):D2}"),
            ],
            marker
        );
    }

    /// <summary>An answer of the public name servers. The marker begins the name.</summary>
    public static LogRecord Public(
        string topic,
        string account,
        string domain,
        DateTimeOffset at,
        string marker,
        Dice dice
    ) =>
        new(
            topic,
            at,
            [
                new("user_id", account),
                new("region_id", "cn-hangzhou"),
                .. Query(marker, domain, dice.PublicIp(), $"203.0.113.{dice.Number(1, 9)}", dice),
                new("service_type", "PUB_ZONE"),
                new("module_type", "GLOBAL"),
                new("resolve_path", "1,0,0,0,0"),
                new("view_name", "DEFAULT"),
            ],
            marker
        );

    /// <summary>The same as DescribeInternetDnsLogs shows it.</summary>
    public static JObject Row(string domain, ReadableRow row) =>
        new()
        {
            ["DnsMsgId"] = Text(row.Dice.Number(1, 65_535)),
            ["Flags"] = "QR AA",
            ["LogTime"] = row.Time.ToUnixTimeMilliseconds(),
            ["Protocol"] = row.Dice.Of("UDP", "UDP", "TCP"),
            ["QueryFlags"] = "RD",
            ["QueryName"] = $"{row.Marker}.{domain}.",
            ["QueryType"] = row.Dice.Of("A", "AAAA", "MX"),
            ["ResponseTimestamp"] = row.Time.ToUnixTimeMilliseconds() + 1,
            ["Rt"] = row.Dice.Number(0, 20),
            ["ServerIp"] = $"203.0.113.{row.Dice.Number(1, 9)}",
            ["SourceIp"] = row.Dice.PublicIp(),
            ["Status"] = row.Dice.Of("NOERROR", "NOERROR", "NXDOMAIN"),
            ["SubnetIp"] = "",
            ["Value"] = new JObject { ["Value"] = new JArray(row.Dice.PublicIp()) },
            ["ZoneName"] = domain,
        };

    private static IEnumerable<KeyValuePair<string, string>> Query(
        string marker,
        string domain,
        string client,
        string server,
        Dice dice
    )
    {
        var name = $"{marker}.{domain}.";
        var (code, answer) = dice.Once(10) ? ("3", "") : ("0", $"{name} 60 IN A {dice.PublicIp()}");
        return
        [
            new("src_addr", client),
            new("src_port", Text(dice.Number(1024, 65_535))),
            new("dst_addr", server),
            new("dst_port", "53"),
            new("transport", dice.Of("UDP", "UDP", "TCP")),
            new("dns_msg_id", Text(dice.Number(1, 65_535))),
            new("dns_msg_flags", "QR RD RA"),
            new("query_name", name),
            new("query_type", dice.Of("A", "A", "AAAA", "MX")),
            new("rcode", code),
            new("answer_rrset", answer),
            new("authority_rrset", ""),
            new("additional_rrset", ""),
            new("edns", ""),
            new("rt", Text(dice.Number(0, 40))),
        ];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
