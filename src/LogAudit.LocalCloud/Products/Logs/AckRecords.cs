using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>Log lines of a Kubernetes cluster: API audit, events, ingress.</summary>
/// <remarks>Fields: ack reference, section 8. Of nested members the JSON text is written.</remarks>
internal static class AckRecords
{
    /// <summary>A line of a kind: <c>audit</c>, <c>event</c> or <c>ingress</c>.</summary>
    public static LogRecord Of(
        string kind,
        string cluster,
        string region,
        DateTimeOffset at,
        string marker,
        Dice dice
    ) =>
        kind switch
        {
            "audit" => Audit(at, marker, dice),
            "event" => Event(cluster, region, at, marker, dice),
            _ => Ingress(at, marker, dice),
        };

    // The marker is auditID.
    private static LogRecord Audit(DateTimeOffset at, string marker, Dice dice)
    {
        var (verb, level) = dice.Of(
            ("get", "Request"),
            ("list", "Request"),
            ("watch", "Request"),
            ("create", "RequestResponse"),
            ("patch", "RequestResponse"),
            ("delete", "RequestResponse")
        );
        var (resource, group) = dice.Of(("pods", ""), ("deployments", "apps"), ("secrets", ""), ("configmaps", ""));
        var (space, name) = (
            dice.Of("prod", "staging", "kube-system"),
            $"{dice.Of("web", "api", "job")}-{dice.Hex(5)}"
        );
        var (code, decision) =
            dice.Once(12) ? (403, "forbid")
            : dice.Once(20) ? (404, "allow")
            : (200, "allow");
        return new LogRecord(
            "",
            at,
            [
                new("auditID", marker),
                new("level", resource is "secrets" ? "Metadata" : level),
                new("stage", "ResponseComplete"),
                new("verb", verb),
                new(
                    "requestURI",
                    group.Length == 0
                        ? $"/api/v1/namespaces/{space}/{resource}/{name}"
                        : $"/apis/{group}/v1/namespaces/{space}/{resource}/{name}"
                ),
                new(
                    "user",
                    Json(
                        ("username", dice.Of("234567890123456790-1700000000", "system:serviceaccount:prod:deployer")),
                        ("groups", new JArray("system:users", "system:authenticated"))
                    )
                ),
                new("sourceIPs", new JArray(dice.PublicIp()).ToString(Formatting.None)),
                new("userAgent", dice.Of("kubectl/v1.34.1", "kube-controller-manager/v1.34.1", "argocd/2.14")),
                new(
                    "objectRef",
                    Json(
                        ("resource", resource),
                        ("namespace", space),
                        ("name", name),
                        ("apiGroup", group),
                        ("apiVersion", "v1")
                    )
                ),
                new("responseStatus", Json(("code", code), ("status", code < 400 ? "Success" : "Failure"))),
                new("requestReceivedTimestamp", Iso(at.AddMilliseconds(-20))),
                new("stageTimestamp", Iso(at)),
                new("annotations", Json(("authorization.k8s.io/decision", decision))),
            ],
            marker
        );
    }

    // The marker is the uid of the event. The topic is the name of the cluster.
    private static LogRecord Event(string cluster, string region, DateTimeOffset at, string marker, Dice dice)
    {
        var (reason, message, level) = dice.Of(
            ("BackOff", "Back-off restarting failed container", "Warning"),
            ("FailedScheduling", "0/3 nodes are available: insufficient cpu", "Warning"),
            ("Pulled", "Container image already present on machine", "Normal"),
            ("Started", "Started container", "Normal")
        );
        var pod = $"{dice.Of("web", "api")}-{dice.Hex(5)}";
        var text = new JObject
        {
            ["metadata"] = new JObject { ["uid"] = marker, ["namespace"] = "prod" },
            ["reason"] = reason,
            ["message"] = message,
            ["type"] = level,
            ["involvedObject"] = new JObject
            {
                ["kind"] = "Pod",
                ["namespace"] = "prod",
                ["name"] = pod,
            },
            ["source"] = new JObject { ["component"] = "kubelet" },
            ["firstTimestamp"] = Second(at.AddMinutes(-3)),
            ["lastTimestamp"] = Second(at),
            ["count"] = dice.Number(1, 9),
        };
        return new LogRecord(
            cluster,
            at,
            [
                new("hostname", $"{region}.{dice.PrivateIp()}"),
                new("level", level),
                new("pod_id", $"{dice.Hex(8)}-2222-4333-8444-{dice.Hex(12)}"),
                new("pod_name", pod),
                new("eventId", text.ToString(Formatting.None)),
            ],
            marker
        );
    }

    // The marker is req_id.
    private static LogRecord Ingress(DateTimeOffset at, string marker, Dice dice)
    {
        var (client, status) = (dice.PublicIp(), dice.Of("200", "200", "200", "304", "404", "503"));
        return new LogRecord(
            "",
            at,
            [
                new("client_ip", client),
                new("x_forward_for", client),
                new("remote_user", "-"),
                new(
                    "time",
                    at.ToOffset(TimeSpan.FromHours(8)).ToString("dd/MMM/yyyy:HH:mm:ss", CultureInfo.InvariantCulture)
                ),
                new("method", dice.Of("GET", "GET", "POST", "DELETE")),
                new("url", $"/api/items/{dice.Number(1, 500)}"),
                new("version", "HTTP/1.1"),
                new("status", status),
                new("body_bytes_sent", Text(dice.Number(0, 90_000))),
                new("http_referer", "-"),
                new("http_user_agent", dice.Of("curl/8.5", "Mozilla/5.0")),
                new("request_length", Text(dice.Number(100, 3000))),
                new("request_time", $"0.{dice.Number(1, 999):D3}"),
                new("proxy_upstream_name", "prod-web-80"),
                new("proxy_alternative_upstream_name", ""),
                new("upstream_addr", $"{dice.PrivateIp()}:8080"),
                new("upstream_response_length", Text(dice.Number(0, 90_000))),
                new("upstream_response_time", $"0.{dice.Number(1, 999):D3}"),
                new("upstream_status", status),
                new("req_id", marker),
                new("host", "shop.example.com"),
                new("_namespace_", "kube-system"),
                new("_pod_name_", $"nginx-ingress-controller-{dice.Hex(5)}"),
                new("_container_name_", "nginx-ingress-controller"),
            ],
            marker
        );
    }

    private static string Json(params ReadOnlySpan<(string Name, JToken Value)> members)
    {
        var json = new JObject();
        foreach (var (name, value) in members)
        {
            json[name] = value;
        }
        return json.ToString(Formatting.None);
    }

    private static string Iso(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static string Second(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
