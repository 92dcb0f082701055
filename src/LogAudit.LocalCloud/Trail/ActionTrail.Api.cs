using System.Globalization;
using System.Text.RegularExpressions;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Trail;

internal sealed partial class ActionTrail
{
    private const string Version = "2020-07-06";
    private const string TrailType = "ACS::ActionTrail::Trail";
    private const string LinkedRole = "AliyunServiceRoleForActionTrail";

    /// <summary>Calls of LookupEvents by account in the last second, real time. Limit: 2 a second.</summary>
    private readonly Dictionary<string, Queue<DateTimeOffset>> _lookups = new(StringComparer.Ordinal);

    private static RamRule OneTrail(string action) =>
        new(
            $"actiontrail:{action}",
            call => $"acs:actiontrail:*:{call.AccountId}:trail/{call.Optional("Name") ?? "*"}"
        );

    private void RegisterApi(Cloud cloud)
    {
        cloud.Api.Hosts("Actiontrail", "actiontrail.{region}.aliyuncs.com", "actiontrail.aliyuncs.com");
        var name = RequiredText("Name");
        ApiParameter[] settings =
        [
            name,
            Text("EventRW"),
            Text("TrailRegion"),
            Text("SlsProjectArn"),
            Text("SlsWriteRoleArn"),
            Text("OssBucketName"),
            Text("OssKeyPrefix"),
            Text("OssWriteRoleArn"),
            Text("MaxComputeProjectArn"),
            Text("MaxComputeWriteRoleArn"),
        ];
        Add(
            "DescribeRegions",
            false,
            [Text("AcceptLanguage")],
            _ => Offered.Regions("Region", r => $"actiontrail.{r}.aliyuncs.com")
        );
        Add(
            "DescribeTrails",
            false,
            [Boolean("IncludeShadowTrails"), Boolean("IncludeOrganizationTrail"), Text("NameList")],
            DescribeTrails
        );
        Add("GetTrailStatus", false, [name, Boolean("IsOrganizationTrail")], GetTrailStatus);
        Add("CreateTrail", true, [.. settings, Boolean("IsOrganizationTrail")], CreateTrail);
        Add("UpdateTrail", true, settings, UpdateTrail);
        Add("DeleteTrail", true, [name], call => Changed(call, (trail, _) => _trails.Remove(trail)));
        Add(
            "StartLogging",
            true,
            [name],
            call => Changed(call, (trail, now) => Start(trail, now, _cloud.Delays.Of(_start)))
        );
        Add("StopLogging", true, [name], call => Changed(call, Stop));
        Add(
            "LookupEvents",
            false,
            [
                Text("StartTime"),
                Text("EndTime"),
                Text("MaxResults"),
                Text("NextToken"),
                Text("Direction"),
                List("LookupAttribute"),
            ],
            LookupEvents
        );

        void Add(string action, bool isWrite, IReadOnlyList<ApiParameter> parameters, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc("Actiontrail", Version, action, parameters, OneTrail(action), isWrite, run);
    }

    private JObject DescribeTrails(ApiCall call)
    {
        var names = call.Optional("NameList")?.Split(',');
        var shadows = call.Boolean("IncludeShadowTrails") is true;
        var organization = call.Boolean("IncludeOrganizationTrail") is true;
        return new JObject
        {
            ["TrailList"] = new JArray(
                _trails
                    .Where(t =>
                        t.IsOrganization ? organization && Covers(t, call.AccountId) : t.Account == call.AccountId
                    )
                    .Where(t => shadows || t.IsOrganization || call.Region.Length == 0 || t.HomeRegion == call.Region)
                    .Where(t => names is null || names.Contains(t.Name, StringComparer.Ordinal))
                    .Select(t => Describe(t, call.Now))
            ),
        };
    }

    private static JObject Describe(AuditTrail trail, DateTimeOffset now) =>
        new()
        {
            ["Name"] = trail.Name,
            ["TrailArn"] = $"acs:actiontrail:{trail.HomeRegion}:{trail.Account}:trail/{trail.Name}",
            ["HomeRegion"] = trail.HomeRegion,
            ["Region"] = trail.HomeRegion,
            ["TrailRegion"] = trail.Regions,
            ["IsOrganizationTrail"] = trail.IsOrganization,
            ["OrganizationId"] = "",
            ["EventRW"] = trail.Events,
            ["SlsProjectArn"] = trail.ProjectArn,
            ["SlsWriteRoleArn"] = trail.RoleArn,
            ["OssBucketName"] = trail.Bucket,
            ["OssKeyPrefix"] = "",
            ["MaxComputeProjectArn"] = trail.MaxComputeArn,
            ["Status"] = trail.Status.At(now),
            ["CreateTime"] = ResourceTags.Iso(trail.CreatedAt),
            ["UpdateTime"] = Iso(trail.UpdatedAt ?? trail.CreatedAt),
            ["StartLoggingTime"] = Iso(trail.StartedAt),
            ["StopLoggingTime"] = Iso(trail.StoppedAt),
        };

    private JObject GetTrailStatus(ApiCall call)
    {
        var trail = _trails.Find(t =>
            t.Name == call.Text("Name")
            && (
                t.Account == call.AccountId
                || (t.IsOrganization && call.Boolean("IsOrganizationTrail") is true && Covers(t, call.AccountId))
            )
        );
        if (trail is null)
        {
            throw NotFound(call);
        }
        return new JObject
        {
            ["IsLogging"] = trail.Status.At(call.Now) is "Enable",
            ["StartLoggingTime"] = Iso(trail.StartedAt),
            ["StopLoggingTime"] = Iso(trail.StoppedAt),
            ["LatestDeliveryTime"] = Iso(trail.DeliveredAt),
            ["LatestDeliveryError"] = "",
            ["LatestDeliveryLogServiceTime"] = Iso(trail.DeliveredAt),
            ["LatestDeliveryLogServiceError"] = trail.DeliveryError,
            ["SlsLogStoreStatus"] = Storage.LogstoreExists(trail.Project, trail.Logstore),
            ["OssBucketStatus"] = trail.Bucket.Length > 0,
        };
    }

    private JObject CreateTrail(ApiCall call)
    {
        var name = call.Text("Name");
        if (!TrailName().IsMatch(name))
        {
            throw new CloudError(
                400,
                "InvalidTrailNameException",
                "A trail name has 6 to 36 characters of [a-z0-9_-] and begins with a lower-case letter."
            );
        }
        var home = call.Region.Length > 0 ? call.Region : "cn-hangzhou";
        if (_trails.Exists(t => t.Account == call.AccountId && t.Name == name))
        {
            // The code was not readable (assumed); the message holds "already exist".
            throw new CloudError(400, "TrailAlreadyExistsException", "The specified trail already exists.");
        }
        var organization = call.Boolean("IsOrganizationTrail") is true;
        if (organization)
        {
            DemandDirectory(call);
        }
        else if (_trails.Count(t => t.Account == call.AccountId && !t.IsOrganization && t.HomeRegion == home) >= 5)
        {
            throw new CloudError(
                400,
                "MaximumNumberOfTrailsExceededException",
                "An account has at most 5 single-account trails in a region."
            );
        }
        var trail = new AuditTrail(call.AccountId, name, home, organization, call.Now)
        {
            Events = OneOf(call, "EventRW", "All", "All", "Write", "Read"),
            Regions = call.Optional("TrailRegion") ?? "All",
            ProjectArn = "",
            RoleArn = "",
        };
        SetDestination(trail, call);
        if (trail.RoleArn.Length == 0)
        {
            NeedLinkedRole(call);
        }
        if (trail is { ProjectArn: "", Bucket: "", MaxComputeArn: "" })
        {
            throw new CloudError(400, "MissingParameter", "A trail needs at least one destination.");
        }
        _trails.Add(trail);
        call.Touched.Add((TrailType, name));
        return Answer(trail);
    }

    private JObject UpdateTrail(ApiCall call)
    {
        var trail = Mine(call);
        // The default is Write, other than that of CreateTrail. Source: metadata.
        trail.Events = OneOf(call, "EventRW", "Write", "All", "Write", "Read");
        trail.Regions = call.Optional("TrailRegion") ?? trail.Regions;
        SetDestination(trail, call);
        trail.UpdatedAt = call.Now;
        if (trail.Status.At(call.Now) is "Enable")
        {
            MakeLogstore(trail, call.Now);
        }
        call.Touched.Add((TrailType, trail.Name));
        return Answer(trail);
    }

    private void SetDestination(AuditTrail trail, ApiCall call)
    {
        trail.Bucket = call.Optional("OssBucketName") ?? trail.Bucket;
        trail.MaxComputeArn = call.Optional("MaxComputeProjectArn") ?? trail.MaxComputeArn;
        if (call.Optional("SlsProjectArn") is not { } arn)
        {
            return;
        }
        var parts = arn.Split(':');
        var project =
            parts is ["acs", "log", _, _, { } last] && last.StartsWith("project/", StringComparison.Ordinal)
                ? Storage.FindProject(last["project/".Length..])
                : null;
        if (project is null || parts[2] != project.Region || parts[3] != project.AccountId)
        {
            // The destination project must exist before CreateTrail; the code is assumed.
            throw new CloudError(
                400,
                "SlsProjectDoesNotExistException",
                $"The specified project {arn} does not exist."
            );
        }
        var role = call.Optional("SlsWriteRoleArn") ?? "";
        if (role.Length > 0)
        {
            call.Demand("ram:PassRole", role, new KeyValuePair<string, string>("acs:Service", ServiceName));
            if (
                !role.EndsWith("/aliyunserviceroleforactiontrail", StringComparison.OrdinalIgnoreCase)
                && _cloud.Trust.AssumeAsService(role, ServiceName, trail.Account) is null
            )
            {
                // Retried by the Terraform provider: the role may not have spread yet.
                throw new CloudError(
                    400,
                    "InsufficientBucketPolicyException",
                    $"The role {role} does not exist or does not trust {ServiceName}."
                );
            }
        }
        else if (project.AccountId != trail.Account)
        {
            throw new CloudError(
                400,
                "InsufficientBucketPolicyException",
                "A project of another account needs SlsWriteRoleArn, a role of that account."
            );
        }
        (trail.ProjectArn, trail.RoleArn) = (arn, role);
    }

    /// <summary>Where no role is named the service makes its own, with the right of the caller. Source: metadata of CreateTrail.</summary>
    private static void NeedLinkedRole(ApiCall call)
    {
        if (call.Account.Roles.ContainsKey(LinkedRole))
        {
            return;
        }
        call.Demand(
            "ram:CreateServiceLinkedRole",
            $"acs:ram::{call.AccountId}:role/*",
            new KeyValuePair<string, string>("ram:ServiceName", ServiceName)
        );
        call.Account.AddServiceLinkedRole(LinkedRole, ServiceName);
    }

    /// <summary>One multi-account trail per directory, made by the management account or a delegated administrator.</summary>
    private void DemandDirectory(ApiCall call)
    {
        if (_cloud.Services.Find<IOrganisation>()?.MayManage(call.AccountId, ServiceName) is not true)
        {
            // Code assumed.
            throw new CloudError(
                403,
                "NoPermission.OrganizationTrail",
                "Only the management account or a delegated administrator can create a multi-account trail."
            );
        }
        if (_trails.Exists(t => t.IsOrganization))
        {
            throw new CloudError(
                400,
                "MaximumNumberOfTrailsExceededException",
                "A resource directory has at most one multi-account trail."
            );
        }
    }

    private JObject LookupEvents(ApiCall call)
    {
        Throttle(call);
        var most =
            call.Optional("MaxResults") is { } text && int.TryParse(text, CultureInfo.InvariantCulture, out var asked)
                ? asked
                : 20;
        var from = Moment(call, "StartTime");
        var to = Moment(call, "EndTime");
        var attributes = call.Rows("LookupAttribute");
        if (most is < 1 or > 50 || from is null != to is null || attributes.Count > 2)
        {
            throw new CloudError(
                400,
                "InvalidQueryParameter",
                "MaxResults is 1 to 50, StartTime and EndTime come together, and there are at most 2 attributes."
            );
        }
        var queryable = call.Now - _cloud.Delays.Of(_queryable);
        var rows = _archive
            .Of(call.AccountId, call.Region)
            .Where(e => e.Time <= queryable && e.Time >= (from ?? call.Now.AddDays(-7)) && e.Time <= (to ?? call.Now))
            .Where(e =>
                attributes.All(a =>
                    AuditArchive.Has(e, a.GetValueOrDefault("Key", ""), a.GetValueOrDefault("Value", ""))
                )
            )
            .ToList();
        if (call.Optional("Direction") is not "FORWARD")
        {
            rows.Reverse();
        }
        var start = Pages.From(call.Optional("NextToken"));
        var answer = new JObject
        {
            ["Events"] = new JArray(rows.Skip(start).Take(most).Select(e => e.ToJson())),
            ["StartTime"] = ResourceTags.Iso(from ?? call.Now.AddDays(-7)),
            ["EndTime"] = ResourceTags.Iso(to ?? call.Now),
        };
        if (start + most < rows.Count)
        {
            answer["NextToken"] = Pages.Token(start + most);
        }
        return answer;
    }

    private void Throttle(ApiCall call)
    {
        if (!_lookups.TryGetValue(call.AccountId, out var recent))
        {
            _lookups[call.AccountId] = recent = new Queue<DateTimeOffset>();
        }
        while (recent.TryPeek(out var oldest) && call.Now - oldest >= TimeSpan.FromSeconds(1))
        {
            recent.Dequeue();
        }
        if (recent.Count >= 2)
        {
            throw new CloudError(400, "Throttling.User", "Request was denied due to user flow control.");
        }
        recent.Enqueue(call.Now);
    }

    private JObject Changed(ApiCall call, Action<AuditTrail, DateTimeOffset> change)
    {
        var trail = Mine(call);
        change(trail, call.Now);
        call.Touched.Add((TrailType, trail.Name));
        return [];
    }

    private AuditTrail Mine(ApiCall call) =>
        _trails.Find(t => t.Account == call.AccountId && t.Name == call.Text("Name")) ?? throw NotFound(call);

    private static CloudError NotFound(ApiCall call) =>
        new(404, "TrailNotFoundException", $"The specified trail {call.Text("Name")} does not exist.");

    private static JObject Answer(AuditTrail trail) =>
        new()
        {
            ["Name"] = trail.Name,
            ["HomeRegion"] = trail.HomeRegion,
            ["TrailRegion"] = trail.Regions,
            ["EventRW"] = trail.Events,
            ["SlsProjectArn"] = trail.ProjectArn,
            ["SlsWriteRoleArn"] = trail.RoleArn,
            ["OssBucketName"] = trail.Bucket,
            ["TrailArn"] = $"acs:actiontrail:{trail.HomeRegion}:{trail.Account}:trail/{trail.Name}",
        };

    private static string OneOf(ApiCall call, string name, string fallback, params ReadOnlySpan<string> allowed)
    {
        var value = call.Optional(name) ?? fallback;
        return allowed.Contains(value)
            ? value
            : throw new CloudError(400, "InvalidParameter", $"The specified parameter {name} is not valid: {value}.");
    }

    private static DateTimeOffset? Moment(ApiCall call, string name) =>
        call.Optional(name) is not { } text ? null
        : DateTimeOffset.TryParseExact(
            text,
            "yyyy-MM-dd'T'HH:mm:ss'Z'",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var at
        )
            ? at
        : throw new CloudError(400, "InvalidQueryParameter", $"{name} must be like 2026-03-02T08:15:30Z.");

    private static string Iso(DateTimeOffset? at) => at is { } moment ? ResourceTags.Iso(moment) : "";

    [GeneratedRegex("^[a-z][a-z0-9_-]{5,35}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TrailName();
}
