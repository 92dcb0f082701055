using System.Collections.Concurrent;
using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Fc;

/// <summary>One invocation, for the demo, the tests and whoever looks.</summary>
internal sealed record InvocationNote(
    string Function,
    string Cause,
    string RequestId,
    DateTimeOffset Began,
    TimeSpan Took,
    bool Ok,
    string Answer
);

/// <summary>Every deployed function of the cloud, with its instances.</summary>
internal sealed class FunctionService
{
    private readonly ConcurrentDictionary<(string Account, string Region, string Name), DeployedFunction> functions =
        new();
    private readonly Cloud cloud;
    private readonly Lock files = new();
    private bool ended;

    // Not by the seed: two clouds of one seed may run side by side.
    private readonly string own = Path.Combine(Path.GetTempPath(), $"localcloud-fc-{Guid.NewGuid():n}");

    public FunctionService(Cloud cloud)
    {
        this.cloud = cloud;
        Directory = own;
        cloud.Background.Start("function instances", EndWithTheHostAsync);
    }

    /// <summary>Folder of unpacked packages and of the functions' output. Default: one in the temporary folder, which goes when the host stops; a folder that somebody else names stays.</summary>
    public string Directory { get; set; }

    /// <summary>Invocations so far, oldest first; the last 20,000.</summary>
    public ConcurrentQueue<InvocationNote> Notes { get; } = new();

    public IReadOnlyList<DeployedFunction> All =>
        [.. functions.Values.OrderBy(function => function.Definition.Name, StringComparer.Ordinal)];

    public DeployedFunction? Find(string account, string region, string name) =>
        functions.GetValueOrDefault((account, region, name));

    /// <summary>Finds a function by <c>acs:fc:{region}:{account}:functions/{name}</c>.</summary>
    public DeployedFunction? Find(string arn) =>
        arn.Split(':') is ["acs", "fc", var region, var account, var rest]
        && rest.StartsWith("functions/", StringComparison.Ordinal)
            ? Find(account, region, rest["functions/".Length..].Split('/')[0])
            : null;

    /// <summary>Puts a definition in place, of a new function or of one that exists; running instances of the old code end.</summary>
    public async Task<DeployedFunction> PutAsync(FunctionDefinition definition)
    {
        var key = (definition.Account, definition.Region, definition.Name);
        var before = functions.GetValueOrDefault(key);
        var deployed = new DeployedFunction(cloud, this, definition);
        if (before is not null)
        {
            deployed.Take(before);
        }

        functions[key] = deployed;
        if (before is not null)
        {
            await before.Pool.DisposeAsync();
        }

        return deployed;
    }

    public async Task<bool> RemoveAsync(string account, string region, string name)
    {
        if (!functions.TryRemove((account, region, name), out var function))
        {
            return false;
        }

        function.StopTriggers();
        await function.Pool.DisposeAsync();
        return true;
    }

    /// <summary>Writes a line of a function's output; what a process still says after the end of the host is dropped.</summary>
    internal void Append(string file, string line)
    {
        lock (files)
        {
            if (!ended)
            {
                File.AppendAllText(file, line + "\n");
            }
        }
    }

    internal void Note(InvocationNote note)
    {
        Notes.Enqueue(note);
        while (Notes.Count > 20_000 && Notes.TryDequeue(out _)) { }
    }

    private async Task EndWithTheHostAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cloud.Clock, stop);
        }
        finally
        {
            foreach (var function in All)
            {
                function.StopTriggers();
                await function.Pool.DisposeAsync();
            }

            lock (files)
            {
                ended = true;
                if (System.IO.Directory.Exists(own))
                {
                    System.IO.Directory.Delete(own, recursive: true);
                }
            }
        }
    }
}
