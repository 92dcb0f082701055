using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Http;

/// <summary>The front door of SLS: host to project, authentication, RAM, and the one who answers.</summary>
internal sealed class SlsGateway : IGateway
{
    private readonly SlsService service;
    private readonly SlsOperation[] operations = [.. SlsOperations.All()];

    public SlsGateway(SlsService service)
    {
        this.service = service;
        service.Cloud.Ram.Declare(
            operations.Select(operation => operation.RamAction).Append("ram:PassRole").Distinct(StringComparer.Ordinal)
        );
    }

    /// <inheritdoc/>
    public bool Accepts(string host, string path) => SlsHost.Read(host) is not null;

    /// <inheritdoc/>
    public async Task<CloudResponse> HandleAsync(CloudRequest request, CancellationToken cancel)
    {
        var id = request.RequestId.Replace("-", "", StringComparison.Ordinal)[..24];
        var response = await AnswerAsync(request, cancel);
        return response.With("x-log-requestid", id);
    }

    private async Task<CloudResponse> AnswerAsync(CloudRequest request, CancellationToken cancel)
    {
        var host = SlsHost.Read(request.Host)!;
        var (operation, holes) = Find(request, host);
        request.Trace.Product = "Sls";
        request.Trace.Action = operation?.Name ?? "";
        SlsCall? call = null;
        CloudResponse answer;
        CloudError? refusal = null;
        try
        {
            var caller = SlsAuthentication.Authenticate(request);
            await request.EnterAsync(caller, "Sls", operation?.Name ?? "", operation?.IsWrite ?? false, cancel);
            if (operation is null)
                throw new CloudError(
                    501,
                    "NotImplemented",
                    $"LocalCloud has no operation of SLS at {request.Method} {request.Path}"
                );
            call = new SlsCall(service, request, caller, host, holes!);
            answer = Run(operation, call);
        }
        catch (CloudError error)
        {
            request.Trace.ErrorCode = error.Code;
            refusal = error;
            answer = Refuse(error);
        }
        if (call is not null && operation is { IsData: false })
            Publish(operation, call, answer, refusal);
        return answer;
    }

    private (SlsOperation? Operation, Dictionary<string, string>? Holes) Find(CloudRequest request, SlsHost host)
    {
        var path = request.RawPath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (var operation in operations)
        {
            var here = operation.Scope switch
            {
                SlsScope.Service => host.Project is null,
                SlsScope.Project => host.Project is not null,
                _ => true,
            };
            if (here && operation.Match(request.Method, path) is { } holes && operation.IsMeant(request))
                return (operation, holes);
        }
        return (null, null);
    }

    private CloudResponse Run(SlsOperation operation, SlsCall call)
    {
        foreach (var parameter in call.Request.Query)
        {
            if (
                parameter.Name != operation.Switch?.Name
                && !operation.Parameters.Contains(parameter.Name, StringComparer.Ordinal)
            )
                throw SlsRefusal.Parameter($"the parameter {parameter.Name} is not known to {operation.Name}");
        }
        var project = call.ProjectName is { } name ? service.Store.Project(name) : null;
        if (operation.Scope == SlsScope.Project)
            call.Project = Own(project ?? throw SlsRefusal.NoProject(call.ProjectName!), call);
        call.Demand(operation.RamAction, Arn(operation, call));
        if (operation.Scope == SlsScope.Project && !operation.AnswersAtOnce && project!.VisibleAt > call.Now)
            throw SlsRefusal.NoProject(project.Name);
        return operation.Run(call);
    }

    private static SlsProject Own(SlsProject project, SlsCall call)
    {
        if (project.Account != call.Caller.Account.Id)
            throw new CloudError(401, "Unauthorized", "The project does not belong to you.");
        // A project answers on the endpoint of its own region only.
        return SlsHost.Read(call.Request.Host)!.Region is { } region && region != project.Region
            ? throw SlsRefusal.NoProject(project.Name)
            : project;
    }

    private static string Arn(SlsOperation operation, SlsCall call)
    {
        var resource = operation.Resource.Replace(
            "{project}",
            call.ProjectName ?? SlsOperations.NamedProject(call),
            StringComparison.Ordinal
        );
        while (resource.IndexOf('{', StringComparison.Ordinal) is >= 0 and var open)
        {
            var close = resource.IndexOf('}', open);
            var hole = resource[(open + 1)..close];
            // A name that is to be made stands in the body, written {body:key}.
            var value = hole.StartsWith("body:", StringComparison.Ordinal)
                ? call.Body.Text(hole[5..]) ?? "*"
                : call.Path(hole);
            resource = string.Concat(resource.AsSpan(0, open), value.Replace('{', '_'), resource.AsSpan(close + 1));
        }
        return $"acs:log:{call.Region}:{call.Caller.Account.Id}:{resource}";
    }

    private static CloudResponse Refuse(CloudError error)
    {
        var body = new JObject { ["errorCode"] = error.Code, ["errorMessage"] = error.Message };
        if (error.Denied is { } denied)
        {
            body["accessDeniedDetail"] = new JObject
            {
                ["AuthAction"] = denied.Action,
                ["AuthPrincipalDisplayName"] = denied.PrincipalArn,
                ["AuthPrincipalOwnerId"] = denied.OwnerId,
                ["AuthPrincipalType"] = denied.PrincipalType,
                ["NoPermissionType"] = denied.ExplicitDeny ? "ExplicitDeny" : "ImplicitDeny",
                ["PolicyType"] = denied.PolicyType,
            };
        }
        return CloudResponse.Json(body, error.Status);
    }

    private void Publish(SlsOperation operation, SlsCall call, CloudResponse answer, CloudError? refusal) =>
        service.Cloud.Events.Publish(
            new ApiEvent
            {
                Time = call.Now,
                RequestId = call.Request.RequestId,
                Caller = call.Caller,
                AccountId = call.Caller.Account.Id,
                Region = call.Region,
                Product = "Sls",
                Version = "2020-12-30",
                Action = operation.Name,
                IsWrite = operation.IsWrite,
                Host = call.Request.Host,
                SourceIp = call.Request.SourceIp,
                UserAgent = call.Request.Header("User-Agent") ?? "",
                Request = Parameters(call),
                Response =
                    refusal is null && answer.Body.Length > 0 && SlsJson.TryObject(answer.Body) is { } json
                        ? json
                        : null,
                ErrorCode = refusal?.Code ?? "",
                ErrorMessage = refusal?.Message ?? "",
                Resources = (call.ProjectName ?? call.Project?.Name) is { } project
                    ? [("ACS::SLS::Project", project)]
                    : [],
            }
        );

    private static JObject Parameters(SlsCall call)
    {
        var parameters = new JObject { ["project"] = call.ProjectName };
        foreach (var parameter in call.Request.Query)
            parameters[parameter.Name] = parameter.Value;
        if (SlsJson.TryObject(call.Request.Body) is { } body)
            parameters["body"] = body;
        return parameters;
    }
}
