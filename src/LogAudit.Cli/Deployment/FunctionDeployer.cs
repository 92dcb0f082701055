using System.IO.Compression;
using LogAudit.OpenApi;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using YamlDotNet.RepresentationModel;

namespace LogAudit.Cli.Deployment;

/// <summary>Creates or updates functions and their triggers through the API of Function Compute, as the fc3 component of Serverless Devs does.</summary>
/// <remarks>Used against LocalCloud, where Serverless Devs cannot reach; a deployment to the cloud goes through <c>scripts/deploy</c>.</remarks>
internal sealed class FunctionDeployer(OpenApiClient api, AccountId account, RegionId region)
{
    private const string Functions = "/2023-03-30/functions";

    /// <summary>Deploys one function with its limits and triggers.</summary>
    /// <param name="props">Its properties, variables resolved.</param>
    /// <param name="folder">Folder of the deployment file, to which <c>code</c> is relative.</param>
    /// <param name="extraFiles">Files to add to the package: name → text (<c>logaudit.yaml</c>).</param>
    /// <param name="environment">Environment variables to add.</param>
    /// <param name="cancel">Ends the work.</param>
    public async Task DeployAsync(
        YamlMappingNode props,
        string folder,
        IReadOnlyDictionary<string, string> extraFiles,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancel
    )
    {
        var body = (JObject)YamlJson.From(props);
        var name = (string)body["functionName"]!;
        var code = Path.Combine(folder, (string)body["code"]!);
        if (!Directory.Exists(code))
        {
            throw new DirectoryNotFoundException(
                $"function {name}: its package {code} does not exist; run scripts/publish first."
            );
        }

        var triggers = (JArray?)body["triggers"] ?? [];
        var asynchronous = (JObject?)body["asyncInvokeConfig"];
        var concurrency = (JObject?)body["concurrencyConfig"];
        foreach (var key in new[] { "region", "triggers", "asyncInvokeConfig", "concurrencyConfig" })
        {
            body.Remove(key);
        }

        var variables = (JObject?)body["environmentVariables"] ?? [];
        foreach (var (key, value) in environment)
        {
            variables[key] = value;
        }

        body["environmentVariables"] = variables;
        body["code"] = new JObject { ["zipFile"] = Convert.ToBase64String(Package(code, extraFiles)) };
        await UpsertAsync(Functions, $"{Functions}/{name}", "Function", body, cancel);
        if (concurrency is not null)
        {
            await CallAsync("PutConcurrencyConfig", "PUT", $"{Functions}/{name}/concurrency", concurrency, cancel);
        }

        if (asynchronous is not null)
        {
            await CallAsync(
                "PutAsyncInvokeConfig",
                "PUT",
                $"{Functions}/{name}/async-invoke-config",
                asynchronous,
                cancel
            );
        }

        foreach (var trigger in triggers.Cast<JObject>())
        {
            // The API takes the configuration as JSON text, the file as an object.
            trigger["triggerConfig"] = trigger["triggerConfig"]!.ToString(Formatting.None);
            await UpsertAsync(
                $"{Functions}/{name}/triggers",
                $"{Functions}/{name}/triggers/{trigger["triggerName"]}",
                "Trigger",
                trigger,
                cancel
            );
        }
    }

    private async Task UpsertAsync(string listPath, string path, string thing, JObject body, CancellationToken cancel)
    {
        bool exists;
        try
        {
            await CallAsync($"Get{thing}", "GET", path, null, cancel);
            exists = true;
        }
        catch (OpenApiException error) when (error.HttpStatus == 404)
        {
            exists = false;
        }

        if (!exists)
        {
            await CallAsync($"Create{thing}", "POST", listPath, body, cancel);
            return;
        }

        // The path names what is updated; in the body the name is refused.
        var changed = (JObject)body.DeepClone();
        changed.Remove($"{thing.ToLowerInvariant()}Name");
        await CallAsync($"Update{thing}", "PUT", path, changed, cancel);
    }

    private Task<JObject> CallAsync(
        string action,
        string method,
        string path,
        JObject? body,
        CancellationToken cancel
    ) =>
        api.CallAsync(
            new ApiCall
            {
                Product = ApiProducts.Fc,
                Action = action,
                Account = account,
                Region = region,
                Method = method,
                Path = path,
                Body = body,
                Writes = method is not "GET",
            },
            cancel
        );

    private static byte[] Package(string folder, IReadOnlyDictionary<string, string> extraFiles)
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
            {
                var entry = archive.CreateEntryFromFile(
                    file,
                    Path.GetRelativePath(folder, file),
                    CompressionLevel.Fastest
                );
                // Keeps the execution bit: FC starts the binary itself.
                entry.ExternalAttributes = (int)File.GetUnixFileMode(file) << 16;
            }

            foreach (var (name, text) in extraFiles)
            {
                using var writer = new StreamWriter(archive.CreateEntry(name, CompressionLevel.Fastest).Open());
                writer.Write(text);
            }
        }

        return memory.ToArray();
    }
}
