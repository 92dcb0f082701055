using System.IO.Compression;
using LogAudit.LocalCloud.Fc;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Tests.Products;
using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Fc;

/// <summary>A LocalCloud with the echo function deployed.</summary>
internal sealed class EchoCloud : IAsyncDisposable
{
    private const string Version = "2023-03-30";
    private const string HostName = "fcv3.cn-hangzhou.aliyuncs.com";
    private static readonly Lazy<string> Package = new(MakePackage);

    private EchoCloud(ProductCloud cloud) => Products = cloud;

    public ProductCloud Products { get; }

    public Cloud Cloud => Products.Cloud;

    public FunctionService Functions => Cloud.Services.Get<FunctionService>();

    public static async Task<EchoCloud> StartAsync(double delayScale = 1_000_000)
    {
        var cloud = await ProductCloud.StartAsync(delayScale);
        lock (cloud.Cloud.Gate)
        {
            var account = cloud.Cloud.FindAccount(ProductCloud.Uid)!;
            account.AddRole("echo", Trust("fc.aliyuncs.com"));
            account.AddRole(
                "ring",
                Trust("log.aliyuncs.com"),
                """{"Version":"1","Statement":[{"Effect":"Allow","Action":"fc:InvokeFunction","Resource":"*"}]}"""
            );
            account.AddRole("other", Trust("ecs.aliyuncs.com"));
        }

        return new EchoCloud(cloud);
    }

    /// <summary>Creates a function from the echo package.</summary>
    public async Task DeployAsync(string name, string role = "echo", int concurrency = 1, int timeout = 60)
    {
        var body = new JObject
        {
            ["functionName"] = name,
            ["runtime"] = "custom.debian12",
            ["role"] = $"acs:ram::{ProductCloud.Uid}:role/{role}",
            ["timeout"] = timeout,
            ["instanceConcurrency"] = concurrency,
            ["environmentVariables"] = new JObject { ["GREETING"] = "hello" },
            ["customRuntimeConfig"] = new JObject
            {
                ["command"] = new JArray("/code/LogAudit.EchoFunction"),
                ["port"] = 9000,
            },
            ["instanceLifecycleConfig"] = new JObject
            {
                ["initializer"] = new JObject { ["handler"] = "x", ["timeout"] = 30 },
            },
            ["code"] = new JObject { ["zipFile"] = Package.Value },
        };
        using var response = await SendAsync("CreateFunction", HttpMethod.Post, "/functions", body);
        Assert.True(
            (int)response.StatusCode == 201,
            $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}"
        );
    }

    public async Task<(int Status, string Body, string? ErrorType)> InvokeAsync(
        string name,
        string text,
        params (string, string)[] headers
    )
    {
        using var response = await Acs3.SendAsync(
            Products.Http,
            Products.Key,
            HostName,
            Version,
            "InvokeFunction",
            HttpMethod.Post,
            $"/{Version}/functions/{name}/invocations",
            [],
            System.Text.Encoding.UTF8.GetBytes(text),
            headers
        );
        var error = response.Headers.TryGetValues("X-Fc-Error-Type", out var values) ? values.First() : null;
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), error);
    }

    public async Task<int> AddTriggerAsync(
        string function,
        string name,
        string type,
        JObject config,
        string source = "",
        string role = ""
    )
    {
        var body = new JObject
        {
            ["triggerName"] = name,
            ["triggerType"] = type,
            ["triggerConfig"] = config.ToString(),
            ["sourceArn"] = source,
            ["invocationRole"] = role,
        };
        using var response = await SendAsync("CreateTrigger", HttpMethod.Post, $"/functions/{function}/triggers", body);
        return (int)response.StatusCode;
    }

    public Task<HttpResponseMessage> SendAsync(string action, HttpMethod method, string path, JObject? body) =>
        Acs3.SendAsync(
            Products.Http,
            Products.Key,
            HostName,
            Version,
            action,
            method,
            $"/{Version}{path}",
            [],
            body is null ? [] : System.Text.Encoding.UTF8.GetBytes(body.ToString())
        );

    /// <summary>Waits until something holds; fails after a minute.</summary>
    public static async Task UntilAsync(Func<bool> holds, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!holds())
        {
            Assert.False(limit.IsCancellationRequested, $"never happened: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => Products.DisposeAsync();

    private static string Trust(string service) =>
        $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["{{service}}"] } }]}""";

    private static string MakePackage()
    {
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));
        var folder = Path.Combine(Peers.Repository, "artifacts/bin/LogAudit.EchoFunction", configuration);
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in Directory.GetFiles(folder))
            {
                var entry = archive.CreateEntryFromFile(file, Path.GetFileName(file));
                entry.ExternalAttributes = (int)File.GetUnixFileMode(file) << 16;
            }
        }

        return Convert.ToBase64String(memory.ToArray());
    }
}
