using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LogAudit.LocalCloud.Kernel;

namespace LogAudit.Benchmarks;

/// <summary>A published function as a process of its own, spoken to as Function Compute does.</summary>
internal sealed class FunctionProcess : IDisposable
{
    private readonly HttpClient http;
    private readonly Process process;
    private readonly int port;
    private readonly StringBuilder output = new();

    private FunctionProcess(HttpClient http, Process process, int port)
    {
        (this.http, this.process, this.port) = (http, process, port);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Most memory that was resident, MB.</summary>
    public double PeakResidentMb => ProcessMemory.PeakResidentMb(process.Id);

    /// <summary>Starts a program; returns at once.</summary>
    public static FunctionProcess Start(
        HttpClient http,
        string program,
        IReadOnlyDictionary<string, string> environment
    )
    {
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = Path.GetDirectoryName(program),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["FC_SERVER_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new FunctionProcess(http, Process.Start(start)!, port);
    }

    /// <summary>Sends an event as soon as the process listens.</summary>
    /// <exception cref="InvalidOperationException">It failed; with its answer and output.</exception>
    public async Task<string> InvokeAsync(AccessKey key, string body, int timeoutSeconds)
    {
        while (!await ListensAsync())
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"{process.StartInfo.FileName} ended: {output}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}/invoke");
        request.Headers.Add("x-fc-request-id", Guid.NewGuid().ToString());
        request.Headers.Add("x-fc-control-path", "/invoke");
        request.Headers.Add("x-fc-function-timeout", timeoutSeconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("x-fc-access-key-id", key.Id);
        request.Headers.Add("x-fc-access-key-secret", key.Secret);
        request.Headers.Add("x-fc-security-token", key.Session!.Token);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? text
            : throw new InvalidOperationException($"{process.StartInfo.FileName} failed: {text}\n{output}");
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private async Task<bool> ListensAsync()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        lock (output)
        {
            // The end of the output is enough to see why something failed.
            output.AppendLine(line);
            if (output.Length > 20_000)
            {
                output.Remove(0, 10_000);
            }
        }
    }
}
