using System.Globalization;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>Access log lines of WAF.</summary>
/// <remarks>Fields: waf reference, section 8. The verdict fields differ between the generations.</remarks>
internal static class WafRecords
{
    public const string Topic = "waf_access_log";

    /// <summary>One request. The marker is <c>request_traceid</c>.</summary>
    public static LogRecord Access(
        string account,
        string site,
        string host,
        bool is2,
        DateTimeOffset at,
        string marker,
        Dice dice
    )
    {
        var blocked = dice.Once(5);
        var status = blocked ? "405" : dice.Of("200", "200", "200", "302", "404", "502");
        var client = dice.PublicIp();
        var https = !dice.Once(6);
        return new LogRecord(
            Topic,
            at,
            [
                new("user_id", account),
                new("region", site is "cn-hangzhou" ? "cn" : "int"),
                new(
                    "time",
                    at.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture)
                ),
                new("host", host),
                new("matched_host", host),
                new("real_client_ip", client),
                new("remote_addr", client),
                new("remote_port", Text(dice.Number(1024, 65535))),
                new("http_x_forwarded_for", dice.Once(3) ? $"{dice.PublicIp()}, {dice.PrivateIp()}" : "-"),
                new("http_user_agent", dice.Of("Mozilla/5.0 (X11; Linux x86_64)", "curl/8.5.0", "sqlmap/1.8")),
                new("http_referer", "-"),
                new("http_cookie", "-"),
                new("request_method", dice.Of("GET", "GET", "POST", "HEAD")),
                new("request_path", dice.Of("/login", "/api/v1/orders", "/search")),
                new("querystring", blocked ? "id=1%27+or+1=1" : $"page={dice.Number(1, 20)}"),
                new("https", https ? "true" : "false"),
                new("request_length", Text(dice.Number(200, 4_000))),
                new("body_bytes_sent", Text(dice.Number(0, 50_000))),
                new("request_time_msec", Text(dice.Number(1, 900))),
                new("request_traceid", marker),
                new("status", status),
                new("server_protocol", dice.Of("HTTP/1.1", "HTTP/2.0")),
                new("ssl_protocol", https ? "TLSv1.3" : "-"),
                new("ssl_cipher", https ? "TLS_AES_256_GCM_SHA384" : "-"),
                new("upstream_addr", blocked ? "-" : $"{dice.PrivateIp()}:443"),
                new("upstream_status", blocked ? "-" : status),
                new("upstream_response_time", blocked ? "-" : "0.012"),
                .. is2 ? Verdict2(blocked, dice) : Verdict3(client, blocked, dice),
            ],
            marker
        );
    }

    private static KeyValuePair<string, string>[] Verdict3(string client, bool blocked, Dice dice) =>
        [
            new("src_ip", client),
            new("src_port", Text(dice.Number(1024, 65535))),
            // Without a verdict the fields are absent.
            .. blocked
                ?
                [
                    new("final_action", "block"),
                    new("final_plugin", dice.Of("waf", "acl", "cc")),
                    new("final_rule_id", Text(dice.Number(110_000, 119_999))),
                    new("final_rule_type", dice.Of("sqli", "xss", "code_exec")),
                ]
                : Array.Empty<KeyValuePair<string, string>>(),
        ];

    private static KeyValuePair<string, string>[] Verdict2(bool blocked, Dice dice) =>
        [
            new("waf_action", blocked ? "block" : "-"),
            new("waf_rule_id", blocked ? Text(dice.Number(110_000, 119_999)) : "-"),
            new("web_attack_type", blocked ? dice.Of("sqli", "xss") : "-"),
            new("acl_blocks", "0"),
            new("cc_blocks", "0"),
            new("cc_phase", "-"),
        ];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
