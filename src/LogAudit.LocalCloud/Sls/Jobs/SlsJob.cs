using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Jobs;

/// <summary>A job of a project: transformation, scheduled query, alert and the like. Only transformations run in LocalCloud.</summary>
/// <remarks>Source: SLS protocol 9, jobs; the states of a transformation follow StartETL and StopETL.</remarks>
internal sealed class SlsJob
{
    private static readonly string[] Types = ["Alert", "ScheduledSQL", "ETL", "Report", "Ingestion", "Export"];
    private static readonly string[] Schedules =
    [
        "FixedRate",
        "Hourly",
        "Daily",
        "Weekly",
        "Cron",
        "DryRun",
        "Resident",
    ];

    private SlsJob(string type, JObject body, DateTimeOffset created)
    {
        Type = type;
        Body = body;
        CreatedAt = LastModifiedAt = created;
        Etl = type == "ETL" ? EtlJob.Read(body) : null;
    }

    public string Name => Body.NeedText("name");

    public string Type { get; }

    public JObject Body { get; private set; }

    public DateTimeOffset CreatedAt { get; }

    public DateTimeOffset LastModifiedAt { get; private set; }

    /// <summary>The transformation, null for other types.</summary>
    public EtlJob? Etl { get; private set; }

    /// <summary>Where the transformation stands, shard by shard.</summary>
    public Dictionary<int, long> Positions { get; } = [];

    public bool IsStopped { get; set; }

    /// <summary>Why it does not move; null when all is well.</summary>
    public string? Failure { get; set; }

    public static SlsJob Create(string type, JObject body, DateTimeOffset now)
    {
        if (!Types.Contains(type, StringComparer.Ordinal))
            throw SlsRefusal.Parameter($"job type {type} is invalid");
        if (!Storage.LogstoreSettings.IsName(body.NeedText("name")))
            throw SlsRefusal.Parameter("job name is invalid");
        CheckCommon(body);
        return new SlsJob(type, Written(body), now);
    }

    public void Update(JObject body, DateTimeOffset now)
    {
        if (body.Text("name") is { Length: > 0 } name && name != Name)
            throw SlsRefusal.Parameter("the name of a job cannot be changed");
        var whole = Written(body);
        whole["name"] = Name;
        CheckCommon(whole);
        Etl = Type == "ETL" ? EtlJob.Read(whole) : null;
        Body = whole;
        LastModifiedAt = now;
        Failure = null;
    }

    public JObject ToJson()
    {
        var json = (JObject)Body.DeepClone();
        json["type"] = Type;
        json["status"] = Status();
        json["createTime"] = CreatedAt.ToUnixTimeSeconds();
        json["lastModifiedTime"] = LastModifiedAt.ToUnixTimeSeconds();
        json["scheduleId"] = $"{Name}-{CreatedAt.ToUnixTimeSeconds()}";
        // Assumed: the public answer has no place for the reason; it is shown so that a person can find it.
        if (Failure is not null)
            json["statusReason"] = Failure;
        return json;
    }

    /// <summary>What a client may set: members of the answer that come back with an update are dropped.</summary>
    private static JObject Written(JObject body)
    {
        var written = (JObject)body.DeepClone();
        foreach (var key in (string[])["status", "statusReason", "createTime", "lastModifiedTime", "scheduleId"])
            written.Remove(key);
        return written;
    }

    private string Status() =>
        (Type, IsStopped, Failure) switch
        {
            ("ETL", true, _) => "STOPPED",
            ("ETL", false, not null) => "FAILED",
            ("ETL", false, null) => Positions.Count == 0 ? "STARTING" : "RUNNING",
            (_, true, _) => "DISABLED",
            _ => "ENABLED",
        };

    private static void CheckCommon(JObject body)
    {
        _ = body.NeedText("displayName");
        if (body.Part("configuration") is null)
            throw SlsRefusal.Parameter("configuration is required");
        if (
            body.Part("schedule") is { } schedule
            && !Schedules.Contains(schedule.NeedText("type"), StringComparer.Ordinal)
        )
            throw SlsRefusal.Parameter($"schedule type {schedule.Text("type")} is invalid");
    }
}
