namespace LogAudit;

/// <summary>How the records of one log kind become normalised records with ECS field names.</summary>
public sealed record RecordMapping
{
    /// <summary>ECS <c>event.dataset</c>, for example <c>aliyun.slb_access</c>.</summary>
    public required string Dataset { get; init; }

    /// <summary>ECS <c>event.category</c>, for example <c>web</c>.</summary>
    public required string Category { get; init; }

    /// <summary>OCSF class uid, for example 4002.</summary>
    public int OcsfClass { get; init; }

    /// <summary>ECS <c>event.outcome</c> of every record, where the kind of log says it (<c>failure</c> for failed logins); empty where fields say it or nothing does.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>Name of a field that holds the whole record as JSON (ActionTrail: <c>event</c>); source names of the mappings are then paths inside it. Empty for flat records.</summary>
    public string JsonField { get; init; } = "";

    /// <summary>The field whose value is a unique id given by the source (ActionTrail: <c>event.eventId</c>); empty when there is none.</summary>
    public string IdField { get; init; } = "";

    /// <summary>The fields. A source field without a mapping is kept under <c>aliyun.&lt;product&gt;.&lt;field&gt;</c>.</summary>
    public required IReadOnlyList<FieldMapping> Fields { get; init; }
}

/// <summary>One field of a record and where it goes.</summary>
/// <param name="Source">Field name in SLS, for example <c>client_ip</c>; with <see cref="RecordMapping.JsonField"/> a dotted path, for example <c>userIdentity.userName</c>.</param>
/// <param name="Target">ECS name, for example <c>source.ip</c>.</param>
/// <param name="Convert">How the value is converted.</param>
public sealed record FieldMapping(string Source, string Target, FieldConversion Convert);

/// <summary>How a value is converted. A value that does not convert is kept under the source name, never dropped.</summary>
public enum FieldConversion
{
    /// <summary>As it is.</summary>
    Text,

    /// <summary>Integer written as a JSON number.</summary>
    Integer,

    /// <summary>Decimal number written as a JSON number.</summary>
    Decimal,

    /// <summary>An IP address; anything else goes to <c>.address</c> instead of <c>.ip</c>.</summary>
    Ip,

    /// <summary>The first IP address of a JSON list of texts.</summary>
    FirstIp,

    /// <summary>ISO 8601 time with zone.</summary>
    IsoTime,

    /// <summary>Unix seconds.</summary>
    UnixSeconds,

    /// <summary>Unix milliseconds.</summary>
    UnixMillis,

    /// <summary>Unix microseconds.</summary>
    UnixMicros,

    /// <summary>Seconds to nanoseconds, for <c>event.duration</c>.</summary>
    SecondsToNanos,

    /// <summary>Milliseconds to nanoseconds.</summary>
    MillisToNanos,

    /// <summary>Microseconds to nanoseconds.</summary>
    MicrosToNanos,

    /// <summary><c>event.outcome</c> from an HTTP status: below 400 success, else failure.</summary>
    HttpOutcome,

    /// <summary><c>event.outcome</c> from an error code: empty, 0, 0000 or <c>-</c> success, else failure.</summary>
    ErrorOutcome,

    /// <summary><c>event.outcome</c> from ACCEPT or REJECT.</summary>
    AcceptOutcome,

    /// <summary><c>event.outcome</c> from the verdict of a guard: block, drop, 1 (a flag that says "blocked") or failed failure, pass, alert or success success. Another verdict says nothing.</summary>
    VerdictOutcome,

    /// <summary><c>url.scheme</c> from whether a request was encrypted: true or on https, false or off http.</summary>
    Scheme,

    /// <summary><c>network.direction</c> from <c>in</c> or <c>out</c>.</summary>
    Direction,

    /// <summary>IANA protocol number to <c>network.transport</c> name.</summary>
    Transport,

    /// <summary>JSON value kept as JSON.</summary>
    Json,
}
