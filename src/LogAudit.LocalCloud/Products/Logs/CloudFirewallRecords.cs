using System.Globalization;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>Traffic log lines of Cloud Firewall.</summary>
/// <remarks>Fields: cloudfirewall reference, section 8.</remarks>
internal static class CloudFirewallRecords
{
    public const string Topic = "cloudfirewall_access_log";

    private const string NoRule = "00000000-0000-0000-0000-000000000000";

    /// <summary>One session. The marker stands in <c>url</c>.</summary>
    public static LogRecord Session(
        string account,
        string region,
        string category,
        DateTimeOffset at,
        string marker,
        Dice dice
    )
    {
        var isVpc = category is "vpc_firewall_log";
        // Traffic between VPCs is always told as outbound.
        var inward = !isVpc && dice.Once(2);
        var result = dice.Of("pass", "pass", "pass", "alert", "drop");
        var start = at.ToUnixTimeSeconds();
        var (bytesIn, bytesOut) = (dice.Number(0, 90_000), dice.Number(60, 9_000));
        var attack = result is "alert";
        var inside = dice.PrivateIp();
        return new LogRecord(
            Topic,
            at,
            [
                new("log_type", category),
                new("aliuid", account),
                new("direction", inward ? "in" : "out"),
                new("src_ip", inward ? dice.PublicIp() : inside),
                new("src_port", Text(dice.Number(1024, 65535))),
                new("src_private_ip", isVpc || inward ? "" : inside),
                new("dst_ip", isVpc ? dice.PrivateIp() : dice.PublicIp()),
                new("dst_port", dice.Of("443", "22", "3306", "80")),
                new("ip_protocol", dice.Of("tcp", "tcp", "udp")),
                new("app_name", dice.Of("HTTPS", "SSH", "MySQL", "Unknown")),
                new("app_dpi_state", "success"),
                new("domain", inward ? "" : "api.example.com"),
                new("url", $"api.example.com/v1?m={marker}"),
                new("rule_result", result),
                new(
                    "rule_source",
                    result is "drop" ? "acl"
                        : attack ? "ips"
                        : ""
                ),
                new("acl_rule_id", result is "drop" ? "073a1475-6e11-43e2-8b28-98cee9c6aaaa" : NoRule),
                new("loose_allow_acl_id", NoRule),
                new("ips_rule_id", attack ? "1b1a1475-6e11-43e2-8b28-98cee9c6bbbb" : NoRule),
                new("ips_rule_name", attack ? "SSH brute force" : ""),
                new("attack_type_name", attack ? "brute force" : ""),
                new("vul_level", attack ? "2" : "1"),
                new("start_time", Text(start)),
                new("end_time", Text(start + dice.Number(1, 30))),
                new("start_time_min", Text(start - (start % 60))),
                new("in_packet_bytes", Text(bytesIn)),
                new("in_packet_count", Text(bytesIn / 600 + 1)),
                new("out_packet_bytes", Text(bytesOut)),
                new("out_packet_count", Text(bytesOut / 600 + 1)),
                new("total_packet_bytes", Text(bytesIn + bytesOut)),
                new("total_packet_count", Text((bytesIn / 600) + (bytesOut / 600) + 2)),
                new("new_conn", "1"),
                new("region_id", region),
                .. isVpc
                    ?
                    [
                        new("src_vpc_id", $"vpc-{dice.Hex(17)}"),
                        new("src_region", region),
                        new("dst_region", region),
                        new("firewall_id", "cen-example0000"),
                        new("src_network_instance_id", "vpc-src0000"),
                        new("dst_network_instance_id", "vpc-dst0000"),
                    ]
                    : (KeyValuePair<string, string>[])
                        [new("country_id", dice.Of("CN", "US", "ZZ")), new("city_id", "ZZ")],
            ],
            marker
        );
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
