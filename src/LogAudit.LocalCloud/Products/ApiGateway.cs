using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

/// <summary>API Gateway: API groups, and the one log slot of each account and region.</summary>
/// <remarks>Written from the apigateway reference and the metadata of CloudAPI 2016-07-14. No error code is documented: all of them are assumed.</remarks>
internal sealed class ApiGateway : IPart, ILocalProduct
{
    private const string Version = "2016-07-14";
    private const string GroupType = "ACS::ApiGateway::ApiGroup";
    private const string Role = "AliyunServiceRoleForApiGatewayLogDelivery";
    private const string RoleService = "logdelivery.apigateway.aliyuncs.com";

    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Account, string Region), LogPlace> _slots = [];
    private Cloud _cloud = null!;

    public string Product => "apigateway";

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        RegisterApi(cloud);
        cloud.Services.Get<LocalProducts>().Add(this);
    }

    public void Seed(ScenarioResource resource)
    {
        var group = new Group(resource.Account, resource.Region, resource.Id, resource.Name);
        if (!_groups.TryAdd(resource.Id, group))
        {
            throw new InvalidOperationException($"There is an API group {resource.Id} already.");
        }
        if (resource.Properties.TryGetValue("slot", out var text))
        {
            var place = text.Split('/') is [var project, var logstore]
                ? new LogPlace(project, logstore)
                : throw new InvalidOperationException($"slot is project/logstore, not {text}.");
            OwnStore.Ensure(_cloud, resource.Account, resource.Region, place, 30);
            _slots[(resource.Account, resource.Region)] = place;
        }
    }

    public void SwitchOn(ScenarioResource resource, LogPlace place) =>
        _slots[(resource.Account, resource.Region)] = place;

    public IReadOnlyList<Deed> Do(ScenarioChange change)
    {
        var resource = change.Resource;
        switch (change.Do)
        {
            case "create":
                Seed(resource);
                return
                [
                    new Deed(
                        "ApiGateway",
                        "CreateApiGroup",
                        new JObject { ["RegionId"] = resource.Region, ["GroupName"] = resource.Name },
                        new JObject { ["GroupId"] = resource.Id },
                        (GroupType, resource.Id)
                    ),
                ];
            case "delete":
                if (!_groups.Remove(resource.Id))
                {
                    throw new InvalidOperationException($"There is no API group {resource.Id}.");
                }
                return [Deed("DeleteApiGroup", resource, ("GroupId", resource.Id))];
            case "switchOff":
                _slots.Remove((resource.Account, resource.Region));
                return [Deed("DeleteLogConfig", resource, ("LogType", "PROVIDER"))];
            default:
                throw new InvalidOperationException($"'{change.Do}' cannot be done to an API group.");
        }
    }

    // The slot is the region's: all groups there log, or none.
    public IEnumerable<LoggingState> Logging() =>
        _groups
            .Values.Select(group => (group.Account, group.Region))
            .Distinct()
            .Select(slot => new LoggingState(
                new ResourceKey("apigateway", slot.Account, slot.Region, slot.Region),
                "access",
                Offered.LacksLogs("apigateway", slot.Region) ? $"access logs are not offered in {slot.Region}" : null,
                _slots.TryGetValue(slot, out var place) ? [place] : []
            ));

    public IEnumerable<LogSource> Sources() =>
        from one in _groups.Values
        where _slots.ContainsKey((one.Account, one.Region))
        select new LogSource(
            new ResourceKey("apigateway", one.Account, one.Region, one.Region),
            "access",
            _slots[(one.Account, one.Region)],
            (at, marker, dice) => ApiGatewayRecords.Access(one.Account, one.Region, one.Id, one.Name, at, marker, dice)
        );

    private void RegisterApi(Cloud cloud)
    {
        // No call takes the region: the host decides. Source: apigateway reference, section 1.
        cloud.Api.Hosts("CloudAPI", "apigateway.{region}.aliyuncs.com", "apigateway-vpc.{region}.aliyuncs.com");
        Add(
            "DescribeApiGroups",
            [
                .. "BasePath GroupId GroupName InstanceId Sort".Split(' ').Select(Text),
                Boolean("EnableTagAuth"),
                Integer("PageNumber"),
                Integer("PageSize"),
                List("Tag"),
            ],
            isWrite: false,
            DescribeGroups
        );
        Add("DescribeLogConfig", [Text("LogType")], isWrite: false, DescribeSlot);
        ApiParameter[] place = [Text("LogType"), RequiredText("SlsProject"), RequiredText("SlsLogStore")];
        Add("CreateLogConfig", [.. place, Boolean("CreateSlr")], isWrite: true, Create);
        Add("ModifyLogConfig", place, isWrite: true, call => Fill(call, mustBeThere: true));
        Add("DeleteLogConfig", [Text("LogType")], isWrite: true, Delete);

        void Add(string action, IReadOnlyList<ApiParameter> parameters, bool isWrite, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc(
                "CloudAPI",
                Version,
                action,
                parameters,
                new RamRule($"apigateway:{action}"),
                isWrite,
                call =>
                {
                    Offered.Demand(call);
                    return run(call);
                }
            );
    }

    private JObject DescribeGroups(ApiCall call)
    {
        var rows = _groups
            .Values.Where(one => one.Account == call.AccountId && one.Region == call.Region)
            .Where(one => call.Optional("GroupId") is not { } id || one.Id == id)
            .Where(one => call.Optional("GroupName") is not { } name || one.Name == name)
            .OrderBy(one => one.Id, StringComparer.Ordinal)
            .ToList();
        var page = Pages.ByNumber(call, rows, 10, 50);
        return new JObject
        {
            ["ApiGroupAttributes"] = new JObject
            {
                ["ApiGroupAttribute"] = page.Json(one => new JObject
                {
                    ["GroupId"] = one.Id,
                    ["GroupName"] = one.Name,
                    ["RegionId"] = one.Region,
                    ["InstanceId"] = "api-shared-vpc-001",
                    ["InstanceType"] = "VPC_SHARED",
                    ["BillingStatus"] = "NORMAL",
                    ["IllegalStatus"] = "NORMAL",
                }),
            },
            ["TotalCount"] = page.Total,
            ["PageNumber"] = page.Number,
            ["PageSize"] = page.Size,
        };
    }

    private JObject DescribeSlot(ApiCall call)
    {
        DemandType(call);
        var rows = new JArray();
        if (_slots.TryGetValue((call.AccountId, call.Region), out var place))
        {
            rows.Add(
                new JObject
                {
                    ["LogType"] = "PROVIDER",
                    ["RegionId"] = call.Region,
                    ["SlsProject"] = place.Project,
                    ["SlsLogStore"] = place.Logstore,
                }
            );
        }
        return new JObject { ["LogInfos"] = new JObject { ["LogInfo"] = rows } };
    }

    private JObject Create(ApiCall call)
    {
        if (!call.Account.Roles.ContainsKey(Role))
        {
            if (call.Boolean("CreateSlr") is not true)
            {
                throw new CloudError(400, "SLRNotExist", $"The role {Role} does not exist.");
            }
            call.Demand(
                "ram:CreateServiceLinkedRole",
                $"acs:ram::{call.AccountId}:role/*",
                new KeyValuePair<string, string>("ram:ServiceName", RoleService)
            );
            call.Account.AddServiceLinkedRole(Role, RoleService);
        }
        return Fill(call, mustBeThere: false);
    }

    /// <summary>Names a project and Logstore of the account and region in the slot.</summary>
    private JObject Fill(ApiCall call, bool mustBeThere)
    {
        DemandType(call);
        var slot = (call.AccountId, call.Region);
        if (_slots.ContainsKey(slot) != mustBeThere)
        {
            throw mustBeThere
                ? new CloudError(404, "LogConfigNotFound", "There is no log configuration in this region.")
                : new CloudError(400, "LogConfigAlreadyExists", "The region has a log configuration already.");
        }
        var place = new LogPlace(call.Text("SlsProject"), call.Text("SlsLogStore"));
        var storage = _cloud.Services.Get<ILogStorage>();
        if (
            storage.FindProject(place.Project) is not { } project
            || project.AccountId != call.AccountId
            || project.Region != call.Region
            || !storage.LogstoreExists(place.Project, place.Logstore)
        )
        {
            throw new CloudError(
                400,
                "InvalidLogConfig",
                $"There is no Logstore {place.Project}/{place.Logstore} in this account and region."
            );
        }
        _slots[slot] = place;
        return [];
    }

    private JObject Delete(ApiCall call)
    {
        DemandType(call);
        return _slots.Remove((call.AccountId, call.Region))
            ? []
            : throw new CloudError(404, "LogConfigNotFound", "There is no log configuration in this region.");
    }

    private static void DemandType(ApiCall call)
    {
        if (call.Optional("LogType") is { } type and not "PROVIDER")
        {
            throw new CloudError(400, "InvalidParameter", $"The specified LogType {type} is not valid.");
        }
    }

    private static Deed Deed(string name, ScenarioResource resource, (string Name, string Value) parameter) =>
        new(
            "ApiGateway",
            name,
            new JObject { ["RegionId"] = resource.Region, [parameter.Name] = parameter.Value },
            [],
            (GroupType, resource.Id)
        );

    private sealed record Group(string Account, string Region, string Id, string Name);
}
