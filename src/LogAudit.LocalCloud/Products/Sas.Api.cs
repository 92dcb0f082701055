using System.Globalization;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

internal sealed partial class Sas
{
    private const string Version = "2018-12-03";

    private static readonly Dictionary<string, int> Editions = new(StringComparer.Ordinal)
    {
        ["Free"] = 1,
        ["Enterprise"] = 3,
        ["Advanced"] = 5,
        ["AntiVirus"] = 6,
        ["Ultimate"] = 7,
    };

    private void RegisterApi(Cloud cloud)
    {
        cloud.Api.Hosts("Sas", "tds.aliyuncs.com", "tds.{region}.aliyuncs.com");
        Rpc("DescribeVersionConfig", [Text("SourceIp")], isWrite: false, DescribeVersion);
        Rpc("DescribeLogShipperStatus", [Text("From")], isWrite: false, DescribeShipper);
        Rpc("DescribeLogMeta", [Text("From"), Text("Lang"), Text("SourceIp")], isWrite: false, DescribeLogs);
        Rpc("GetLogMeta", [RequiredText("LogStore")], isWrite: false, GetLog);
        Rpc("DescribeLogstoreStorage", [RequiredText("From"), Text("Lang")], isWrite: false, DescribeStorage);
        Rpc("DescribeServiceLinkedRoleStatus", [Text("ServiceLinkedRole")], isWrite: false, DescribeRole);
        Rpc("ModifyOpenLogShipper", [Text("From")], isWrite: true, OpenShipper);
        Rpc(
            "ModifyLogMetaStatus",
            [RequiredText("LogStore"), RequiredText("Status"), Text("From"), Text("Project")],
            isWrite: true,
            SwitchLog
        );
        Rpc("ResetLogShipper", [Integer("Ttl"), Integer("HotTtl"), List("LogMetaList")], isWrite: true, ResetShipper);

        void Rpc(string action, IReadOnlyList<ApiParameter> parameters, bool isWrite, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc("Sas", Version, action, parameters, new RamRule($"yundun-sas:{action}"), isWrite, run);
    }

    private JObject DescribeVersion(ApiCall call)
    {
        var mine = Mine(call);
        return new JObject
        {
            // An account without a subscription is on the free edition (its empty id is assumed).
            ["InstanceId"] = mine?.Id ?? "",
            ["Version"] = mine?.Version ?? 1,
            ["HighestVersion"] = mine?.Version ?? 1,
            ["SasLog"] = mine?.Buys is "bought" ? 1 : 0,
            ["SlsCapacity"] = mine?.Buys is "bought" ? 1000 : 0,
            ["IsPostpay"] = mine?.Buys is "payAsYouGo",
        };
    }

    private JObject DescribeShipper(ApiCall call)
    {
        var mine = Mine(call);
        return new JObject
        {
            ["LogShipperStatus"] = new JObject
            {
                ["AuthStatus"] = YesNo(mine?.IsAuthorised),
                ["BuyStatus"] = YesNo(mine is { Buys: "bought", HasLogAnalysis: true }),
                ["OpenStatus"] = YesNo(mine?.IsOpen),
                ["SlsServiceStatus"] = "yes",
                ["SlsProjectStatus"] = mine is { IsOpen: true } && IsThere(mine) ? "Normal" : "Disable",
                ["PostPaidOpenStatus"] = YesNo(mine?.Buys is "payAsYouGo"),
                ["PostPaidSupportStatus"] = "yes",
                ["EtlMetaVersion"] = "SAS_V1",
            },
        };
    }

    private JObject DescribeLogs(ApiCall call)
    {
        // Without From it speaks of the older product aegis, which nobody has here.
        var rows =
            call.Optional("From") is "sas" && Mine(call) is { } mine
                ? mine.Logs.Select(log => Row(mine, log.Key, log.Value.At(call.Now))).ToList()
                : [];
        return new JObject { ["TotalCount"] = rows.Count, ["LogMetaList"] = new JArray(rows) };
    }

    private JObject GetLog(ApiCall call)
    {
        var (mine, log) = Log(call);
        return new JObject { ["LogMeta"] = Row(mine, call.Text("LogStore"), log.At(call.Now)) };
    }

    private JObject DescribeStorage(ApiCall call) =>
        Mine(call) is { IsOpen: true } mine
            ? new JObject
            {
                ["Preserve"] = mine.Buys is "bought" ? 1000 : 0,
                ["Used"] = 1,
                ["Ttl"] = mine.Days,
                ["UserProject"] = mine.Place.Project,
                ["Logstore"] = mine.Place.Logstore,
            }
            : throw Unusable("log analysis is not opened");

    private JObject DescribeRole(ApiCall call) =>
        new() { ["RoleStatus"] = new JObject { ["Status"] = Mine(call)?.IsAuthorised is true } };

    private JObject OpenShipper(ApiCall call)
    {
        var mine = Mine(call);
        Open(
            mine is { HasLogAnalysis: true, IsAuthorised: true } ? mine
            : mine?.HasLogAnalysis is true ? throw Unusable("the service-linked role is missing")
            : throw Unusable("log analysis is not bought")
        );
        return [];
    }

    private JObject SwitchLog(ApiCall call)
    {
        var (mine, log) = Log(call);
        if (call.Text("Status") is not ("enabled" or "disabled"))
        {
            throw new CloudError(400, "InvalidParameter", "Status is enabled or disabled.");
        }
        if (!mine.IsOpen)
        {
            throw Unusable("log analysis is not opened");
        }
        log.Become(log.At(call.Now), call.Text("Status"), call.Now + call.Cloud.Delays.Of(_switching));
        return [];
    }

    private JObject ResetShipper(ApiCall call)
    {
        if (Mine(call) is not { Buys: "payAsYouGo", IsOpen: true } mine)
        {
            throw Unusable("the retention of bought log storage is fixed");
        }
        mine.Days = call.Integer("Ttl", mine.Days, 7, 3650);
        if (call.Integer("HotTtl") is { } hot && (hot < 7 || hot >= mine.Days))
        {
            throw new CloudError(400, "InvalidParameter", "HotTtl is at least 7 and less than Ttl.");
        }
        return [];
    }

    private static JObject Row(Subscription mine, string log, string status) =>
        new()
        {
            ["LogStore"] = log,
            ["Topic"] = log,
            ["LogDesc"] = log,
            ["Category"] = log.StartsWith("aegis-", StringComparison.Ordinal) ? "host" : "security",
            ["Status"] = status,
            ["Ttl"] = mine.Days,
            ["Project"] = "sas",
            ["UserProject"] = mine.IsOpen ? mine.Place.Project : "",
            ["UserLogStore"] = mine.IsOpen ? mine.Place.Logstore : "",
            ["UserRegion"] = mine.IsOpen ? mine.Site : "",
        };

    // The network group ended on 2025-03-27: its four switches are not listed and cannot be set (the code is assumed).
    private (Subscription Mine, Phase Log) Log(ApiCall call) =>
        Mine(call) is not { HasLogAnalysis: true } mine ? throw Unusable("log analysis is not bought")
        : mine.Logs.TryGetValue(call.Text("LogStore"), out var log) ? (mine, log)
        : throw new CloudError(400, "InvalidLogStore", $"The log {call.Text("LogStore")} is not supported.");

    private bool IsThere(Subscription mine) =>
        _cloud.Services.Get<ILogStorage>().LogstoreExists(mine.Place.Project, mine.Place.Logstore);

    /// <summary>The site is told by the host alone: that of ap-southeast-1, or the mainland's under two names.</summary>
    private Subscription? Mine(ApiCall call) =>
        _subscriptions.GetValueOrDefault(
            (call.AccountId, call.Host.Region is "ap-southeast-1" ? "ap-southeast-1" : "cn-hangzhou")
        );

    // No error code is documented on the pages read; this one is assumed.
    private static CloudError Unusable(string why) =>
        new(400, "LogShipperNotReady", string.Create(CultureInfo.InvariantCulture, $"The request was refused: {why}."));

    private static string YesNo(bool? so) => so is true ? "yes" : "no";
}
