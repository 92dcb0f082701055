using System.Globalization;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>What load balancers write of a request, Classic and Application alike.</summary>
/// <remarks>Fields: slb reference, section 8; the alb reference calls them the same. Absent values are <c>-</c> (assumed there).</remarks>
internal static class Layer7Fields
{
    /// <summary>One request. The marker stands in <c>request_uri</c>.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(
        bool https,
        DateTimeOffset at,
        string marker,
        Dice dice
    )
    {
        var status = dice.Of("200", "200", "200", "200", "302", "304", "404", "403", "500", "502");
        var milliseconds = dice.Number(2, 900);
        var seconds = (milliseconds / 1000.0).ToString("0.000", CultureInfo.InvariantCulture);
        var failed = status[0] == '5';
        return
        [
            new(
                "time",
                at.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture)
            ),
            new("client_ip", dice.PublicIp()),
            new("client_port", Text(dice.Number(1024, 65535))),
            new("http_x_real_ip", "-"),
            new("http_x_forwarded_for", dice.Once(3) ? $"{dice.PublicIp()}, {dice.PrivateIp()}" : "-"),
            new("request_method", dice.Of("GET", "GET", "GET", "POST", "PUT", "DELETE", "HEAD")),
            new("scheme", https ? "https" : "http"),
            new("host", dice.Of("www.example.com", "api.example.com", "shop.example.com")),
            new("http_host", dice.Of("www.example.com", "api.example.com", "shop.example.com")),
            new(
                "request_uri",
                $"{dice.Of("/login", "/api/v1/orders", "/index.html", "/search")}?x={dice.Number(1, 99)}&m={marker}"
            ),
            new("server_protocol", dice.Of("HTTP/1.1", "HTTP/2.0")),
            new(
                "http_user_agent",
                dice.Of("Mozilla/5.0 (X11; Linux x86_64)", "curl/8.5.0", "okhttp/4.12.0", "Mozilla/5.0 \"quoted\" äöü")
            ),
            new("http_referer", dice.Of("-", "https://www.example.com/")),
            new("status", status),
            new("body_bytes_sent", Text(dice.Number(0, 50_000))),
            new("request_length", Text(dice.Number(200, 4_000))),
            new("request_time", seconds),
            new("read_request_time", Text(dice.Number(0, 20))),
            new("write_response_time", Text(dice.Number(0, 20))),
            new("upstream_addr", failed ? "-" : $"{dice.PrivateIp()}:8080"),
            new("upstream_status", failed ? "-" : status),
            new("upstream_response_time", failed ? "-" : seconds),
            new("slb_vport", https ? "443" : "80"),
            new("vip_addr", dice.PublicIp()),
            new("ssl_protocol", https ? dice.Of("TLSv1.2", "TLSv1.3") : "-"),
            new("ssl_cipher", https ? "ECDHE-RSA-AES128-GCM-SHA256" : "-"),
            new("tcpinfo_rtt", Text(dice.Number(500, 90_000))),
        ];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
