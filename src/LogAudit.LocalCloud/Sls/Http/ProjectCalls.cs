using System.Globalization;
using System.Text.RegularExpressions;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Http;

/// <summary>Projects, their policy and logging, the service itself. Source: SLS protocol 1 and 9.</summary>
internal static partial class ProjectCalls
{
    /// <summary>Projects an account may have. Source: SLS quotas.</summary>
    private const int MostProjects = 150;

    private const string Resource = "project/{project}";

    public static readonly SlsOperation[] Operations =
    [
        new("CreateProject", "POST", "/", "log:CreateProject", Resource, Create)
        {
            Scope = SlsScope.Either,
            IsWrite = true,
        },
        new("ListProject", "GET", "/", "log:ListProject", "project/*", List)
        {
            Scope = SlsScope.Service,
            Parameters = ["projectName", "offset", "size", "resourceGroupId", "fetchQuota"],
        },
        new("GetProject", "GET", "/", "log:GetProject", Resource, call => CloudResponse.Json(ToJson(call.NeedProject)))
        {
            AnswersAtOnce = true,
        },
        new("UpdateProject", "PUT", "/", "log:UpdateProject", Resource, Update) { IsWrite = true },
        new("DeleteProject", "DELETE", "/", "log:DeleteProject", Resource, Delete)
        {
            IsWrite = true,
            AnswersAtOnce = true,
            Parameters = ["forceDelete"],
        },
        new("PutProjectPolicy", "POST", "/policy", "log:PutProjectPolicy", Resource, PutPolicy) { IsWrite = true },
        new("GetProjectPolicy", "GET", "/policy", "log:GetProjectPolicy", Resource, GetPolicy),
        new("DeleteProjectPolicy", "DELETE", "/policy", "log:DeleteProjectPolicy", Resource, DeletePolicy)
        {
            IsWrite = true,
        },
        new("CreateLogging", "POST", "/logging", "log:CreateLogging", Resource, CreateLogging) { IsWrite = true },
        new("GetLogging", "GET", "/logging", "log:GetLogging", Resource, call => CloudResponse.Json(Logging(call))),
        new("UpdateLogging", "PUT", "/logging", "log:UpdateLogging", Resource, UpdateLogging) { IsWrite = true },
        new("DeleteLogging", "DELETE", "/logging", "log:DeleteLogging", Resource, DeleteLogging) { IsWrite = true },
        new("OpenSlsService", "POST", "/slsservice", "log:OpenSlsService", "*", _ => CloudResponse.Empty())
        {
            Scope = SlsScope.Service,
            IsWrite = true,
        },
        new(
            "GetSlsService",
            "GET",
            "/slsservice",
            "log:GetSlsService",
            "*",
            _ => CloudResponse.Json(new JObject { ["enabled"] = true, ["status"] = "Opened" })
        )
        {
            Scope = SlsScope.Service,
        },
        new("DescribeRegions", "GET", "/regions", "log:DescribeRegions", "*", Regions)
        {
            Scope = SlsScope.Service,
            Parameters = ["language"],
        },
    ];

    private static readonly string[] RegionIds =
    [
        "cn-hangzhou",
        "cn-shanghai",
        "cn-beijing",
        "cn-shenzhen",
        "cn-zhangjiakou",
        "cn-hongkong",
        "ap-southeast-1",
        "eu-central-1",
        "us-west-1",
    ];

    private static CloudResponse Create(SlsCall call)
    {
        var name = call.Body.NeedText("projectName");
        if (!NamePattern().IsMatch(name))
            throw SlsRefusal.Parameter($"project name {name} is invalid");
        if (call.ProjectName is { } host && host != name)
            throw SlsRefusal.Parameter($"project name {name} is not the name in the host");
        if (call.Body["description"] is null)
            throw SlsRefusal.Parameter("description is required");
        if (call.Service.Store.Projects.Count(project => project.Account == call.Caller.Account.Id) >= MostProjects)
            throw new CloudError(400, "ProjectQuotaExceed", "Project Quota Exceed.");
        var redundancy = call.Body.Text("dataRedundancyType") is { Length: > 0 } said ? said : "LRS";
        if (redundancy is not ("LRS" or "ZRS"))
            throw SlsRefusal.Parameter("dataRedundancyType must be LRS or ZRS");
        var visibleAfter = call.Service.Cloud.Delays.Of(call.Service.NewProject);
        var made = call.Service.Store.Create(name, call.Caller.Account.Id, call.Region, visibleAfter);
        made.ResourceGroupId = call.Body.Text("resourceGroupId") ?? "";
        made.Redundancy = redundancy;
        made.Describe(call.Body.Text("description") ?? "", call.Body.Flag("recycleBinEnabled") ?? false);
        return CloudResponse.Empty();
    }

    private static CloudResponse List(SlsCall call)
    {
        var (name, group) = (call.Query("projectName") ?? "", call.Query("resourceGroupId"));
        SlsProject[] all =
        [
            .. call.Service.Store.Projects.Where(project =>
                project.Account == call.Caller.Account.Id
                && project.Region == call.Region
                && project.Name.Contains(name, StringComparison.Ordinal)
                && (group is null || project.ResourceGroupId == group)
            ),
        ];
        var (page, total) = call.Page(all, usual: 100, most: 500);
        return CloudResponse.Json(
            new JObject
            {
                ["count"] = page.Count,
                ["total"] = total,
                ["projects"] = new JArray(page.Select(ToJson)),
            }
        );
    }

    private static CloudResponse Update(SlsCall call)
    {
        call.NeedProject.Describe(
            call.Body.Text("description") ?? "",
            call.Body.Flag("recycleBinEnabled") ?? call.NeedProject.RecycleBin
        );
        return CloudResponse.Empty();
    }

    private static CloudResponse Delete(SlsCall call)
    {
        call.Service.Store.DeleteProject(call.NeedProject.Name);
        return CloudResponse.Empty();
    }

    private static CloudResponse PutPolicy(SlsCall call)
    {
        call.NeedProject.Policy = call.Request.Body.IsEmpty
            ? null
            : PolicyDocument.Parse(System.Text.Encoding.UTF8.GetString(call.Request.Body.Span)).Text;
        return CloudResponse.Empty();
    }

    private static CloudResponse GetPolicy(SlsCall call) =>
        CloudResponse.Bytes(System.Text.Encoding.UTF8.GetBytes(call.NeedProject.Policy ?? ""), "application/json");

    private static CloudResponse DeletePolicy(SlsCall call)
    {
        call.NeedProject.Policy = null;
        return CloudResponse.Empty();
    }

    private static CloudResponse CreateLogging(SlsCall call)
    {
        if (call.NeedProject.Logging is not null)
            throw SlsRefusal.Parameter("logging already exists");
        return SetLogging(call);
    }

    private static CloudResponse UpdateLogging(SlsCall call)
    {
        _ = Logging(call);
        return SetLogging(call);
    }

    private static CloudResponse SetLogging(SlsCall call)
    {
        _ = call.Body.NeedText("loggingProject");
        if (call.Body["loggingDetails"] is not JArray { Count: > 0 } details)
            throw SlsRefusal.Parameter("loggingDetails is required");
        foreach (var detail in details.OfType<JObject>())
            _ = (detail.NeedText("type"), detail.NeedText("logstore"));
        call.NeedProject.Logging = call.Body;
        return CloudResponse.Empty();
    }

    private static CloudResponse DeleteLogging(SlsCall call)
    {
        _ = Logging(call);
        call.NeedProject.Logging = null;
        return CloudResponse.Empty();
    }

    private static JObject Logging(SlsCall call) =>
        call.NeedProject.Logging ?? throw new CloudError(404, "LoggingNotExist", "logging does not exist");

    private static CloudResponse Regions(SlsCall call) =>
        CloudResponse.Json(
            new JObject
            {
                ["regions"] = new JArray(
                    RegionIds.Select(id => new JObject
                    {
                        ["region"] = id,
                        ["localName"] = id,
                        ["internetEndpoint"] = id + ".log.aliyuncs.com",
                        ["intranetEndpoint"] = id + "-intranet.log.aliyuncs.com",
                        ["dataRedundancyType"] = new JArray("LRS", "ZRS"),
                    })
                ),
            }
        );

    private static JObject ToJson(SlsProject project) =>
        new()
        {
            ["projectName"] = project.Name,
            ["description"] = project.Description,
            ["status"] = "Normal",
            ["owner"] = project.Account,
            ["region"] = project.Region,
            ["location"] = project.Region,
            ["createTime"] = Seconds(project.CreatedAt),
            ["lastModifyTime"] = Seconds(project.LastModifiedAt),
            ["resourceGroupId"] = project.ResourceGroupId,
            ["dataRedundancyType"] = project.Redundancy,
            ["recycleBinEnabled"] = project.RecycleBin,
            ["quota"] = new JObject { ["logstore"] = SlsProject.MaxLogstores, ["shard"] = SlsProject.MaxShards },
        };

    /// <summary>Times of a project are Unix seconds as text. Source: comments of the Go SDK.</summary>
    private static string Seconds(DateTimeOffset time) =>
        time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(
        "^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]\\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex NamePattern();
}
