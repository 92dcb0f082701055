using System.Collections.Concurrent;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>
/// LocalCloud's own door, <c>/__localcloud/…</c> on any host: no signature, loopback only. Other parts map their own paths.
/// </summary>
internal sealed class ControlPlane(Cloud cloud) : IGateway
{
    private const string Prefix = "/__localcloud/";
    private readonly ConcurrentDictionary<string, Func<CloudRequest, JToken>> _paths = new(StringComparer.Ordinal);

    /// <summary>Maps <c>{method} /__localcloud/{path}</c>. The answer is JSON; a <see cref="CloudError"/> becomes its status.</summary>
    public void Map(string method, string path, Func<CloudRequest, JToken> answer) =>
        _paths[$"{method} {path}"] = answer;

    public bool Accepts(string host, string path) => path.StartsWith(Prefix, StringComparison.Ordinal);

    public Task<CloudResponse> HandleAsync(CloudRequest request, CancellationToken cancel)
    {
        request.Trace.Product = "LocalCloud";
        request.Trace.Action = request.Path[Prefix.Length..];
        if (!_paths.TryGetValue($"{request.Method} {request.Trace.Action}", out var answer))
        {
            return Task.FromResult(
                Error(
                    404,
                    "NotFound",
                    $"No control path {request.Method} {request.Path}. Known: {string.Join(", ", _paths.Keys.Order(StringComparer.Ordinal))}"
                )
            );
        }
        try
        {
            return Task.FromResult(CloudResponse.Json(answer(request)));
        }
        catch (CloudError error)
        {
            return Task.FromResult(Error(error.Status, error.Code, error.Message));
        }
        catch (Newtonsoft.Json.JsonException error)
        {
            return Task.FromResult(Error(400, "InvalidJson", error.Message));
        }
    }

    internal void MapOwn()
    {
        Map("GET", "state", _ => State());
        Map("GET", "requests", request => RequestRows(request));
        Map("GET", "faults", _ => FaultRows());
        Map("POST", "faults", request => FaultRules.Add(cloud, request.JsonBody()));
        Map("DELETE", "faults", request => FaultRules.Remove(cloud, request.QueryValue("name")));
        Map(
            "GET",
            "delays",
            _ => new JArray(
                cloud.Delays.All.Select(d => new JObject
                {
                    ["name"] = d.Name,
                    ["documentedSeconds"] = d.Documented.TotalSeconds,
                    ["seconds"] = cloud.Delays.Of(d).TotalSeconds,
                    ["source"] = d.Source,
                })
            )
        );
    }

    private JObject State() =>
        new()
        {
            ["time"] = cloud.Clock.GetUtcNow(),
            ["delayScale"] = cloud.Delays.Scale,
            ["accounts"] = new JArray(
                cloud.Accounts.Select(account => new JObject
                {
                    ["id"] = account.Id,
                    ["name"] = account.Name,
                    ["roles"] = account.Roles.Count,
                })
            ),
            ["requests"] = cloud.Requests.Latest,
            ["actions"] = cloud.Api.Count,
            ["backgroundFailures"] = new JArray(
                cloud.Background.Failures.Select(f => $"{f.Work}: {f.Failure.Message}")
            ),
        };

    private JArray RequestRows(CloudRequest request)
    {
        var since = long.TryParse(
            request.QueryValue("since"),
            System.Globalization.CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : 0;
        return new(
            cloud
                .Requests.Since(since)
                .Select(e => new JObject
                {
                    ["number"] = e.Number,
                    ["time"] = e.Time,
                    ["requestId"] = e.RequestId,
                    ["accountId"] = e.AccountId,
                    ["caller"] = e.CallerArn,
                    ["session"] = e.SessionName,
                    ["product"] = e.Product,
                    ["action"] = e.Action,
                    ["host"] = e.Host,
                    ["write"] = e.IsWrite,
                    ["status"] = e.Status,
                    ["errorCode"] = e.ErrorCode,
                })
        );
    }

    private JArray FaultRows() =>
        new(
            cloud
                .Faults.All()
                .Select(f => new JObject
                {
                    ["name"] = f.Rule.Name,
                    ["kind"] = f.Rule.Kind.ToString(),
                    ["struck"] = f.Struck,
                })
        );

    private static CloudResponse Error(int status, string code, string message) =>
        CloudResponse.Json(new JObject { ["code"] = code, ["message"] = message }, status);
}
