using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Trail;

/// <summary>How the audit trail calls services, callers and resources.</summary>
internal static class AuditVocabulary
{
    /// <summary>Services that belong to no region; their events are kept in this one.</summary>
    private const string GlobalRegion = "cn-hangzhou";

    // Product of the API → serviceName and, where it is documented, eventSource.
    // Source: sections 1 of the product references. Others carry the product's own name (assumed).
    private static readonly Dictionary<string, (string Service, string Source)> Known = new(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["Slb"] = ("Slb", "slb-pop.aliyuncs.com"),
        ["Alb"] = ("Alb", ""),
        ["Vpc"] = ("Vpc", ""),
        ["Rds"] = ("Rds", "rds.aliyuncs.com"),
        ["polardb"] = ("polardb", ""),
        ["DAS"] = ("DAS", ""),
        ["waf-openapi"] = ("WAF", ""),
        ["Cloudfw"] = ("Cloudfw", ""),
        ["NAS"] = ("Nas", ""),
        ["CloudAPI"] = ("ApiGateway", ""),
        ["Ecs"] = ("Ecs", ""),
        ["Oss"] = ("Oss", ""),
        ["Actiontrail"] = ("Actiontrail", ""),
        ["Sls"] = ("Sls", ""),
        ["Ram"] = ("Ram", "ram.aliyuncs.com"),
        ["Sts"] = ("Sts", ""),
    };

    private static readonly HashSet<string> Global = new(StringComparer.OrdinalIgnoreCase)
    {
        "Ram",
        "Sts",
        "ResourceDirectoryMaster",
        "ResourceManager",
    };

    // Parameter → type, for calls whose product did not say what it touched. Longest names first does not matter: all that match count.
    private static readonly Dictionary<string, string> ParameterTypes = new(StringComparer.Ordinal)
    {
        ["LoadBalancerId"] = "ACS::SLB::LoadBalancer",
        ["VpcId"] = "ACS::VPC::VPC",
        ["DBClusterId"] = "ACS::PolarDB::DBCluster",
        ["DBInstanceId"] = "ACS::RDS::DBInstance",
        ["RoleArn"] = "ACS::RAM::Role",
        ["RoleName"] = "ACS::RAM::Role",
    };

    /// <summary>The event of a served call.</summary>
    public static AuditEvent Of(ApiEvent call, string eventId, Func<int, string> fakeText)
    {
        var (service, source) = Known.GetValueOrDefault(call.Product, (call.Product, ""));
        var isGlobal = Global.Contains(call.Product);
        return new AuditEvent
        {
            Id = eventId,
            Account = call.AccountId,
            Region = call.Region.Length > 0 ? call.Region : GlobalRegion,
            Kind = "ApiCall",
            Service = service,
            Name = call.Action,
            IsWrite = call.IsWrite,
            Time = call.Time,
            RequestId = call.RequestId,
            Identity = Identity(call.Caller, call.Time),
            ApiVersion = call.Version,
            EventSource = source.Length > 0 ? source : call.Host,
            SourceIp = call.SourceIp,
            UserAgent = call.UserAgent,
            IsGlobal = isGlobal,
            Request = Request(call),
            Response = call.Response is null ? null : Response(call, fakeText),
            Resources = call.Resources.Count > 0 ? call.Resources : Named(call.Request),
            ErrorCode = call.ErrorCode,
            ErrorMessage = call.ErrorMessage,
        };
    }

    /// <summary><c>userIdentity</c> of a caller.</summary>
    public static JObject Identity(Caller caller, DateTimeOffset now)
    {
        var json = new JObject
        {
            ["type"] = caller.Kind switch
            {
                CallerKind.Root => "root-account",
                CallerKind.User => "ram-user",
                CallerKind.Role => "assumed-role",
                _ => "system",
            },
            ["accountId"] = caller.Account.Id,
            ["principalId"] = caller.PrincipalId,
            ["userName"] = caller switch
            {
                { User: { } user } => user.Name,
                { Session: { } session } => $"{session.Role.Name}:{session.Name}",
                { Kind: CallerKind.Root } => "root",
                _ => caller.Arn,
            },
            ["sessionContext"] = Session(now, mfa: false),
        };
        if (caller.AccessKeyId.Length > 0)
        {
            json["accessKeyId"] = caller.AccessKeyId;
        }
        return json;
    }

    /// <summary><c>userIdentity</c> of a RAM user at the console, who has no access key.</summary>
    public static JObject ConsoleIdentity(string account, string userName, DateTimeOffset now) =>
        new()
        {
            ["type"] = "ram-user",
            ["accountId"] = account,
            ["principalId"] = $"2{account[1..]}",
            ["userName"] = userName,
            ["sessionContext"] = Session(now, mfa: true),
        };

    private static JObject Session(DateTimeOffset now, bool mfa) =>
        new()
        {
            ["attributes"] = new JObject
            {
                ["mfaAuthenticated"] = mfa ? "true" : "false",
                ["creationDate"] = now.UtcDateTime.ToString(
                    "yyyy-MM-ddTHH:mm:ssZ",
                    System.Globalization.CultureInfo.InvariantCulture
                ),
            },
        };

    private static JObject Request(ApiEvent call)
    {
        var request = (JObject)call.Request.DeepClone();
        request["AcsProduct"] = call.Product;
        request["HostId"] = call.Host;
        if (call.Region.Length > 0)
        {
            request["RegionId"] ??= call.Region;
        }
        return request;
    }

    /// <summary>The answer. That of AssumeRole carries credentials, made-up ones: no working secret leaves by a log.</summary>
    private static JObject Response(ApiEvent call, Func<int, string> fakeText)
    {
        var response = (JObject)call.Response!.DeepClone();
        response["RequestId"] = call.RequestId;
        if (response["Credentials"] is JObject credentials)
        {
            response["Credentials"] = new JObject
            {
                ["AccessKeyId"] = "STS.NU" + fakeText(18),
                ["AccessKeySecret"] = fakeText(32),
                ["SecurityToken"] = "CAIS" + fakeText(120),
                ["Expiration"] = credentials["Expiration"]?.DeepClone(),
            };
        }
        return response;
    }

    private static List<(string Type, string Id)> Named(JObject request)
    {
        var named = new List<(string, string)>();
        foreach (var (parameter, type) in ParameterTypes)
        {
            if (request[parameter] is { Type: JTokenType.String } id)
            {
                named.Add((type, (string)id!));
            }
        }
        return named;
    }
}
