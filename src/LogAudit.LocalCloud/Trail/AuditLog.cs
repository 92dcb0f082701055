using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Trail;

/// <summary>Turns everything that happens in the cloud into audit events and hands them to trails and event buses.</summary>
internal sealed class AuditLog : IPart
{
    private readonly Lock _gate = new();
    private Action<AuditEvent>[] _listeners = [];
    private Cloud _cloud = null!;

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        cloud.Services.Add(this);
        cloud.Events.Subscribe(call => Record(AuditVocabulary.Of(call, cloud.NextUuid(), cloud.NextText)));
    }

    /// <summary>Hears every event, on the thread where it happened: a listener queues and does not wait.</summary>
    public void Subscribe(Action<AuditEvent> listener)
    {
        lock (_gate)
        {
            _listeners = [.. _listeners, listener];
        }
    }

    public void Record(AuditEvent happened)
    {
        foreach (var listener in _listeners)
        {
            listener(happened);
        }
    }

    /// <summary>Records what a person at the console, or a program of the account, did by a scenario.</summary>
    public AuditEvent Record(Deed deed, string account, string region, bool byConsole, string userName)
    {
        var now = _cloud.Clock.GetUtcNow();
        var id = _cloud.NextUuid();
        var identity = AuditVocabulary.ConsoleIdentity(account, userName, now);
        if (!byConsole)
        {
            identity["accessKeyId"] = "LTAI5t" + _cloud.NextText(18);
        }
        var response = deed.Response is null ? null : (JObject)deed.Response.DeepClone();
        if (response is not null)
        {
            response["RequestId"] = id;
        }
        var happened = new AuditEvent
        {
            Id = id,
            Account = account,
            Region = region,
            Kind = byConsole ? "ConsoleOperation" : "ApiCall",
            Service = deed.Service,
            Name = deed.Event,
            IsWrite = true,
            Time = now,
            RequestId = id,
            Identity = identity,
            EventSource = $"{deed.Service.ToLowerInvariant()}.aliyuncs.com",
            SourceIp = byConsole ? "Internal" : "203.0.113.30",
            UserAgent = byConsole ? "AliyunConsole" : "Terraform/1.9",
            Request = deed.Request,
            Response = response,
            Resources = deed.Resources,
        };
        Record(happened);
        return happened;
    }
}
