using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Sls;

/// <summary>The refusals of SLS that more than one call makes.</summary>
/// <remarks>Source of codes: SLS protocol, section 10; where a status is not published, 400 is assumed, for an absent thing 404.</remarks>
internal static class SlsRefusal
{
    public static CloudError Parameter(string message) => new(400, "ParameterInvalid", message);

    public static CloudError Body(string message) => new(400, "PostBodyInvalid", message);

    public static CloudError Json(string message) => new(400, "JsonInfoInvalid", message);

    public static CloudError Logstore(string message) => new(400, "LogStoreInfoInvalid", message);

    public static CloudError NoProject(string name) =>
        new(404, "ProjectNotExist", $"The Project does not exist : {name}");

    public static CloudError NoLogstore(string name) => new(404, "LogStoreNotExist", $"logstore {name} does not exist");

    public static CloudError NoIndex() => new(404, "IndexConfigNotExist", "logstore without index config");

    public static CloudError NoGroup(string name) =>
        new(404, "ConsumerGroupNotExist", $"consumer group {name} does not exist");

    public static CloudError NoJob(string name) => new(404, "JobNotExist", $"job {name} does not exist");

    public static CloudError NoPolicy(string name) =>
        new(404, "PolicyNotExist", $"collection policy {name} does not exist");

    public static CloudError Quota(string message) => new(400, "ExceedQuota", message);

    public static CloudError InvalidCompressType(string coding) =>
        new(400, "InvalidCompressType", $"x-log-compresstype : {coding} is unsupported");

    public static CloudError Uncompress(string coding) =>
        new(
            400,
            "PostBodyUncompressError",
            $"the body cannot be uncompressed as '{coding}' to the size that x-log-bodyrawsize states"
        );
}
