using System.IO.Compression;
using System.Text;
using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Fc;

/// <summary>The calls on functions: create, read, update, delete, invoke, and their limits.</summary>
/// <remarks>Paths and positions: FC 2023-03-30 metadata. RAM actions are <c>fc:&lt;call&gt;</c> on <c>acs:fc:{region}:{account}:functions/{name}</c>.</remarks>
internal sealed class FunctionApi(Cloud cloud, FunctionService service, AsyncInvocations asynchronous)
{
    private const string Version = "2023-03-30";
    private const string Root = $"/{Version}/functions";
    private const string One = Root + "/{functionName}";
    private const int MaxSyncBodyBytes = 32 * 1024 * 1024;

    /// <summary>Members of the function body that are known; others are refused.</summary>
    private static readonly string[] Members =
    [
        "functionName",
        "description",
        "runtime",
        "handler",
        "code",
        "cpu",
        "memorySize",
        "diskSize",
        "timeout",
        "instanceConcurrency",
        "internetAccess",
        "environmentVariables",
        "role",
        "layers",
        "tags",
        "logConfig",
        "customRuntimeConfig",
        "instanceLifecycleConfig",
        "resourceGroupId",
        "vpcConfig",
        "nasConfig",
        "customDNS",
        "tracingConfig",
        "idleTimeout",
        "disableInjectCredentials",
    ];

    public void Register()
    {
        Add("CreateFunction", "POST", Root, Members, write: true, PutAsync);
        Add("UpdateFunction", "PUT", One, Members, write: true, PutAsync);
        Add("GetFunction", "GET", One, [], write: false, (call, _) => Task.FromResult(Json(Describe(Find(call)))));
        Add("ListFunctions", "GET", Root, [], write: false, (call, _) => Task.FromResult(Json(List(call))));
        Add("DeleteFunction", "DELETE", One, [], write: true, DeleteAsync);
        Add(
            "PutConcurrencyConfig",
            "PUT",
            One + "/concurrency",
            ["reservedConcurrency"],
            write: true,
            (call, _) => Task.FromResult(PutConcurrency(call))
        );
        Add(
            "GetConcurrencyConfig",
            "GET",
            One + "/concurrency",
            [],
            write: false,
            (call, _) => Task.FromResult(Json(Concurrency(Find(call))))
        );
        Add(
            "PutAsyncInvokeConfig",
            "PUT",
            One + "/async-invoke-config",
            ["maxAsyncRetryAttempts", "maxAsyncEventAgeInSeconds", "destinationConfig", "asyncTask"],
            write: true,
            (call, _) => Task.FromResult(PutAsync(call))
        );
        Add("InvokeFunction", "POST", One + "/invocations", null, write: true, InvokeAsync);
    }

    private void Add(
        string name,
        string method,
        string path,
        string[]? members,
        bool write,
        Func<ApiCall, CancellationToken, Task<CloudResponse>> run
    ) =>
        cloud.Api.Add(
            new ApiAction("FC", Version, name)
            {
                Method = method,
                PathPattern = path,
                IsWrite = write,
                Parameters =
                [
                    .. path.Contains('{', StringComparison.Ordinal)
                        ? [ApiParameter.Path("functionName")]
                        : Array.Empty<ApiParameter>(),
                    ApiParameter.Text("qualifier"),
                    ApiParameter.Integer("limit"),
                    ApiParameter.Text("nextToken"),
                    ApiParameter.Text("prefix"),
                    .. members
                        ?.Where(member => !path.Contains('{', StringComparison.Ordinal) || member is not "functionName")
                        .Select(member => ApiParameter.Body(member))
                        ?? [],
                ],
                Ram = new RamRule(
                    $"fc:{name}",
                    call =>
                        $"acs:fc:{call.Host.Region}:{call.AccountId}:functions/{call.Optional("functionName") ?? (string?)call.Body["functionName"] ?? "*"}"
                ),
                RunAsync = run,
            }
        );

    private async Task<CloudResponse> PutAsync(ApiCall call, CancellationToken cancel)
    {
        var create = call.Action.Name == "CreateFunction";
        var body = (JObject)call.Body.DeepClone();
        body["functionName"] ??= call.Optional("functionName");
        var region = call.Host.Region;
        var existing = service.Find(call.AccountId, region, (string?)body["functionName"] ?? "");
        if (create == existing is not null)
        {
            throw create
                ? FcErrors.AlreadyExists("Function", (string?)body["functionName"] ?? "")
                : FcErrors.FunctionNotFound((string?)body["functionName"] ?? "");
        }

        var code = Path.Combine(service.Directory, $"{body["functionName"]}-{cloud.NextHex(8)}");
        var definition = FunctionDefinition.Read(body, call.AccountId, region, code);
        if (definition.Role.Length > 0)
        {
            call.Demand(
                "ram:PassRole",
                definition.Role,
                new KeyValuePair<string, string>("acs:Service", "fc.aliyuncs.com")
            );
        }

        Unpack(
            (string?)body.SelectToken("code.zipFile")
                ?? throw FcErrors.InvalidArgument("code.zipFile is required: LocalCloud has no OSS upload of code"),
            code
        );
        // Assumed: the audit event tells of the package and does not hold its megabytes.
        call.Body["code"]!["zipFile"] = "(package)";
        var deployed = await service.PutAsync(definition);
        cancel.ThrowIfCancellationRequested();
        return Json(Describe(deployed), create ? 201 : 200);
    }

    private async Task<CloudResponse> DeleteAsync(ApiCall call, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return await service.RemoveAsync(call.AccountId, call.Host.Region, call.Text("functionName"))
            ? CloudResponse.Empty(204)
            : throw FcErrors.FunctionNotFound(call.Text("functionName"));
    }

    private async Task<CloudResponse> InvokeAsync(ApiCall call, CancellationToken cancel)
    {
        var function = Find(call);
        var body = call.Request.Body.ToArray();
        if (string.Equals(call.Request.Header("x-fc-invocation-type"), "Async", StringComparison.Ordinal))
        {
            var delay = int.TryParse(
                call.Request.Header("x-fc-async-delay"),
                System.Globalization.CultureInfo.InvariantCulture,
                out var seconds
            )
                ? seconds
                : 0;
            if (delay is < 0 or > 3600)
            {
                throw FcErrors.InvalidArgument($"x-fc-async-delay must be 0 to 3600 seconds, not {delay}");
            }

            var accepted = asynchronous.Accept(function, "api", body, TimeSpan.FromSeconds(delay) / cloud.Delays.Scale);
            return CloudResponse.Empty(202).With("X-Fc-Request-Id", accepted);
        }

        if (body.Length > MaxSyncBodyBytes)
        {
            throw FcErrors.InvalidArgument($"a synchronous body may have 32 MB, this one has {body.Length} bytes");
        }

        var requestId = Guid.NewGuid().ToString();
        var result = await function.InvokeAsync("api", requestId, body, cancel);
        var response = CloudResponse.Bytes(result.Body, "application/octet-stream").With("X-Fc-Request-Id", requestId);
        // The call itself succeeds even when the function failed; the header tells.
        return result.Ok ? response : response.With("X-Fc-Error-Type", "UnhandledInvocationError");
    }

    private CloudResponse PutConcurrency(ApiCall call)
    {
        var function = Find(call);
        function.Pool.MaxInstances =
            call.Body["reservedConcurrency"] is { Type: JTokenType.Integer } value && (int)value is >= 1 and <= 300
                ? (int)value
                : throw FcErrors.InvalidArgument("reservedConcurrency must be an integer from 1 to 300");
        return Json(Concurrency(function));
    }

    private CloudResponse PutAsync(ApiCall call)
    {
        var function = Find(call);
        var retries = (int?)call.Body["maxAsyncRetryAttempts"] ?? AsyncSettings.Default.MaxRetries;
        var age = (int?)call.Body["maxAsyncEventAgeInSeconds"] ?? (int)AsyncSettings.Default.MaxAge.TotalSeconds;
        if (retries is < 0 or > 8 || age is < 1 or > 604_800)
        {
            throw FcErrors.InvalidArgument(
                "maxAsyncRetryAttempts must be 0 to 8, maxAsyncEventAgeInSeconds 1 to 604800"
            );
        }

        function.Async = new(
            retries,
            TimeSpan.FromSeconds(age),
            (string?)call.Body.SelectToken("destinationConfig.onFailure.destination") ?? ""
        );
        return Json(
            new JObject
            {
                ["functionArn"] = function.Definition.Arn,
                ["maxAsyncRetryAttempts"] = retries,
                ["maxAsyncEventAgeInSeconds"] = age,
            }
        );
    }

    private DeployedFunction Find(ApiCall call) =>
        service.Find(call.AccountId, call.Host.Region, call.Text("functionName"))
        ?? throw FcErrors.FunctionNotFound(call.Text("functionName"));

    private JObject List(ApiCall call) =>
        new()
        {
            ["functions"] = new JArray(
                service
                    .All.Where(function =>
                        function.Definition.Account == call.AccountId && function.Definition.Region == call.Host.Region
                    )
                    .Select(Describe)
            ),
        };

    private static JObject Describe(DeployedFunction function) =>
        new()
        {
            ["functionName"] = function.Definition.Name,
            ["functionArn"] = function.Definition.Arn,
            ["runtime"] = function.Definition.Runtime,
            ["role"] = function.Definition.Role,
            ["timeout"] = function.Definition.TimeoutSeconds,
            ["memorySize"] = function.Definition.MemoryMb,
            ["instanceConcurrency"] = function.Definition.InstanceConcurrency,
            ["state"] = "Active",
        };

    private static JObject Concurrency(DeployedFunction function) =>
        new() { ["functionArn"] = function.Definition.Arn, ["reservedConcurrency"] = function.Pool.MaxInstances };

    private static CloudResponse Json(JObject body, int status = 200) => CloudResponse.Json(body, status);

    private static void Unpack(string base64, string folder)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(Convert.FromBase64String(base64)), ZipArchiveMode.Read);
            archive.ExtractToDirectory(folder);
        }
        catch (Exception error) when (error is FormatException or InvalidDataException)
        {
            throw FcErrors.InvalidArgument($"code.zipFile is not a zip in Base64: {error.Message}");
        }
    }
}
