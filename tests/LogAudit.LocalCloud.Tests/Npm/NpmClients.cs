using LogAudit.LocalCloud.Kernel;
using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Npm;

/// <summary>A LocalCloud with one administrator, and the official npm clients that talk to it in a process of their own.</summary>
internal sealed class NpmClients : IAsyncDisposable
{
    public const string Uid = "1000000000000001";
    public const string Region = "cn-hangzhou";

    private const string Admin = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("localcloud-npm").FullName;

    private NpmClients(LocalCloudHost host)
    {
        Host = host;
        Account = host.Cloud.AddAccount(Uid, "conformance");
        Key = Account.AddKey(Account.AddUser("admin", Admin));
        File.WriteAllText(Path.Combine(_folder, "preload.js"), NodePreload.For(host));
    }

    public LocalCloudHost Host { get; }
    public Cloud Cloud => Host.Cloud;
    public Account Account { get; }

    /// <summary>Key of a RAM user with all rights.</summary>
    public AccessKey Key { get; }

    /// <summary>Starts with delays scaled so that a new project answers at once.</summary>
    public static async Task<NpmClients> StartAsync() =>
        new(await LocalCloudHost.StartAsync(new() { HttpsPort = 0, DelayScale = 1_000_000 }, CancellationToken.None));

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Runs steps one after another in one Node process. See <c>run.js</c> for their form.</summary>
    public Task<IReadOnlyList<NpmResult>> RunAsync(params IEnumerable<JObject> steps) => RunAsync(0, steps);

    /// <summary>As above, with the clock of the clients shifted.</summary>
    public async Task<IReadOnlyList<NpmResult>> RunAsync(int clockOffsetMinutes, IEnumerable<JObject> steps)
    {
        var list = steps.ToList();
        foreach (var step in list)
        {
            step["key"] ??= Credentials(Key);
        }
        var file = Path.Combine(_folder, $"{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(
            file,
            new JObject { ["clockOffsetMinutes"] = clockOffsetMinutes, ["steps"] = new JArray(list) }.ToString()
        );
        var (exit, output, errors) = await Peers.RunAsync(
            "node",
            Path.Combine(Peers.Repository, "tests/LogAudit.LocalCloud.Tests/Npm"),
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["NODE_OPTIONS"] = "",
                ["NODE_NO_WARNINGS"] = "1",
            },
            "--require",
            Path.Combine(_folder, "preload.js"),
            "run.js",
            file
        );
        Assert.True(exit == 0, $"node ended with {exit}: {errors}");
        return [.. WireJson.Array(output).Select(token => new NpmResult((JObject)token))];
    }

    public static JObject Credentials(AccessKey key) =>
        new()
        {
            ["id"] = key.Id,
            ["secret"] = key.Secret,
            ["token"] = key.Session?.Token,
        };
}

/// <summary>What came of one step.</summary>
internal sealed class NpmResult(JObject json)
{
    public bool Ok => (bool)json["ok"]!;
    public JToken Value => json["value"]!;
    public string? Code => (string?)json["code"];
    public string? Message => (string?)json["message"];

    /// <summary>Refused by the product for what was asked about, not by the gateway for how it was asked.</summary>
    public bool IsAboutTheResource =>
        !Ok
        // What node itself says, where no answer came.
        && Code is not (null or "Error" or "RequestTimeoutError")
        && !GatewayRefusals.Any(refusal => Code.StartsWith(refusal, StringComparison.Ordinal));

    private static readonly string[] GatewayRefusals =
    [
        "Signature",
        "InvalidAccessKeyId",
        "InvalidSecurityToken",
        "InvalidTimeStamp",
        "InvalidAction",
        "InvalidVersion",
        "Missing",
        "UnknownParameter",
        "NoPermission",
        "NoSuchHost",
    ];

    /// <summary>The value, or a failed assertion with what the client said.</summary>
    public JToken Succeeded()
    {
        Assert.True(Ok, $"{Code}: {Message}");
        return Value;
    }

    /// <summary>Asserts that the client was refused with this code, which it shows as its code or within its message.</summary>
    public void Refused(string code)
    {
        Assert.False(Ok, $"expected {code}, but the call was answered: {json["value"]}");
        Assert.True(
            Code == code || Message!.Contains(code, StringComparison.Ordinal),
            $"expected {code}, got {Code}: {Message}"
        );
    }

    public override string ToString() => json.ToString();
}
