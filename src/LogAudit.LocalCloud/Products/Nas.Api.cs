using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

/// <summary>What the actions do.</summary>
internal sealed partial class Nas
{
    private const string Version = "2017-06-26";
    private const string Role = "AliyunServiceRoleForNasLogDelivery";

    // The name of the service is assumed; the reference names the role only.
    private const string RoleService = "logdelivery.nas.aliyuncs.com";

    private void RegisterApi(Cloud cloud)
    {
        cloud.Api.Hosts("NAS", "nas.{region}.aliyuncs.com", "nas-vpc.{region}.aliyuncs.com");
        ApiParameter[] pages = [Integer("PageNumber"), Integer("PageSize")];
        ApiParameter[] one = [RequiredText("RegionId"), RequiredText("FileSystemId")];
        Add("DescribeRegions", [.. pages, Text("FileSystemType")], isWrite: false, Regions);
        Add(
            "DescribeFileSystems",
            [
                .. pages,
                Text("FileSystemId"),
                Text("FileSystemType"),
                Text("ResourceGroupId"),
                Text("VpcId"),
                List("Tag"),
            ],
            isWrite: false,
            DescribeFileSystems
        );
        Add(
            "DescribeLogAnalysis",
            [.. pages, RequiredText("RegionId"), Text("FileSystemType")],
            isWrite: false,
            DescribeLogAnalysis
        );
        Add("CreateLogAnalysis", one, isWrite: true, CreateLogAnalysis);
        Add("DeleteLogAnalysis", one, isWrite: true, DeleteLogAnalysis);

        void Add(string action, IReadOnlyList<ApiParameter> parameters, bool isWrite, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc(
                "NAS",
                Version,
                action,
                parameters,
                isWrite
                    ? new RamRule(
                        $"nas:{action}",
                        call => $"acs:nas:{call.Region}:{call.AccountId}:filesystem/{call.Text("FileSystemId")}"
                    )
                    : new RamRule($"nas:{action}"),
                isWrite,
                run
            );
    }

    private static JObject Regions(ApiCall call)
    {
        var page = Pages.ByNumber(call, Offered.Ids, 10, 100);
        return Paged(
            page,
            "Regions",
            "Region",
            id => new JObject
            {
                ["RegionId"] = id,
                ["LocalName"] = id,
                ["RegionEndpoint"] = $"nas.{id}.aliyuncs.com",
            }
        );
    }

    private JObject DescribeFileSystems(ApiCall call)
    {
        Offered.Demand(call);
        var filter = ResourceTags.Of(call);
        var rows = Mine(call).Where(one => IsOfType(call, one) && ResourceTags.Match(one.Tags, filter)).ToList();
        if (call.Optional("FileSystemId") is { } id)
        {
            rows = rows.FindAll(one => one.Id == id);
            if (rows.Count == 0)
            {
                throw Missing(id);
            }
        }
        return Paged(
            Pages.ByNumber(call, rows, 10, 100),
            "FileSystems",
            "FileSystem",
            one => new JObject
            {
                ["FileSystemId"] = one.Id,
                ["Description"] = one.Name,
                ["RegionId"] = one.Region,
                ["FileSystemType"] = one.Type,
                ["ProtocolType"] = one.Protocol,
                ["Status"] = one.Status.At(call.Now),
                ["ChargeType"] = "PayAsYouGo",
                ["CreateTime"] = ResourceTags.Iso(one.CreatedAt),
                ["ResourceGroupId"] = "rg-default",
                ["Tags"] = ResourceTags.Json(one.Tags),
            }
        );
    }

    private JObject DescribeLogAnalysis(ApiCall call)
    {
        Offered.Demand(call);
        var rows = Mine(call).Where(one => one.Place is not null && IsOfType(call, one)).ToList();
        return Paged(
            Pages.ByNumber(call, rows, 10, 100),
            "Analyses",
            "Analysis",
            one => new JObject
            {
                ["MetaKey"] = one.Id,
                ["MetaValue"] = new JObject
                {
                    ["Project"] = one.Place!.Value.Project,
                    ["Logstore"] = one.Place!.Value.Logstore,
                    ["Region"] = one.Region,
                    ["RoleArn"] = $"acs:ram::{one.Account}:role/{Role.ToLowerInvariant()}",
                },
            }
        );
    }

    private JObject CreateLogAnalysis(ApiCall call)
    {
        var one = Own(call);
        if (one.IsParallel)
        {
            throw new CloudError(
                400,
                "InvalidFilesystemType.NotSupport",
                $"A file system of the type {one.Type} is not supported."
            );
        }
        if (one.Status.At(call.Now) is not "Running")
        {
            throw new CloudError(
                400,
                "InvalidFileSystemStatus.Ordering",
                $"The file system is {one.Status.At(call.Now)}."
            );
        }
        if (one.Place is not null)
        {
            // The code is not documented (assumed).
            throw new CloudError(400, "LogAnalysis.AlreadyExist", "The log analysis exists already.");
        }
        DemandRole(call);
        Analyse(one);
        call.Touched.Add((ResourceType, one.Id));
        return [];
    }

    private JObject DeleteLogAnalysis(ApiCall call)
    {
        var one = Own(call);
        // The project and its logs stay. The code is assumed.
        _ = one.Place ?? throw new CloudError(404, "LogAnalysis.NotFound", "The file system has no log analysis.");
        one.Place = null;
        call.Touched.Add((ResourceType, one.Id));
        return [];
    }

    /// <summary>Makes the role that delivers, with the rights of the caller.</summary>
    private static void DemandRole(ApiCall call)
    {
        if (call.Account.Roles.ContainsKey(Role))
        {
            return;
        }
        try
        {
            call.Demand(
                "ram:CreateServiceLinkedRole",
                $"acs:ram::{call.AccountId}:role/*",
                new KeyValuePair<string, string>("ram:ServiceName", RoleService)
            );
        }
        catch (CloudError)
        {
            throw new CloudError(
                400,
                "SubAccount.NoLogSLRPermission",
                $"The caller may not create the role {Role}; ram:CreateServiceLinkedRole is missing."
            );
        }
        call.Account.AddServiceLinkedRole(Role, RoleService);
    }

    private static JObject Paged<T>(Page<T> page, string list, string row, Func<T, JToken> json) =>
        new()
        {
            [list] = new JObject { [row] = page.Json(json) },
            ["TotalCount"] = page.Total,
            ["PageNumber"] = page.Number,
            ["PageSize"] = page.Size,
        };

    private IEnumerable<FileSystem> Mine(ApiCall call) =>
        _systems
            .Values.Where(one => one.Account == call.AccountId && one.Region == call.Region)
            .OrderBy(one => one.Id, StringComparer.Ordinal);

    private FileSystem Own(ApiCall call)
    {
        Offered.Demand(call);
        var id = call.Text("FileSystemId");
        return Mine(call).FirstOrDefault(one => one.Id == id) ?? throw Missing(id);
    }

    private static bool IsOfType(ApiCall call, FileSystem one) =>
        call.Optional("FileSystemType") is null or "all"
        || call.Text("FileSystemType").Split(',').Contains(one.Type, StringComparer.Ordinal);

    private static CloudError Missing(string id) =>
        new(404, "InvalidFileSystem.NotFound", $"The specified file system {id} does not exist.");
}
