using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

/// <summary>An account with trails.</summary>
internal sealed class TrailCloud
{
    public const string Central =
        "acs:log:cn-hangzhou:1000000000000001:project/logaudit-center-1000000000000001-cn-hangzhou";

    public TrailCloud(AccountsMode mode = AccountsMode.Directory)
    {
        Cloud = new Cloud(options => options with { Accounts = mode });
        Cloud
            .Exchanges.On(
                "DescribeTrails",
                request =>
                {
                    var rows = Trails.Where(trail =>
                        (request["NameList"] is "" || (string?)trail["Name"] == request["NameList"])
                        && (request["IncludeOrganizationTrail"] is "true" || !(bool)trail["IsOrganizationTrail"]!)
                    );
                    return Reply.Json(new JObject { ["TrailList"] = new JArray(rows) }.ToString());
                }
            )
            .On(
                "GetTrailStatus",
                _ => Reply.Json($$"""{"IsLogging":true,"LatestDeliveryLogServiceError":"{{DeliveryError}}"}""")
            )
            .On("CreateTrail", Create)
            .On("UpdateTrail", request => Done(() => Take(Find(request), request)))
            .On("StartLogging", request => Done(() => Find(request)["Status"] = "Enable"))
            .On("StopLogging", request => Done(() => Find(request)["Status"] = "Disable"))
            .On("DeleteTrail", request => Done(() => Trails.Remove(Find(request))));
    }

    public Cloud Cloud { get; }

    public Exchanges Exchanges => Cloud.Exchanges;

    public List<JObject> Trails { get; } = [];

    public string DeliveryError { get; set; } = "";

    public static LogTarget Target { get; } =
        new(
            Cloud.Account,
            Cloud.Region,
            new ProjectName("logaudit-center-1000000000000001-cn-hangzhou"),
            new LogstoreName("actiontrail_logaudit")
        );

    public JObject Add(string name, string arn = Central, bool organisation = true, string status = "Enable")
    {
        var trail = new JObject
        {
            ["Name"] = name,
            ["HomeRegion"] = "cn-hangzhou",
            ["TrailRegion"] = "All",
            ["IsOrganizationTrail"] = organisation,
            ["EventRW"] = "All",
            ["SlsProjectArn"] = arn,
            ["SlsWriteRoleArn"] = "acs:ram::1000000000000001:role/AliyunServiceRoleForActionTrail",
            ["Status"] = status,
        };
        Trails.Add(trail);
        return trail;
    }

    public async Task<Observed> ObserveAsync(AccountId? account = null) =>
        Assert
            .Single(
                await Cloud.ObserveAsync(
                    "actiontrail",
                    "events",
                    Target,
                    new Scope(account ?? Cloud.Account, Cloud.Region)
                )
            )
            .Value;

    private Reply Create(SeenRequest request) =>
        Done(() =>
            Take(Add(request["Name"], organisation: request["IsOrganizationTrail"] == "true", status: "Fresh"), request)
        );

    // What the service fills in where a call says nothing: writes only, on an update.
    private static void Take(JObject trail, SeenRequest request)
    {
        trail["SlsProjectArn"] = request["SlsProjectArn"];
        trail["EventRW"] = request["EventRW"] is "" ? "Write" : request["EventRW"];
        trail["TrailRegion"] = request["TrailRegion"];
        trail["SlsWriteRoleArn"] = request["SlsWriteRoleArn"] is ""
            ? trail["SlsWriteRoleArn"]
            : request["SlsWriteRoleArn"];
    }

    private JObject Find(SeenRequest request) => Trails.Single(trail => (string?)trail["Name"] == request["Name"]);

    private static Reply Done(Action change)
    {
        change();
        return Reply.Json("""{"RequestId":"R"}""");
    }
}
