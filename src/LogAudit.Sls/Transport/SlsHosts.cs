namespace LogAudit.Sls;

/// <summary>Host names of the service.</summary>
/// <remarks>Source: https://www.alibabacloud.com/help/en/sls/endpoints. Assumed: no region in use has one of the exceptional names (finance and corporate regions).</remarks>
public static class SlsHosts
{
    /// <summary>Endpoint of a region, for example <c>cn-hangzhou.log.aliyuncs.com</c>.</summary>
    public static string Endpoint(RegionId region, SlsNetwork network) =>
        network == SlsNetwork.Intranet ? $"{region}-intranet.log.aliyuncs.com" : $"{region}.log.aliyuncs.com";

    /// <summary>Host of a project, for example <c>audit.cn-hangzhou.log.aliyuncs.com</c>.</summary>
    public static string Host(ProjectName? project, RegionId region, SlsNetwork network) =>
        project is null ? Endpoint(region, network) : $"{project}.{Endpoint(region, network)}";
}
