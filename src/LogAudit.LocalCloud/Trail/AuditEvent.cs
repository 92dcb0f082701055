using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Trail;

/// <summary>Something that happened in an account, as ActionTrail tells it.</summary>
/// <remarks>Envelope: actiontrail reference, section 7.</remarks>
internal sealed record AuditEvent
{
    /// <summary><c>eventId</c>, unique.</summary>
    public required string Id { get; init; }

    /// <summary>Account whose log it belongs to (<c>recipientAccountId</c>).</summary>
    public required string Account { get; init; }

    /// <summary><c>acsRegion</c>.</summary>
    public required string Region { get; init; }

    /// <summary><c>ApiCall</c>, <c>ConsoleOperation</c> or <c>AliyunServiceEvent</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>serviceName</c>, for example <c>Slb</c>.</summary>
    public required string Service { get; init; }

    /// <summary><c>eventName</c>, for example <c>CreateLoadBalancer</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it changed something; reads never reach the event bus.</summary>
    public required bool IsWrite { get; init; }

    public required DateTimeOffset Time { get; init; }
    public required string RequestId { get; init; }

    /// <summary><c>userIdentity</c>.</summary>
    public required JObject Identity { get; init; }

    public string ApiVersion { get; init; } = "";
    public string EventSource { get; init; } = "";
    public string SourceIp { get; init; } = "";
    public string UserAgent { get; init; } = "";

    /// <summary>Belongs to no region.</summary>
    public bool IsGlobal { get; init; }

    public JObject? Request { get; init; }
    public JObject? Response { get; init; }
    public IReadOnlyList<(string Type, string Id)> Resources { get; init; } = [];
    public string ErrorCode { get; init; } = "";
    public string ErrorMessage { get; init; } = "";

    /// <summary>The event as the trail writes it and the bus carries it.</summary>
    public JObject ToJson()
    {
        var json = new JObject
        {
            ["eventId"] = Id,
            ["eventVersion"] = 1,
            ["eventCategory"] = "Management",
            ["eventType"] = Kind,
            ["eventRW"] = IsWrite ? "Write" : "Read",
            ["eventName"] = Name,
            ["serviceName"] = Service,
            ["eventSource"] = EventSource,
            ["acsRegion"] = Region,
            ["isGlobal"] = IsGlobal,
            ["eventTime"] = Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["requestId"] = RequestId,
            ["recipientAccountId"] = Account,
            ["sourceIpAddress"] = SourceIp,
            ["userAgent"] = UserAgent,
            ["additionalEventData"] = new JObject { ["Scheme"] = "https", ["CallerBid"] = "26842" },
            ["userIdentity"] = Identity,
        };
        Set(json, "apiVersion", ApiVersion);
        Set(json, "errorCode", ErrorCode);
        Set(json, "errorMessage", ErrorMessage);
        if (Request is not null)
        {
            json["requestParameters"] = Request;
            json["requestParameterJson"] = Request.ToString(Formatting.None);
        }
        if (Response is not null)
        {
            json["responseElements"] = Response;
        }
        if (Resources.Count > 0)
        {
            // Ids of one type are joined by a comma, types by a semicolon.
            var types = Resources.GroupBy(r => r.Type, r => r.Id, StringComparer.Ordinal).ToList();
            json["referencedResources"] = new JObject(
                types.Select(t => new JProperty(t.Key, new JArray(t.Distinct(StringComparer.Ordinal))))
            );
            json["resourceType"] = string.Join(';', types.Select(t => t.Key));
            json["resourceName"] = string.Join(
                ';',
                types.Select(t => string.Join(',', t.Distinct(StringComparer.Ordinal)))
            );
        }
        if (IsWrite && Name.StartsWith("Delete", StringComparison.Ordinal))
        {
            json["eventAttributes"] = new JObject { ["SensitiveAction"] = "true" };
        }
        return json;
    }

    private static void Set(JObject json, string name, string value)
    {
        if (value.Length > 0)
        {
            json[name] = value;
        }
    }
}
