using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>What the flow-log actions do.</summary>
internal sealed partial class Vpc
{
    private JObject DescribeFlowLogs(ApiCall call)
    {
        Offered.Demand(call);
        var filter = ResourceTags.Of(call, "Tags");
        var rows = MyLogs(call)
            .Where(l =>
                Is(call, "FlowLogId", l.Id)
                && Is(call, "FlowLogName", l.Name)
                && Is(call, "Status", l.Status.At(call.Now))
            )
            .Where(l =>
                Is(call, "ResourceType", l.ResourceType)
                && Is(call, "ResourceId", l.ResourceId)
                && Is(call, "TrafficType", l.TrafficType)
            )
            .Where(l =>
                Is(call, "ProjectName", l.Place.Project)
                && Is(call, "LogStoreName", l.Place.Logstore)
                && Is(call, "VpcId", l.ResourceId)
            )
            .Where(l => ResourceTags.Match(l.Tags, filter))
            .OrderBy(l => l.CreatedAt)
            .ToList();
        var page = Pages.ByNumber(call, rows, 20, 50);
        // These four are texts. Source: vpc reference, section 5.
        return new JObject
        {
            ["FlowLogs"] = new JObject { ["FlowLog"] = page.Json(l => Summary(l, call.Now)) },
            ["PageNumber"] = Text(page.Number),
            ["PageSize"] = Text(page.Size),
            ["TotalCount"] = Text(page.Total),
            ["Success"] = "true",
        };
    }

    private JObject CreateFlowLog(ApiCall call)
    {
        Offered.Demand(call);
        var place = new LogPlace(call.Optional("ProjectName") ?? "", call.Optional("LogStoreName") ?? "");
        var resource = call.Text("ResourceId");
        DemandValid(call, place);
        if (call.Text("ResourceType") is "VPC")
        {
            call.Demand("vpc:CreateFlowLog", $"acs:vpc:{call.Region}:{call.AccountId}:vpc/{resource}");
        }
        if (call.Text("ResourceType") is "VPC" && Mine(call).FirstOrDefault(n => n.Id == resource) is not { } network)
        {
            throw new CloudError(
                404,
                "InvalidResourceId.NotFound",
                $"The specified resource {resource} does not exist."
            );
        }
        else if (call.Text("ResourceType") is "VPC" && _networks[resource].Status.At(call.Now) is "Pending")
        {
            throw new CloudError(400, "IncorrectStatus", $"The status of {resource} does not allow this.");
        }
        DemandFree(call);
        // The codes of the next three were not readable (assumed).
        if (!_serviceOpen.Contains(call.AccountId))
        {
            throw new CloudError(400, "OperationDenied.FlowLogServiceNotOpen", "The flow log service is not opened.");
        }
        if (_networks.TryGetValue(resource, out var found) && WhyNot(found) is { } why)
        {
            throw new CloudError(
                400,
                "OperationUnsupported.InstanceFamily",
                $"A flow log is not supported here: {why}."
            );
        }
        if (MyLogs(call).Count() >= Quota)
        {
            throw new CloudError(
                400,
                "QuotaExceeded.FlowLog",
                $"The quota of {Quota} flow logs in a region is used up."
            );
        }
        var log = new FlowLog(call.AccountId, call.Region, $"fl-{_cloud.NextHex(18)}", resource, call.Now)
        {
            Name = call.Optional("FlowLogName") ?? "",
            Description = call.Optional("Description") ?? "",
            ResourceType = call.Text("ResourceType"),
            TrafficType = call.Text("TrafficType"),
            IpVersion = call.Optional("IpVersion") ?? "IPv4",
            AggregationMinutes = call.Integer("AggregationInterval") ?? 10,
            Place = place,
        };
        foreach (var (key, value) in ResourceTags.Of(call))
        {
            log.Tags[key] = value;
        }
        log.Status.Become("Activating", "Active", call.Now + _cloud.Delays.Of(_activation));
        _flowLogs.Add(log.Id, log);
        call.Touched.Add((FlowLogType, log.Id));
        call.Touched.Add((VpcType, resource));
        return new JObject { ["FlowLogId"] = log.Id, ["Success"] = "true" };
    }

    private void DemandValid(ApiCall call, LogPlace place)
    {
        static CloudError Bad(string name) =>
            new(400, $"InvalidParameter.{name}", $"The specified parameter {name} is not valid.");
        if (call.Text("ResourceType") is not ("VPC" or "VSwitch" or "NetworkInterface"))
        {
            throw Bad("ResourceType");
        }
        if (call.Text("TrafficType") is not ("All" or "Allow" or "Drop"))
        {
            throw Bad("TrafficType");
        }
        if (call.Integer("AggregationInterval") is not (null or 1 or 5 or 10))
        {
            throw Bad("AggregationInterval");
        }
        if (call.Optional("IpVersion") is not (null or "IPv4" or "DualStack"))
        {
            throw Bad("IpVersion");
        }
        // The project must be in the account and region of the VPC (doc; the account is assumed). Codes assumed.
        var storage = _cloud.Services.Get<ILogStorage>();
        if (
            storage.FindProject(place.Project) is not { } project
            || project.AccountId != call.AccountId
            || project.Region != call.Region
        )
        {
            throw new CloudError(
                404,
                "ResourceNotFound.ProjectName",
                $"The specified project {place.Project} does not exist in this region."
            );
        }
        if (!storage.LogstoreExists(place.Project, place.Logstore))
        {
            throw new CloudError(
                404,
                "ResourceNotFound.LogStoreName",
                $"The specified Logstore {place.Logstore} does not exist."
            );
        }
    }

    /// <summary>Refuses a write while another one of the same account and region is still under way.</summary>
    private void DemandFree(ApiCall call)
    {
        var key = (call.AccountId, call.Region);
        if (_busyUntil.TryGetValue(key, out var until) && call.Now < until)
        {
            throw new CloudError(400, "TaskConflict", "The operation conflicts with another task of the resource.");
        }
        _busyUntil[key] = call.Now + _cloud.Delays.Of(_task);
    }

    private JObject Switch(ApiCall call, string from, string meanwhile, string to)
    {
        var log = OwnLog(call);
        if (log.Status.Changing(call.Now) || (log.Status.At(call.Now) != from && log.Status.At(call.Now) != to))
        {
            throw new CloudError(400, "IncorrectStatus.flowlog", $"The status of {log.Id} does not allow this.");
        }
        DemandFree(call);
        if (log.Status.At(call.Now) == from)
        {
            log.Status.Become(meanwhile, to, call.Now + _cloud.Delays.Of(_activation));
        }
        return new JObject { ["Success"] = "true" };
    }

    private JObject ModifyFlowLog(ApiCall call)
    {
        var log = OwnLog(call);
        DemandFree(call);
        log.Name = call.Optional("FlowLogName") ?? log.Name;
        log.Description = call.Optional("Description") ?? log.Description;
        log.IpVersion = call.Optional("IpVersion") ?? log.IpVersion;
        log.AggregationMinutes = call.Integer("AggregationInterval") ?? log.AggregationMinutes;
        return new JObject { ["Success"] = "true" };
    }

    private JObject DeleteFlowLog(ApiCall call)
    {
        var log = OwnLog(call);
        DemandFree(call);
        _flowLogs.Remove(log.Id);
        return new JObject { ["Success"] = "true" };
    }

    private JObject OpenFlowLogService(ApiCall call)
    {
        DemandFree(call);
        OpenService(call.AccountId);
        return new JObject { ["Code"] = "200", ["Message"] = "successful" };
    }

    private FlowLog OwnLog(ApiCall call)
    {
        var log =
            MyLogs(call).FirstOrDefault(l => l.Id == call.Text("FlowLogId"))
            ?? throw new CloudError(
                404,
                "InvalidFlowLogId.NotFound",
                $"The specified flow log {call.Text("FlowLogId")} does not exist."
            );
        call.Touched.Add((FlowLogType, log.Id));
        return log;
    }

    private IEnumerable<FlowLog> MyLogs(ApiCall call) =>
        _flowLogs.Values.Where(l => l.Account == call.AccountId && l.Region == call.Region);
}
