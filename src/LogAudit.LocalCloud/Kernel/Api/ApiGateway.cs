using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>The OpenAPI gateway: RPC and ROA products, signature V3 (ACS3) and V1.</summary>
internal sealed class ApiGateway(Cloud cloud) : IGateway
{
    private readonly ApiAuthentication _authentication = new(cloud);

    public bool Accepts(string host, string path) => cloud.Api.FindHost(host) is not null;

    public async Task<CloudResponse> HandleAsync(CloudRequest request, CancellationToken cancel)
    {
        var endpoint = cloud.Api.FindHost(request.Host)!.Value;
        request.Trace.Product = endpoint.Product;
        ApiCall? call = null;
        try
        {
            var message = ApiMessage.Read(request);
            request.Trace.Action = message.Action;
            var caller = _authentication.Authenticate(request, message);
            request.Trace.Caller = caller;
            call = Route(request, endpoint, message, caller);
            await request.EnterAsync(caller, call.Action.Product, call.Action.Name, call.Action.IsWrite, cancel);
            ApiParameterCheck.Demand(call.Action, call.Parameters, call.Body);
            if (call.Action.Ram is { } ram)
            {
                call.Demand(ram.Action, ram.Resource(call));
            }
            return await RunAsync(call, cancel);
        }
        catch (CloudError error)
        {
            request.Trace.ErrorCode = error.Code;
            if (call is not null)
            {
                Publish(call, response: null, error);
            }
            return ErrorBody(request, error);
        }
    }

    private async Task<CloudResponse> RunAsync(ApiCall call, CancellationToken cancel)
    {
        if (call.Action.RunAsync is { } wait)
        {
            var answered = await wait(call, cancel);
            Publish(call, response: [], error: null);
            return answered;
        }
        JObject answer;
        lock (cloud.Gate)
        {
            answer = call.Action.Run!(call);
        }
        if (!call.Action.IsRoa)
        {
            answer["RequestId"] ??= call.Request.RequestId;
        }
        Publish(call, answer, error: null);
        return CloudResponse.Json(answer).With("x-acs-request-id", call.Request.RequestId);
    }

    private ApiCall Route(CloudRequest request, ApiEndpoint endpoint, ApiMessage message, Caller caller)
    {
        if (cloud.Api.FindRoa(endpoint.Product, request.Method, request.RawPath) is { } roa)
        {
            var parameters = new Dictionary<string, string>(message.Parameters, StringComparer.Ordinal);
            foreach (var (name, value) in roa.Holes)
            {
                parameters[name] = value;
            }
            return Call(request, roa.Action, caller, endpoint.Host, parameters, message.Body);
        }
        var action =
            cloud.Api.FindRpc(endpoint.Product, message.Version, message.Action)
            ?? throw (
                cloud.Api.KnowsVersion(endpoint.Product, message.Version)
                    ? new CloudError(
                        404,
                        "InvalidAction.NotFound",
                        $"Specified api is not found: {endpoint.Product} {message.Action} ({request.Method} {request.RawPath}), please check your url and method."
                    )
                    : new CloudError(
                        404,
                        "InvalidVersion",
                        $"Specified parameter Version is not valid: {endpoint.Product} {message.Version}."
                    )
            );
        if (request.RawPath is not ("/" or "") || request.Method is not ("GET" or "POST"))
        {
            throw new CloudError(
                404,
                "InvalidAction.NotFound",
                "An RPC action is called by GET or POST at the path /."
            );
        }
        return Call(request, action, caller, endpoint.Host, message.Parameters, []);
    }

    private ApiCall Call(
        CloudRequest request,
        ApiAction action,
        Caller caller,
        HostMatch host,
        IReadOnlyDictionary<string, string> parameters,
        JObject body
    ) =>
        new()
        {
            Cloud = cloud,
            Request = request,
            Action = action,
            Caller = caller,
            Host = host,
            Parameters = parameters,
            Body = body,
        };

    private void Publish(ApiCall call, JObject? response, CloudError? error)
    {
        var parameters = new JObject();
        foreach (var (name, value) in call.Parameters)
        {
            parameters[name] = value;
        }
        parameters.Merge(call.Body);
        cloud.Events.Publish(
            new()
            {
                Time = cloud.Clock.GetUtcNow(),
                RequestId = call.Request.RequestId,
                Caller = call.Caller,
                AccountId = call.AccountId,
                Region = call.Region,
                Product = call.Action.Product,
                Version = call.Action.Version,
                Action = call.Action.Name,
                IsWrite = call.Action.IsWrite,
                Host = call.Request.Host,
                SourceIp = call.Request.SourceIp,
                UserAgent = call.Request.Header("User-Agent") ?? "",
                Request = parameters,
                Response = response,
                ErrorCode = error?.Code ?? "",
                ErrorMessage = error?.Message ?? "",
                Resources = [.. call.Touched],
            }
        );
    }

    private static CloudResponse ErrorBody(CloudRequest request, CloudError error)
    {
        var body = new JObject
        {
            ["RequestId"] = request.RequestId,
            ["HostId"] = request.Host,
            ["Code"] = error.Code,
            ["Message"] = error.Message,
            ["Recommend"] = "https://api.aliyun.com/troubleshoot?q=" + Uri.EscapeDataString(error.Code),
        };
        if (error.Denied is { } denied)
        {
            body["AccessDeniedDetail"] = new JObject
            {
                ["AuthAction"] = denied.Action,
                ["AuthPrincipalDisplayName"] = denied.PrincipalArn,
                ["AuthPrincipalOwnerId"] = denied.OwnerId,
                ["AuthPrincipalType"] = denied.PrincipalType,
                ["NoPermissionType"] = denied.ExplicitDeny ? "ExplicitDeny" : "ImplicitDeny",
                ["PolicyType"] = denied.PolicyType,
            };
        }
        var response = CloudResponse.Json(body, error.Status).With("x-acs-request-id", request.RequestId);
        return response with { Headers = [.. response.Headers, .. error.Headers] };
    }
}
