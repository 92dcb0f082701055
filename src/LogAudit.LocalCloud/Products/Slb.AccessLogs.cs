using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>What the actions of the access-log attribute do.</summary>
internal sealed partial class Slb
{
    private JObject DescribeAttributes(ApiCall call)
    {
        Offered.Demand(call);
        if (call.Optional("LogType") is { } type and not "layer7")
        {
            throw new CloudError(400, "InvalidParameter", $"The specified LogType {type} is not supported.");
        }
        var rows = Mine(call).Where(b => b.LogsTo is not null && Is(call, "LoadBalancerId", b.Id)).ToList();
        var page = Pages.ByNumber(call, rows, 10, 50);
        return new JObject
        {
            ["LogsDownloadAttributes"] = new JObject
            {
                ["LogsDownloadAttribute"] = page.Json(b => new JObject
                {
                    ["LoadBalancerId"] = b.Id,
                    ["LogProject"] = b.LogsTo!.Value.Project,
                    ["LogStore"] = b.LogsTo!.Value.Logstore,
                    ["LogType"] = "layer7",
                    ["Region"] = b.Region,
                }),
            },
            ["PageNumber"] = page.Number,
            ["PageSize"] = page.Size,
            ["Count"] = page.Rows.Count,
            ["TotalCount"] = page.Total,
        };
    }

    private JObject SetAttributes(ApiCall call)
    {
        foreach (var (balancer, place) in Rules(call))
        {
            // LogProject is only a name: it must be in the account and region of the instance.
            // Source: slb reference, section 3.
            var storage = _cloud.Services.Get<ILogStorage>();
            if (
                storage.FindProject(place.Project) is not { } project
                || project.AccountId != balancer.Account
                || project.Region != balancer.Region
            )
            {
                throw new CloudError(
                    400,
                    "InvalidProject.NotExist",
                    $"The specified project {place.Project} does not exist."
                );
            }
            if (!storage.LogstoreExists(place.Project, place.Logstore))
            {
                // Code assumed by analogy with InvalidProject.NotExist.
                throw new CloudError(
                    400,
                    "InvalidLogStore.NotExist",
                    $"The specified Logstore {place.Logstore} does not exist."
                );
            }
            if (balancer.LogsTo is not null)
            {
                throw new CloudError(400, "Operation.NotAllowed", "AccessLogDownloadAttribute already exists");
            }
            balancer.LogsTo = place;
            call.Touched.Add((ResourceType, balancer.Id));
        }
        return [];
    }

    private JObject DeleteAttributes(ApiCall call)
    {
        foreach (var (balancer, place) in Rules(call))
        {
            if (balancer.LogsTo != place)
            {
                // Code assumed; the page names none.
                throw new CloudError(400, "Operation.NotAllowed", "AccessLogDownloadAttribute does not exist");
            }
            balancer.LogsTo = null;
            call.Touched.Add((ResourceType, balancer.Id));
        }
        return [];
    }

    /// <summary>The rules of <c>LogsDownloadAttributes</c>, a JSON array; the page writes the project's key in both ways.</summary>
    private List<(LoadBalancer Balancer, LogPlace Place)> Rules(ApiCall call)
    {
        Offered.Demand(call);
        JArray rows;
        try
        {
            rows = JArray.Parse(call.Text("LogsDownloadAttributes"));
        }
        catch (JsonException)
        {
            throw Malformed();
        }
        return rows.Count == 0 ? throw Malformed() : [.. rows.Select(Rule)];

        (LoadBalancer, LogPlace) Rule(JToken row)
        {
            var fields = row as JObject ?? throw Malformed();
            var project = (string?)fields["LogProject"] ?? (string?)fields["logProject"];
            var logstore = (string?)fields["LogStore"];
            var id = (string?)fields["LoadBalancerId"] ?? call.Optional("LoadBalancerId");
            return
                project is null
                || logstore is null
                || id is null
                || (string?)fields["LogType"] is not (null or "layer7")
                ? throw Malformed()
                : (Balancer(call, id), new LogPlace(project, logstore));
        }

        static CloudError Malformed() =>
            new(400, "InvalidParameter", "The specified parameter LogsDownloadAttributes is not valid.");
    }
}
