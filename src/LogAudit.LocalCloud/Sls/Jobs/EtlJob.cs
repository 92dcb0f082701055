using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Jobs;

/// <summary>The configuration of a transformation job.</summary>
/// <param name="Logstore">Source, in the job's own project.</param>
/// <param name="Script">What is done to each record.</param>
/// <param name="RoleArn">Role that reads the source.</param>
/// <param name="FromTime">First second of receipt, 0 for the beginning.</param>
/// <param name="ToTime">Second of receipt to stop at, 0 for never.</param>
/// <param name="Sinks">Where the records go.</param>
internal sealed record EtlJob(
    string Logstore,
    EtlScript Script,
    string RoleArn,
    long FromTime,
    long ToTime,
    IReadOnlyList<EtlSink> Sinks
)
{
    /// <summary>Sinks a job may have. Assumed.</summary>
    private const int MostSinks = 20;

    public static EtlJob Read(JObject body)
    {
        var configuration = body.Part("configuration") ?? throw SlsRefusal.Parameter("configuration is required");
        RefuseKeys(configuration);
        // Scheduling of a transformation is Resident. Source: SLS protocol 9, ETL.
        if (body.Part("schedule") is { } schedule && schedule.Text("type") is not "Resident")
            throw SlsRefusal.Parameter("schedule.type of an ETL job must be Resident");
        if (configuration.Text("lang") is not ("SPL" or "LogETL" or "" or null))
            throw SlsRefusal.Parameter("configuration.lang must be SPL or LogETL");
        var sinks = configuration["sinks"] is JArray list ? list.OfType<JObject>().Select(EtlSink.Read).ToArray() : [];
        if (sinks.Length is 0 or > MostSinks)
            throw SlsRefusal.Parameter($"configuration.sinks must have 1 to {MostSinks} entries");
        return new EtlJob(
            configuration.NeedText("logstore"),
            EtlScript.Parse(configuration.Text("script") ?? ""),
            configuration.NeedText("roleArn"),
            configuration.Number("fromTime") ?? 0,
            configuration.Number("toTime") ?? 0,
            sinks
        );
    }

    internal static void RefuseKeys(JObject configuration)
    {
        if (!string.IsNullOrEmpty(configuration.Text("accessKeyId")))
            throw SlsRefusal.Parameter(
                "LocalCloud runs transformation jobs by roles only: name roleArn instead of accessKeyId"
            );
    }
}

/// <summary>One target of a transformation job.</summary>
internal sealed record EtlSink(string Name, string Project, string Logstore, string Endpoint, string RoleArn)
{
    public static EtlSink Read(JObject sink)
    {
        if (sink.Text("type") is not (null or "" or "AliyunLOG"))
            throw SlsRefusal.Parameter("sinks.type must be AliyunLOG");
        EtlJob.RefuseKeys(sink);
        return new EtlSink(
            sink.NeedText("name"),
            sink.NeedText("project"),
            sink.NeedText("logstore"),
            sink.Text("endpoint") ?? "",
            sink.NeedText("roleArn")
        );
    }
}
