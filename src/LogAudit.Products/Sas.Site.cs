using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>Asks Security Center about one account and site. Three calls tell everything, so they are made once, when the subscription is listed, and what they say stands in its properties.</summary>
internal sealed class SasSite(OpenApiClient api, ProductFacts facts)
{
    /// <summary>Property with the region, project and Logstore in which the logs are, joined by slashes; absent before log analysis is opened.</summary>
    private const string PlaceProperty = "place";

    /// <summary>The subscription with what it can and does log; null when the account has none on this site.</summary>
    public async Task<ResourceRef?> SubscriptionAsync(AccountId account, RegionId region, CancellationToken cancel)
    {
        var version = await api.CallAsync(Call("DescribeVersionConfig", account, region, from: null), cancel);
        var id = version.TextOf("InstanceId") is { Length: > 0 } bought ? bought : version.TextOf("PostPayInstanceId");
        if (id.Length == 0)
        {
            return null;
        }

        var status = await StatusAsync(account, region, cancel);
        var paysAsItGoes = status["PostPaidOpenStatus"] is "yes";
        var hasLogs = status["BuyStatus"] is "yes" || paysAsItGoes;
        // 1 is the free edition; pay-as-you-go log analysis does without another one.
        var isPaid = version.Need("Version", "Sas", "DescribeVersionConfig") is not "1" || paysAsItGoes;
        var properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["paid"] = isPaid ? "true" : "false",
            ["bought"] = hasLogs ? "true" : "false",
            ["sls"] = status["SlsServiceStatus"],
            ["authorised"] = status["AuthStatus"],
            ["open"] = status["OpenStatus"],
            // Before it is opened there is no project that could be broken.
            ["project"] = status["OpenStatus"] is "yes" ? status["SlsProjectStatus"] : "Normal",
        };
        foreach (var log in hasLogs ? await LogsAsync(account, region, cancel) : [])
        {
            properties[log.Need("LogStore", "Sas", "DescribeLogMeta")] = StatusOf(log);
            if (log.TextOf("UserProject") is { Length: > 0 } project)
            {
                properties[PlaceProperty] = $"{log.TextOf("UserRegion")}/{project}/{log.TextOf("UserLogStore")}";
            }
        }

        return new ResourceRef
        {
            Product = facts.Spec.Code,
            Account = account,
            Region = region,
            Id = id,
            Name = id,
            Properties = properties,
        };
    }

    /// <summary>Whether log analysis is opened.</summary>
    public async Task<bool> IsOpenAsync(SettingRef setting, CancellationToken cancel) =>
        (await StatusAsync(setting.Account, setting.Region, cancel))["OpenStatus"] is "yes";

    /// <summary><c>enabled</c> or <c>disabled</c>; null when the site does not list the log.</summary>
    public async Task<string?> StatusOfAsync(SettingRef log, CancellationToken cancel) =>
        (await LogsAsync(log.Account, log.Region, cancel))
            .Where(row => log.Id.Same(row.TextOf("LogStore")))
            .Select(StatusOf)
            .FirstOrDefault();

    /// <summary>Where the logs of a subscription are; null before log analysis is opened.</summary>
    public static LogTarget? PlaceOf(ResourceRef subscription) =>
        subscription.Properties.TryGetValue(PlaceProperty, out var place)
        && place.Split('/') is [var region, var project, var logstore]
            ? new LogTarget(
                subscription.Account,
                new RegionId(region),
                new ProjectName(project),
                new LogstoreName(logstore)
            )
            : null;

    /// <summary>A call to the site. <c>From</c> must say <c>sas</c>: without it some actions speak of an older product.</summary>
    public static ApiCall Call(string action, AccountId account, RegionId region, string? from = "sas") =>
        new()
        {
            Product = ApiProducts.Sas,
            Action = action,
            Account = account,
            Region = region,
            Parameters = ApiParameters.Of(("From", from)),
        };

    private async Task<Dictionary<string, string>> StatusAsync(
        AccountId account,
        RegionId region,
        CancellationToken cancel
    )
    {
        const string action = "DescribeLogShipperStatus";
        var answer = await api.CallAsync(Call(action, account, region), cancel);
        var needed = new[] { "AuthStatus", "BuyStatus", "OpenStatus", "SlsServiceStatus" }.ToDictionary(
            name => name,
            name => answer.Need($"LogShipperStatus.{name}", "Sas", action),
            StringComparer.Ordinal
        );
        needed["PostPaidOpenStatus"] = answer.TextOf("LogShipperStatus.PostPaidOpenStatus");
        needed["SlsProjectStatus"] = answer.TextOf("LogShipperStatus.SlsProjectStatus");
        return needed;
    }

    private Task<IReadOnlyList<JObject>> LogsAsync(AccountId account, RegionId region, CancellationToken cancel) =>
        api.AllAsync(facts.Lists["logs"].In(account, region), facts.Lists["logs"].Paging, cancel);

    private static string StatusOf(JObject log) => log.Need("Status", "Sas", "DescribeLogMeta");
}
