using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Jobs;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Http;

/// <summary>Jobs, in both families of paths for the same resources. Source: SLS protocol 9, jobs.</summary>
internal static class JobCalls
{
    /// <summary>Jobs of one type in a project. Source: SLS quotas.</summary>
    private const int MostOfAType = 100;

    public static readonly SlsOperation[] Operations =
    [
        .. Family("Job", "jobs", null),
        .. Family("ETL", "etls", "ETL"),
        .. Family("ScheduledSQL", "scheduledsqls", "ScheduledSQL"),
        .. Family("Alert", "alerts", "Alert"),
    ];

    private static SlsOperation[] Family(string name, string path, string? type)
    {
        const string AnyJob = "project/{project}/job/{body:name}";
        const string OneJob = "project/{project}/job/{job}";
        var one = $"/{path}/{{job}}";
        string[] filters =
        [
            "offset",
            "size",
            .. type is null ? (string[])["jobType", "jobName", "displayName"] : ["logstore"],
        ];
        return
        [
            new($"Create{name}", "POST", "/" + path, "log:CreateJob", AnyJob, call => Create(call, type))
            {
                IsWrite = true,
            },
            new($"List{name}s", "GET", "/" + path, "log:ListJobs", "project/{project}/job/*", call => List(call, type))
            {
                Parameters = filters,
            },
            new($"Get{name}", "GET", one, "log:GetJob", OneJob, call => CloudResponse.Json(Need(call, type).ToJson()))
            {
                Parameters = ["jobType"],
            },
            new($"Start{name}", "PUT", one, "log:UpdateJob", OneJob, call => Switch(call, type, stopped: false))
            {
                Switch = ("action", ["enable", "start"]),
                IsWrite = true,
            },
            new($"Stop{name}", "PUT", one, "log:UpdateJob", OneJob, call => Switch(call, type, stopped: true))
            {
                Switch = ("action", ["disable", "stop"]),
                IsWrite = true,
            },
            new($"Update{name}", "PUT", one, "log:UpdateJob", OneJob, call => Update(call, type)) { IsWrite = true },
            new($"Delete{name}", "DELETE", one, "log:DeleteJob", OneJob, call => Delete(call, type))
            {
                IsWrite = true,
                Parameters = ["jobType"],
            },
        ];
    }

    private static CloudResponse Create(SlsCall call, string? type)
    {
        var jobs = call.NeedProject.Jobs;
        var job = SlsJob.Create(type ?? call.Body.NeedText("type"), call.Body, call.Now);
        PassRoles(call, job.Etl);
        if (jobs.Values.Count(other => other.Type == job.Type) >= MostOfAType)
            throw SlsRefusal.Quota($"a project may have {MostOfAType} jobs of type {job.Type}");
        return jobs.TryAdd(job.Name, job)
            ? CloudResponse.Empty()
            : throw new CloudError(400, "JobAlreadyExist", $"job {job.Name} already exists");
    }

    private static CloudResponse Update(SlsCall call, string? type)
    {
        var job = Need(call, type);
        PassRoles(call, job.Type == "ETL" ? EtlJob.Read(call.Body) : null);
        job.Update(call.Body, call.Now);
        return CloudResponse.Empty();
    }

    private static CloudResponse Switch(SlsCall call, string? type, bool stopped)
    {
        Need(call, type).IsStopped = stopped;
        return CloudResponse.Empty();
    }

    private static CloudResponse Delete(SlsCall call, string? type)
    {
        call.NeedProject.Jobs.TryRemove(Need(call, type).Name, out _);
        return CloudResponse.Empty();
    }

    private static CloudResponse List(SlsCall call, string? type)
    {
        var wanted = type ?? call.Query("jobType");
        var (name, display, logstore) = (
            call.Query("jobName") ?? "",
            call.Query("displayName") ?? "",
            call.Query("logstore")
        );
        SlsJob[] all =
        [
            .. call
                .NeedProject.Jobs.Values.Where(job =>
                    (wanted is null || job.Type == wanted)
                    && job.Name.Contains(name, StringComparison.Ordinal)
                    && (job.Body.Text("displayName") ?? "").Contains(display, StringComparison.Ordinal)
                    && (logstore is null || job.Body.Part("configuration")?.Text("logstore") == logstore)
                )
                .OrderBy(job => job.Name, StringComparer.Ordinal),
        ];
        var (page, total) = call.Page(all, usual: 100, most: 500);
        return CloudResponse.Json(
            new JObject
            {
                ["total"] = total,
                ["count"] = page.Count,
                ["results"] = new JArray(page.Select(job => job.ToJson())),
            }
        );
    }

    /// <summary>Who gives a role of its own account to a job must be allowed to pass it. Source: RAM PassRole.</summary>
    private static void PassRoles(SlsCall call, EtlJob? job)
    {
        var roles = job is null
            ? []
            : job.Sinks.Select(sink => sink.RoleArn).Append(job.RoleArn).Distinct(StringComparer.Ordinal);
        foreach (var role in roles)
        {
            var parts = role.Split(':');
            if (
                parts is not ["acs", "ram", "", var owner, var path]
                || !path.StartsWith("role/", StringComparison.Ordinal)
            )
                throw SlsRefusal.Parameter($"roleArn {role} is invalid: acs:ram::<uid>:role/<name>");
            if (owner == call.Caller.Account.Id)
                call.Demand("ram:PassRole", role, new KeyValuePair<string, string>("acs:Service", "log.aliyuncs.com"));
        }
    }

    private static SlsJob Need(SlsCall call, string? type) =>
        call.NeedProject.Jobs.GetValueOrDefault(call.Path("job")) is { } job && (type is null || job.Type == type)
            ? job
            : throw SlsRefusal.NoJob(call.Path("job"));
}
