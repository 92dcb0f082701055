namespace LogAudit.OpenApi;

/// <summary>An API of the cloud: who answers, in which version, in which style.</summary>
/// <param name="Code">Product code as the metadata spells it, for example <c>Slb</c>.</param>
/// <param name="Version">Date of the version, for example <c>2014-05-15</c>.</param>
/// <param name="Style">How calls are addressed.</param>
public sealed record ApiProduct(string Code, string Version, ApiStyle Style)
{
    /// <inheritdoc/>
    public override string ToString() => Code;
}

/// <summary>How an API addresses its calls.</summary>
public enum ApiStyle
{
    /// <summary>One path, the action in a header, flat parameters.</summary>
    Rpc,

    /// <summary>A path per resource, a JSON body.</summary>
    Roa,
}

/// <summary>The APIs that LogAudit calls. Source: OpenAPI metadata (github aliyun/aliyun-openapi-meta, products.json).</summary>
public static class ApiProducts
{
    /// <summary>Security Token Service: temporary credentials.</summary>
    public static ApiProduct Sts { get; } = new("Sts", "2015-04-01", ApiStyle.Rpc);

    /// <summary>Resource Access Management: roles and policies.</summary>
    public static ApiProduct Ram { get; } = new("Ram", "2015-05-01", ApiStyle.Rpc);

    /// <summary>Resource Directory, as its management account or a delegated administrator sees it.</summary>
    public static ApiProduct ResourceDirectoryMaster { get; } =
        new("ResourceDirectoryMaster", "2022-04-19", ApiStyle.Rpc);

    /// <summary>Resource Center: the cross-account index of resources.</summary>
    public static ApiProduct ResourceCenter { get; } = new("ResourceCenter", "2022-12-01", ApiStyle.Rpc);

    /// <summary>ActionTrail: trails of API calls.</summary>
    public static ApiProduct ActionTrail { get; } = new("Actiontrail", "2020-07-06", ApiStyle.Rpc);

    /// <summary>Classic Load Balancer.</summary>
    public static ApiProduct Slb { get; } = new("Slb", "2014-05-15", ApiStyle.Rpc);

    /// <summary>Application Load Balancer.</summary>
    public static ApiProduct Alb { get; } = new("Alb", "2020-06-16", ApiStyle.Rpc);

    /// <summary>Virtual Private Cloud.</summary>
    public static ApiProduct Vpc { get; } = new("Vpc", "2016-04-28", ApiStyle.Rpc);

    /// <summary>Elastic Compute Service.</summary>
    public static ApiProduct Ecs { get; } = new("Ecs", "2014-05-26", ApiStyle.Rpc);

    /// <summary>ApsaraDB for RDS.</summary>
    public static ApiProduct Rds { get; } = new("Rds", "2014-08-15", ApiStyle.Rpc);

    /// <summary>PolarDB.</summary>
    public static ApiProduct Polardb { get; } = new("polardb", "2017-08-01", ApiStyle.Rpc);

    /// <summary>Database Autonomy Service: SQL logs of RDS and PolarDB.</summary>
    public static ApiProduct Das { get; } = new("DAS", "2020-01-16", ApiStyle.Rpc);

    /// <summary>Web Application Firewall 3.0.</summary>
    public static ApiProduct Waf { get; } = new("waf-openapi", "2021-10-01", ApiStyle.Rpc);

    /// <summary>Web Application Firewall 2.0, at the hosts of 3.0. Its version is not in the metadata; source: github aliyun/alibaba-cloud-sdk-go, services/waf-openapi.</summary>
    public static ApiProduct Waf2 { get; } = new("waf-openapi-2.0", "2019-09-10", ApiStyle.Rpc);

    /// <summary>Cloud Firewall.</summary>
    public static ApiProduct CloudFirewall { get; } = new("Cloudfw", "2017-12-07", ApiStyle.Rpc);

    /// <summary>Anti-DDoS Proxy: Pro in the Chinese mainland, Premium outside of it.</summary>
    public static ApiProduct DdosCoo { get; } = new("ddoscoo", "2020-01-01", ApiStyle.Rpc);

    /// <summary>Anti-DDoS Origin.</summary>
    public static ApiProduct DdosBgp { get; } = new("ddosbgp", "2018-07-20", ApiStyle.Rpc);

    /// <summary>Security Center.</summary>
    public static ApiProduct Sas { get; } = new("Sas", "2018-12-03", ApiStyle.Rpc);

    /// <summary>Cloud Config. Its version is not in the metadata; source: github alibabacloud-go/config-20200907.</summary>
    public static ApiProduct Config { get; } = new("Config", "2020-09-07", ApiStyle.Rpc);

    /// <summary>Bastionhost.</summary>
    public static ApiProduct Bastionhost { get; } = new("Yundun-bastionhost", "2019-12-09", ApiStyle.Rpc);

    /// <summary>Container Service for Kubernetes (ACK).</summary>
    public static ApiProduct Cs { get; } = new("CS", "2015-12-15", ApiStyle.Roa);

    /// <summary>Alibaba Cloud DNS: public domains and Global Traffic Manager.</summary>
    public static ApiProduct Alidns { get; } = new("Alidns", "2015-01-09", ApiStyle.Rpc);

    /// <summary>PrivateZone: DNS inside VPCs.</summary>
    public static ApiProduct PrivateZone { get; } = new("pvtz", "2018-01-01", ApiStyle.Rpc);

    /// <summary>File Storage NAS.</summary>
    public static ApiProduct Nas { get; } = new("NAS", "2017-06-26", ApiStyle.Rpc);

    /// <summary>PolarDB-X 1.0, formerly Distributed Relational Database Service.</summary>
    public static ApiProduct Drds { get; } = new("Drds", "2019-01-23", ApiStyle.Rpc);

    /// <summary>API Gateway, the one before the cloud-native APIG.</summary>
    public static ApiProduct ApiGateway { get; } = new("CloudAPI", "2016-07-14", ApiStyle.Rpc);

    /// <summary>Key Management Service: secrets.</summary>
    public static ApiProduct Kms { get; } = new("Kms", "2016-01-20", ApiStyle.Rpc);

    /// <summary>EventBridge, control plane.</summary>
    public static ApiProduct EventBridge { get; } = new("eventbridge", "2020-04-01", ApiStyle.Rpc);

    /// <summary>Function Compute 3.0.</summary>
    public static ApiProduct Fc { get; } = new("FC", "2023-03-30", ApiStyle.Roa);

    /// <summary>Object Storage Service. Not an OpenAPI product: <see cref="OssClient"/> speaks its own protocol; the code names it in errors.</summary>
    public static ApiProduct Oss { get; } = new("Oss", "2019-05-17", ApiStyle.Roa);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ApiProduct> All { get; } =
    [
        Sts,
        Ram,
        ResourceDirectoryMaster,
        ResourceCenter,
        ActionTrail,
        Slb,
        Alb,
        Vpc,
        Ecs,
        Rds,
        Polardb,
        Das,
        Waf,
        Waf2,
        CloudFirewall,
        DdosCoo,
        DdosBgp,
        Sas,
        Config,
        Bastionhost,
        Cs,
        Alidns,
        PrivateZone,
        Nas,
        Drds,
        ApiGateway,
        Kms,
        EventBridge,
        Fc,
        Oss,
    ];
}
