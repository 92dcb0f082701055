namespace LogAudit.Forwarding;

/// <summary>An ECS name and its place in OCSF.</summary>
/// <param name="Ecs">ECS name.</param>
/// <param name="Attribute">Dotted path.</param>
/// <param name="Classes">Classes that have the attribute; empty for all.</param>
/// <param name="Key">Whether it makes the object in which it stands a valid one. Other attributes of an object that has keys stand there only beside one.</param>
internal sealed record OcsfName(string Ecs, string Attribute, int[] Classes, bool Key = false)
{
    /// <summary>The object in which it stands.</summary>
    public string Object => Attribute[..Math.Max(0, Attribute.LastIndexOf('.'))];
}

/// <summary>Where ECS names stand in OCSF. A name that is not here, or not for a class, goes to <c>unmapped</c> under its ECS name.</summary>
/// <remarks>Source: OCSF schema 1.6.0, <c>objects/</c> and <c>dictionary.json</c>; which name means which is our reading of both schemas.</remarks>
internal static class OcsfNames
{
    private static readonly int[] Everywhere = [];
    private static readonly int[] WithActor = [1001, 1007, 3004, 5001, 6003, 6005, 6006];
    private static readonly int[] WithUser = [3002, 5003];
    private static readonly int[] WithEndpoints = [3002, 4001, 4002, 4003, 6003, 6005, 6006];
    private static readonly int[] WithHttp = [3002, 3004, 4002, 6003, 6005, 6006];
    private static readonly int[] WithDevice = [1001, 1007, 2002, 2003, 2004, 5001];
    private static readonly int[] WithProcess = [1007];
    private static readonly int[] WithTraffic = [4001, 4002, 4003];
    private static readonly int[] Findings = [2002, 2003, 2004];

    /// <summary>Objects that need a constant beside a key: 0 is "unknown".</summary>
    public static IReadOnlyList<(string Object, string Attribute, string Json)> Companions { get; } =
    [
        ("device", "device.type_id", "0"),
        ("file", "file.type_id", "0"),
        ("database", "database.type_id", "0"),
        ("connection_info", "connection_info.direction_id", "0"),
    ];

    /// <summary>Every name; of two for one place the first that the mapping has wins.</summary>
    public static IReadOnlyList<OcsfName> All { get; } =
    [
        new("source.ip", "src_endpoint.ip", WithEndpoints, Key: true),
        new("source.address", "src_endpoint.hostname", WithEndpoints, Key: true),
        new("source.domain", "src_endpoint.hostname", WithEndpoints, Key: true),
        new("source.port", "src_endpoint.port", WithEndpoints),
        new("destination.ip", "dst_endpoint.ip", WithEndpoints, Key: true),
        new("destination.address", "dst_endpoint.hostname", WithEndpoints, Key: true),
        new("destination.domain", "dst_endpoint.hostname", WithEndpoints, Key: true),
        new("destination.port", "dst_endpoint.port", WithEndpoints),
        new("network.transport", "connection_info.protocol_name", WithTraffic, Key: true),
        new("network.bytes", "traffic.bytes", WithTraffic),
        new("network.packets", "traffic.packets", WithTraffic),
        new("source.bytes", "traffic.bytes_out", WithTraffic),
        new("source.packets", "traffic.packets_out", WithTraffic),
        new("destination.bytes", "traffic.bytes_in", WithTraffic),
        new("destination.packets", "traffic.packets_in", WithTraffic),
        new("user.id", "actor.user.uid", WithActor, Key: true),
        new("user.name", "actor.user.name", WithActor, Key: true),
        new("user.id", "user.uid", WithUser, Key: true),
        new("user.name", "user.name", WithUser, Key: true),
        new("http.request.method", "http_request.http_method", WithHttp, Key: true),
        new("user_agent.original", "http_request.user_agent", WithHttp, Key: true),
        new("http.request.referrer", "http_request.referrer", WithHttp),
        new("http.version", "http_request.version", WithHttp),
        new("url.original", "http_request.url.url_string", WithHttp, Key: true),
        new("url.full", "http_request.url.url_string", WithHttp, Key: true),
        new("url.path", "http_request.url.path", WithHttp, Key: true),
        new("url.domain", "http_request.url.hostname", WithHttp),
        new("url.query", "http_request.url.query_string", WithHttp),
        new("url.scheme", "http_request.url.scheme", WithHttp),
        new("http.response.status_code", "http_response.code", WithHttp, Key: true),
        new("http.response.body.bytes", "http_response.body_length", WithHttp),
        new("tls.version", "tls.version", WithTraffic, Key: true),
        new("tls.cipher", "tls.cipher", WithTraffic),
        new("dns.question.name", "query.hostname", [4003], Key: true),
        new("dns.question.type", "query.type", [4003]),
        new("dns.response_code", "rcode", [4003]),
        new("event.action", "api.operation", [6003], Key: true),
        new("cloud.service.name", "api.service.name", [6003]),
        new("trace.id", "api.request.uid", [6003]),
        new("host.id", "device.uid", WithDevice, Key: true),
        new("host.name", "device.hostname", WithDevice, Key: true),
        new("host.ip", "device.ip", WithDevice, Key: true),
        new("process.pid", "process.pid", WithProcess, Key: true),
        new("process.name", "process.name", WithProcess),
        new("process.executable", "process.path", WithProcess),
        new("process.command_line", "process.cmd_line", WithProcess),
        new("file.path", "file.name", [1001, 6006], Key: true),
        new("labels.db_name", "database.name", [6005], Key: true),
        new("labels.sql", "message", [6005]),
        new("event.original", "message", [6005]),
        new("rule.name", "finding_info.title", [2002, 2004]),
        new("rule.name", "compliance.control", [2003], Key: true),
        new("rule.id", "compliance.control", [2003], Key: true),
        new("rule.category", "compliance.category", [2003]),
        new("rule.description", "finding_info.desc", Findings),
        new("cloud.instance.id", "entity.uid", [3004], Key: true),
        new("cloud.instance.name", "entity.name", [3004], Key: true),
        new("orchestrator.resource.name", "app.name", [6002], Key: true),
        new("host.name", "app.name", [6002], Key: true),
        new("error.code", "status_code", Everywhere),
        new("error.message", "status_detail", Everywhere),
        new("message", "message", Everywhere),
        new("event.code", "metadata.event_code", Everywhere),
        new("log.level", "metadata.log_level", Everywhere),
    ];

    private static readonly HashSet<string> Keyed = All.Where(name => name.Key)
        .Select(name => name.Object)
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether an object is valid only beside one of its keys.</summary>
    public static bool IsKeyed(string name) => Keyed.Contains(name);
}
