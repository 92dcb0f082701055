using System.Collections.Concurrent;
using System.Text;
using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Fc;

/// <summary>Limits and destination of asynchronous invocations.</summary>
/// <remarks>Source: FC PutAsyncInvokeConfigInput; the defaults are the SDK's (3 retries, a day).</remarks>
internal sealed record AsyncSettings(int MaxRetries, TimeSpan MaxAge, string OnFailure)
{
    public static AsyncSettings Default { get; } = new(3, TimeSpan.FromDays(1), "");
}

/// <summary>A function in place: its definition, instances, triggers and limits.</summary>
internal sealed class DeployedFunction
{
    private static readonly TimeSpan CredentialsLast = TimeSpan.FromHours(1);

    private readonly Cloud cloud;
    private readonly FunctionService service;
    private readonly Lock gate = new();
    private (FunctionCredentials Credentials, DateTimeOffset Until)? session;

    public DeployedFunction(Cloud cloud, FunctionService service, FunctionDefinition definition)
    {
        this.cloud = cloud;
        this.service = service;
        Definition = definition;
        System.IO.Directory.CreateDirectory(service.Directory);
        Pool = new FunctionPool(definition, CredentialsOfRole, Log);
    }

    public FunctionDefinition Definition { get; }

    public FunctionPool Pool { get; }

    public AsyncSettings Async { get; set; } = AsyncSettings.Default;

    public ConcurrentDictionary<string, FunctionTrigger> Triggers { get; } = new(StringComparer.Ordinal);

    /// <summary>The function's output so far goes to this file.</summary>
    public string LogFile => Path.Combine(service.Directory, $"{Definition.Name}.log");

    /// <summary>Invokes synchronously. FC itself never tries again.</summary>
    /// <exception cref="CloudError">Throttled.</exception>
    public async Task<InvocationResult> InvokeAsync(
        string cause,
        string requestId,
        byte[] body,
        CancellationToken cancel
    )
    {
        var began = cloud.Clock.GetUtcNow();
        var result = await Pool.InvokeAsync(requestId, body, cancel);
        var answer = Encoding.UTF8.GetString(result.Body, 0, Math.Min(result.Body.Length, 4096));
        service.Note(new(Definition.Name, cause, requestId, began, cloud.Clock.GetUtcNow() - began, result.Ok, answer));
        return result;
    }

    /// <summary>Ends the credentials that running invocations have, before their time; the next invocation gets new ones.</summary>
    /// <returns>Whether there were any.</returns>
    public bool EndSession()
    {
        lock (gate)
        {
            var held = session;
            session = null;
            return held is not null && cloud.Keys.EndSession(held.Value.Credentials.AccessKeyId);
        }
    }

    public void StopTriggers()
    {
        foreach (var trigger in Triggers.Values)
        {
            trigger.Stop();
        }
    }

    /// <summary>Takes triggers and limits over from the version before an update.</summary>
    public void Take(DeployedFunction before)
    {
        Async = before.Async;
        Pool.MaxInstances = before.Pool.MaxInstances;
        foreach (var (name, trigger) in before.Triggers)
        {
            Triggers[name] = trigger;
        }
    }

    private FunctionCredentials CredentialsOfRole()
    {
        if (Definition.Role.Length == 0)
        {
            return new("", "", "");
        }

        lock (gate)
        {
            var now = cloud.Clock.GetUtcNow();
            if (session is { } held && held.Until > now)
            {
                return held.Credentials;
            }

            lock (cloud.Gate)
            {
                var role =
                    cloud.FindRole(Definition.Role)
                    ?? throw FcErrors.NotStarted($"role {Definition.Role} does not exist");
                if (!TrustEvaluator.TrustsService(role, "fc.aliyuncs.com", Definition.Account))
                {
                    throw FcErrors.NotStarted($"role {Definition.Role} does not trust fc.aliyuncs.com");
                }

                // Assumed: the session is named after the function; the real name is not documented.
                var key = cloud.Keys.OpenSession(role, $"fc-{Definition.Name}", CredentialsLast);
                var credentials = new FunctionCredentials(key.Id, key.Secret, key.Session!.Token);
                session = (credentials, now + CredentialsLast / 2);
                return credentials;
            }
        }
    }

    private void Log(string line)
    {
        service.Append(LogFile, line);
        if (Definition.LogProject.Length > 0)
        {
            var time = (uint)cloud.Clock.GetUtcNow().ToUnixTimeSeconds();
            cloud
                .Services.Find<ILogStorage>()
                ?.Append(
                    Definition.LogProject,
                    Definition.LogLogstore,
                    $"FCLogs:{Definition.Name}",
                    "",
                    [],
                    [new LogItem(time, [new("functionName", Definition.Name), new("message", line)])]
                );
        }
    }
}
