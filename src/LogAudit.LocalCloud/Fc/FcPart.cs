using LogAudit.LocalCloud.Events;
using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Fc;

/// <summary>Function Compute 3.0: functions as processes, triggers, limits and retries.</summary>
internal sealed class FcPart : IPart
{
    public void Register(Cloud cloud)
    {
        cloud.Api.Hosts("FC", "fcv3.{region}.aliyuncs.com", "{account}.{region}.fc.aliyuncs.com");
        var service = new FunctionService(cloud);
        cloud.Services.Add(service);
        var asynchronous = new AsyncInvocations(cloud, service);
        cloud.Services.Get<EventBuses>().AddTarget(new FunctionTarget(service, asynchronous));
        new FunctionApi(cloud, service, asynchronous).Register();
        new TriggerApi(cloud, service, asynchronous).Register();
        cloud.Control.Map(
            "GET",
            "fc/invocations",
            _ => new Newtonsoft.Json.Linq.JArray(
                service.Notes.Select(note => new Newtonsoft.Json.Linq.JObject
                {
                    ["function"] = note.Function,
                    ["cause"] = note.Cause,
                    ["requestId"] = note.RequestId,
                    ["began"] = note.Began,
                    ["seconds"] = note.Took.TotalSeconds,
                    ["ok"] = note.Ok,
                })
            )
        );
    }
}
