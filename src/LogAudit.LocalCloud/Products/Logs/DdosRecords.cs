using System.Globalization;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>Access log lines of Anti-DDoS Proxy and mitigation lines of Anti-DDoS Origin.</summary>
/// <remarks>Fields: ddos reference, section 8.</remarks>
internal static class DdosRecords
{
    public const string OriginTopic = "ddosbgp_access_log";

    /// <summary>One request. The marker stands in <c>request_uri</c>.</summary>
    public static LogRecord Access(
        string account,
        string host,
        string topic,
        DateTimeOffset at,
        string marker,
        Dice dice
    )
    {
        var blocked = dice.Once(6);
        var status = blocked ? "403" : dice.Of("200", "200", "304", "404", "502");
        var client = dice.PublicIp();
        return new LogRecord(
            topic,
            at,
            [
                new("user_id", account),
                new(
                    "time",
                    at.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture)
                ),
                new("host", host),
                new("matched_host", host),
                new("server_name", host),
                new("real_client_ip", client),
                new("remote_addr", client),
                new("remote_port", Text(dice.Number(1024, 65535))),
                new("http_x_forwarded_for", "-"),
                new("request_method", dice.Of("GET", "GET", "POST")),
                new("request_uri", $"{dice.Of("/", "/login", "/search")}?m={marker}"),
                new("https", dice.Of("true", "true", "false")),
                new("http_user_agent", dice.Of("Mozilla/5.0 (X11; Linux x86_64)", "curl/8.5.0")),
                new("http_referer", "-"),
                new("http_cookie", "-"),
                new("content_type", "text/html"),
                new("status", status),
                new("body_bytes_sent", Text(dice.Number(0, 50_000))),
                new("request_length", Text(dice.Number(200, 4_000))),
                new("request_time_msec", Text(dice.Number(1, 900))),
                new("cc_action", blocked ? dice.Of("close", "captcha") : "none"),
                new("cc_phase", blocked ? "gfcc" : "-"),
                new("cc_blocks", blocked ? "1" : "-"),
                new("isp_line", dice.Of("BGP", "China Telecom")),
                new("upstream_addr", blocked ? "-" : $"{dice.PrivateIp()}:443"),
                new("upstream_status", blocked ? "-" : status),
                new("upstream_response_time", blocked ? "-" : "0.010"),
            ],
            marker
        );
    }

    /// <summary>One event or one row of traffic counters. The marker stands in <c>subnet</c>, the one field of free text.</summary>
    public static LogRecord Event(string account, string instance, DateTimeOffset at, string marker, Dice dice)
    {
        var isEvent = dice.Once(3);
        var address = dice.PublicIp();
        return new LogRecord(
            OriginTopic,
            at,
            [
                new("data_type", isEvent ? "event" : "Regional_SC_Mitigation"),
                new("instance_id", instance),
                new("user_id", account),
                new("ip", address),
                new("destination_ip", address),
                new("subnet", marker),
                new(
                    "time",
                    at.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
                ),
                .. isEvent
                    ?
                    [
                        new("event_type", dice.Of("mitigation", "blackhole", "diversion")),
                        new("event_time", Text(at.ToUnixTimeSeconds())),
                        new("pps_in", Text(dice.Number(100_000, 2_000_000))),
                        new("kbps_in", Text(dice.Number(100_000, 1_000_000))),
                    ]
                    : (KeyValuePair<string, string>[])
                        [
                            new("total_traffic_in_bps", Text(dice.Number(1_000_000, 900_000_000))),
                            new("total_traffic_in_pps", Text(dice.Number(1_000, 900_000))),
                            new("total_traffic_drop_bps", Text(dice.Number(0, 900_000))),
                            new("total_traffic_drop_pps", Text(dice.Number(0, 9_000))),
                            new("pps_types_in_tcp_pps", Text(dice.Number(0, 9_000))),
                            new("pps_types_in_udp_pps", Text(dice.Number(0, 9_000))),
                        ],
            ],
            marker
        );
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
