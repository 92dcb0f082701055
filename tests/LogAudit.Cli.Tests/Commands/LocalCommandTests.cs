using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace LogAudit.Cli.Tests.Commands;

public sealed partial class LocalCommandTests
{
    [Fact]
    public async Task Local_prints_how_to_reach_it_answers_and_ends_when_it_is_interrupted()
    {
        using var interrupt = new CancellationTokenSource();
        using var output = new LineWatch("/__localcloud/state");
        using var progress = new StringWriter();
        var running = Program.RunAsync(
            ["local", "--port", "0", "--https-port", "0"],
            new Terminal(TextReader.Null, output, TextWriter.Synchronized(progress)),
            interrupt.Token
        );
        await Task.WhenAny(running, output.Seen).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.False(running.IsCompleted, progress.ToString());
        var guide = output.ToString();
        var endpoint = Endpoint().Match(guide).Groups["address"].Value;
        var preload = Preload().Match(guide).Groups["path"].Value;

        using var http = new HttpClient(new SocketsHttpHandler());
        var state = JObject.Parse(await http.GetStringAsync(new Uri($"{endpoint}/__localcloud/state")));
        Assert.Contains(state["accounts"]!, account => (string?)account["id"] == "1000000000000001");
        Assert.Matches("export ALIBABA_CLOUD_ACCESS_KEY_ID=.+", guide);
        Assert.Matches("export ALIBABA_CLOUD_ACCESS_KEY_SECRET=.+", guide);
        Assert.Contains("aliyuncs", await File.ReadAllTextAsync(preload), StringComparison.Ordinal);

        await interrupt.CancelAsync();
        Assert.Equal(0, await running.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.False(File.Exists(preload));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(new Uri($"{endpoint}/x")));
    }

    [Fact]
    public async Task A_port_that_is_taken_fails_with_its_number()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;

        var ended = await CommandLine.RunAsync("local", "--port", $"{port}", "--https-port", "0");

        Assert.Equal(1, ended.Code);
        Assert.Contains($"{port}", ended.Progress, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_out_of_range_is_code_2()
    {
        var ended = await CommandLine.RunAsync("local", "--port", "70000");

        Assert.Equal(2, ended.Code);
        Assert.Contains("0 to 65535", ended.Progress, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("local")]
    [InlineData("demo")]
    public async Task A_wrong_scenario_is_code_2_with_every_mistake(string command)
    {
        using var folder = new TemporaryFolder();
        var file = folder.With(
            "wrong.yaml",
            """
            version: 2
            central: { account: nobody, region: cn-hangzhou }
            accounts:
              - { uid: "x1", name: hub }
            resources:
              - { product: toaster, account: hub, region: cn-hangzhou, name: web }
            """
        );

        var ended = await CommandLine.RunAsync(command, "--scenario", file);

        Assert.Equal(2, ended.Code);
        Assert.Empty(ended.Output);
        foreach (var mistake in new[] { "version", "x1", "toaster" })
        {
            Assert.Contains(mistake, ended.Progress, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("local")]
    [InlineData("demo")]
    public async Task A_scenario_that_is_missing_fails_with_its_name(string command)
    {
        var ended = await CommandLine.RunAsync(command, "--scenario", "absent.yaml");

        Assert.Equal(1, ended.Code);
        Assert.Contains("absent.yaml", ended.Progress, StringComparison.Ordinal);
    }

    [GeneratedRegex("LOGAUDIT_ENDPOINT=(?<address>http://127.0.0.1:[0-9]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Endpoint();

    [GeneratedRegex("--require (?<path>[^ ]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Preload();

    /// <summary>Remembers what is written, and tells when a word came by.</summary>
    private sealed class LineWatch(string word) : StringWriter
    {
        private readonly TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => seen.Task;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(word, StringComparison.Ordinal) == true)
            {
                seen.TrySetResult();
            }
        }
    }
}
