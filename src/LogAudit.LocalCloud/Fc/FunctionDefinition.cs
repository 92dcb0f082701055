using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Fc;

/// <summary>A function as CreateFunction described it.</summary>
/// <remarks>Field names and limits: FC 3.0 CreateFunctionInput.</remarks>
internal sealed record FunctionDefinition
{
    public required string Account { get; init; }
    public required string Region { get; init; }
    public required string Name { get; init; }
    public required string Role { get; init; }
    public required string Runtime { get; init; }
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Folder that stands in for <c>/code</c>.</summary>
    public required string CodeDirectory { get; init; }
    public required IReadOnlyDictionary<string, string> Environment { get; init; }
    public int Port { get; init; } = 9000;
    public int TimeoutSeconds { get; init; } = 3;
    public int MemoryMb { get; init; } = 512;
    public int InstanceConcurrency { get; init; } = 1;
    public int? InitializerTimeoutSeconds { get; init; }
    public int? PreStopTimeoutSeconds { get; init; }
    public string LogProject { get; init; } = "";
    public string LogLogstore { get; init; } = "";

    public string Arn => $"acs:fc:{Region}:{Account}:functions/{Name}";

    /// <summary>Reads and checks the body of CreateFunction; the code is unpacked elsewhere.</summary>
    public static FunctionDefinition Read(JObject body, string account, string region, string codeDirectory)
    {
        var name = Text(body, "functionName") ?? throw FcErrors.InvalidArgument("functionName is required");
        if (
            name.Length > 64
            || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-')
            || char.IsAsciiDigit(name[0])
            || name[0] == '-'
        )
        {
            throw FcErrors.InvalidArgument(
                $"functionName '{name}' must be 1-64 letters, digits, '_' and '-', not beginning with a digit or '-'"
            );
        }

        var runtime = Text(body, "runtime") ?? throw FcErrors.InvalidArgument("runtime is required");
        if (runtime is not ("custom.debian10" or "custom.debian11" or "custom.debian12"))
        {
            throw FcErrors.InvalidArgument(
                $"runtime '{runtime}' is not one that LocalCloud runs: custom.debian10, custom.debian11, custom.debian12"
            );
        }

        var custom = body["customRuntimeConfig"] as JObject;
        var lifecycle = body["instanceLifecycleConfig"] as JObject;
        return new FunctionDefinition
        {
            Account = account,
            Region = region,
            Name = name,
            Runtime = runtime,
            Role = Text(body, "role") ?? "",
            CodeDirectory = codeDirectory,
            Command = CommandOf(custom),
            Environment = EnvironmentOf(body["environmentVariables"] as JObject),
            Port = Number(custom, "port", 9000, 1, 65535),
            TimeoutSeconds = Number(body, "timeout", 3, 1, 86400),
            MemoryMb = Number(body, "memorySize", 512, 128, 32768),
            InstanceConcurrency = Number(body, "instanceConcurrency", 1, 1, 200),
            InitializerTimeoutSeconds = lifecycle?["initializer"] is JObject initializer
                ? Number(initializer, "timeout", 3, 1, 300)
                : null,
            PreStopTimeoutSeconds = lifecycle?["preStop"] is JObject preStop
                ? Number(preStop, "timeout", 3, 1, 90)
                : null,
            LogProject = (string?)body.SelectToken("logConfig.project") ?? "",
            LogLogstore = (string?)body.SelectToken("logConfig.logstore") ?? "",
        };
    }

    /// <summary>FC runs command and arguments concatenated; without either, <c>/code/bootstrap</c>.</summary>
    private static List<string> CommandOf(JObject? custom)
    {
        List<string> command = [.. Texts(custom?["command"]), .. Texts(custom?["args"])];
        return command.Count > 0 ? command : ["/code/bootstrap"];
    }

    private static Dictionary<string, string> EnvironmentOf(JObject? variables)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in variables?.Properties() ?? [])
        {
            if (
                variable.Name.StartsWith("FC_", StringComparison.Ordinal)
                || variable.Name is "accessKeyID" or "accessKeySecret" or "securityToken" or "topic"
            )
            {
                throw FcErrors.InvalidArgument($"environment variable '{variable.Name}' is reserved");
            }

            map[variable.Name] = (string?)variable.Value ?? "";
        }

        return map.Sum(pair => pair.Key.Length + pair.Value.Length) <= 4096
            ? map
            : throw FcErrors.InvalidArgument("environment variables exceed 4 KB in total");
    }

    private static string? Text(JObject body, string key) => (string?)body[key];

    private static IEnumerable<string> Texts(JToken? list) =>
        list is JArray array ? array.Select(item => (string?)item ?? "") : [];

    private static int Number(JObject? body, string key, int otherwise, int least, int most)
    {
        if (body?[key] is not JToken token || token.Type == JTokenType.Null)
        {
            return otherwise;
        }

        return token.Type == JTokenType.Integer && (long)token >= least && (long)token <= most
            ? (int)token
            : throw FcErrors.InvalidArgument($"{key} must be an integer from {least} to {most}, not '{token}'");
    }
}
