using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

internal sealed partial class Dns
{
    private void RegisterApi(Cloud cloud)
    {
        cloud.Api.Hosts("pvtz", "pvtz.aliyuncs.com");
        cloud.Api.Hosts("Alidns", "alidns.aliyuncs.com", "alidns.{region}.aliyuncs.com");
        Zone(
            "DescribeUserServiceStatus",
            [Text("Lang")],
            call => new JObject { ["Status"] = ServiceOf(call.AccountId) }
        );
        Zone("DescribeZoneVpcTree", [Text("Lang")], ZoneTree);
        Public(
            "DescribeDomains",
            [.. Texts("GroupId KeyWord Lang ResourceGroupId SearchMode"), Boolean("Starmark"), .. Paged(Long)],
            Domains
        );
        Public(
            "ListCloudGtmInstanceConfigs",
            [
                .. Texts("AcceptLanguage ClientToken EnableStatus InstanceId ScheduleDomainName ScheduleZoneName"),
                .. Paged(Integer),
            ],
            GtmConfigs
        );
        Public(
            "SetCloudGtmInstanceConfigLogSwitch",
            [RequiredText("ConfigId"), RequiredText("Status"), .. Texts("InstanceId ClientToken")],
            SetGtmLog,
            isWrite: true
        );

        Public(
            "DescribeInternetDnsLogs",
            [
                .. Texts("DomainName Lang Module QueryCondition RecursionProtocolType"),
                Long("AccountId"),
                Long("StartTimestamp"),
                Long("EndTimestamp"),
                Boolean("PreciseSort"),
                .. Paged(Integer),
            ],
            InternetLogs
        );

        void Zone(string action, IReadOnlyList<ApiParameter> parameters, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc("pvtz", "2018-01-01", action, parameters, new RamRule($"pvtz:{action}"), false, run);

        void Public(
            string action,
            IReadOnlyList<ApiParameter> parameters,
            Func<ApiCall, JObject> run,
            bool isWrite = false
        ) => cloud.Api.Rpc("Alidns", "2015-01-09", action, parameters, new RamRule($"alidns:{action}"), isWrite, run);
    }

    // Every VPC of an account is bound to both of its zones.
    private JObject ZoneTree(ApiCall call) =>
        new()
        {
            ["Zones"] = new JObject
            {
                ["Zone"] = new JArray(
                    ((string[])["corp.internal", "svc.internal"]).Select(name => new JObject
                    {
                        ["ZoneId"] = $"zone-{name}-{call.AccountId}",
                        ["ZoneName"] = name,
                        ["Vpcs"] = new JObject
                        {
                            ["Vpc"] = new JArray(
                                Mine(call, "intranet")
                                    .Select(vpc => new JObject
                                    {
                                        ["VpcId"] = vpc.Id,
                                        ["VpcName"] = vpc.Name,
                                        ["RegionId"] = vpc.Region,
                                        ["VpcType"] = "STANDARD",
                                    })
                            ),
                        },
                    })
                ),
            },
        };

    private JObject Domains(ApiCall call)
    {
        // EXACT or LIKE (the default). Source: dns reference, section 4.
        var word = call.Optional("KeyWord");
        var isExact = call.Optional("SearchMode") is "EXACT";
        var rows = Mine(call, "public")
            .Where(domain =>
                word is null
                || (isExact ? domain.Id == word : domain.Id.Contains(word, StringComparison.OrdinalIgnoreCase))
            );
        var page = Pages.ByNumber(call, [.. rows], 20, 100);
        return new JObject
        {
            ["Domains"] = new JObject
            {
                ["Domain"] = page.Json(domain => new JObject
                {
                    ["DomainId"] = $"id-of-{domain.Id}",
                    ["DomainName"] = domain.Id,
                    ["VersionCode"] = "version_enterprise_advanced",
                    ["DomainLoggingSwitchStatus"] = domain.IsAnalysed ? "OPEN" : "CLOSE",
                    ["Tags"] = ResourceTags.Json(domain.Tags, "Key", "Value"),
                }),
            },
            ["PageNumber"] = page.Number,
            ["PageSize"] = page.Size,
            ["TotalCount"] = page.Total,
        };
    }

    private JObject GtmConfigs(ApiCall call)
    {
        if (call.Optional("PageNumber") is null || call.Optional("PageSize") is null)
        {
            throw new CloudError(400, "MissingPageNumber", "PageNumber and PageSize are mandatory for this action.");
        }
        var rows = Mine(call, "gtm")
            .Where(config => call.Optional("ScheduleDomainName") is not { } name || config.Name == name)
            .Where(_ => call.Optional("EnableStatus") is null or "enable");
        var page = Pages.ByNumber(call, [.. rows], 20, 100);
        return new JObject
        {
            ["InstanceConfigs"] = new JObject
            {
                ["InstanceConfig"] = page.Json(config => new JObject
                {
                    ["ConfigId"] = config.Id,
                    ["InstanceId"] = $"gtm-{call.AccountId}",
                    ["ScheduleDomainName"] = config.Name,
                    ["ScheduleRrType"] = "A",
                    ["EnableStatus"] = "enable",
                    // Documented is ENABLE; that it is DISABLE otherwise is assumed.
                    ["ConfigLoggingSwitchStatus"] = config.IsAnalysed ? "ENABLE" : "DISABLE",
                }),
            },
            ["PageNumber"] = page.Number,
            ["PageSize"] = page.Size,
            ["TotalItems"] = page.Total,
        };
    }

    private JObject SetGtmLog(ApiCall call)
    {
        var config =
            Mine(call, "gtm").FirstOrDefault(one => one.Id == call.Text("ConfigId"))
            ?? throw new CloudError(400, "GtmInstanceConfigNotExist", "The config does not exist.");
        config.IsAnalysed = call.Text("Status") switch
        {
            "enable" => true,
            "disable" => false,
            _ => throw new CloudError(400, "InvalidParameter", "Status is enable or disable."),
        };
        return new JObject { ["Success"] = true };
    }

    /// <summary>Queries of a domain whose traffic is analysed; of another one there are none.</summary>
    private JObject InternetLogs(ApiCall call)
    {
        var (from, to) = (call.Long("StartTimestamp"), call.Long("EndTimestamp"));
        if (from is null || to is null || to <= from)
        {
            throw new CloudError(400, "InvalidTimestamp", "StartTimestamp and EndTimestamp are a window of time.");
        }
        // Assumed: how wide a window may be; the documents only warn that wide ones time out.
        if (to - from > TimeSpan.FromHours(1).TotalMilliseconds)
        {
            throw new CloudError(504, "ServiceTimeout", "The window is too wide.");
        }
        var name = call.Optional("DomainName");
        var rows = Mine(call, "public")
            .Where(domain => domain.IsAnalysed && (name is null || domain.Id == name))
            .SelectMany(domain =>
                _cloud
                    .Services.Get<ReadableLogs>()
                    .Between(
                        domain.Id,
                        "resolve",
                        DateTimeOffset.FromUnixTimeMilliseconds(from.Value),
                        DateTimeOffset.FromUnixTimeMilliseconds(to.Value)
                    )
                    .Select(row => (Domain: domain, Row: row))
            )
            .ToList();
        var page = Pages.ByNumber(call, rows, 20, 100);
        foreach (var shown in page.Rows.GroupBy(pair => pair.Domain, pair => pair.Row))
        {
            _cloud
                .Services.Get<ShownLogs>()
                .Rows(shown.Key.Key, shown.Key.Kind, shown, DateTimeOffset.FromUnixTimeMilliseconds(to.Value));
        }
        return new JObject
        {
            ["Logs"] = new JObject { ["Log"] = page.Json(pair => DnsRecords.Row(pair.Domain.Id, pair.Row)) },
            ["Complete"] = true,
            ["PageNumber"] = page.Number,
            ["PageSize"] = page.Size,
            ["TotalSize"] = page.Total,
            ["TotalPage"] = (page.Total + page.Size - 1) / page.Size,
        };
    }

    private IEnumerable<Subject> Mine(ApiCall call, string kind) =>
        _subjects.Values.Where(one => one.Account == call.AccountId && one.Kind == kind);

    private static ApiParameter[] Paged(Func<string, ApiParameter> number) =>
        [number("PageNumber"), number("PageSize")];

    private static IEnumerable<ApiParameter> Texts(string names) => names.Split(' ').Select(Text);
}
