using System.Net;
using System.Net.Sockets;

namespace LogAudit.Benchmarks;

/// <summary>A receiver that takes everything and keeps nothing, unless it is told how to read.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;

    private readonly Func<Socket, CancellationToken, Task> read;

    /// <param name="read">Reads a connection to its end; null for one that forgets what it reads.</param>
    public Receiver(Func<Socket, CancellationToken, Task>? read = null)
    {
        this.read = read ?? ForgetAsync;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await accepting;
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(ServeAsync(await listener.AcceptSocketAsync(stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await read(socket, stop.Token);
                socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception cut) when (cut is SocketException or OperationCanceledException)
            {
                // The process ended first.
            }
        }
    }

    private static async Task ForgetAsync(Socket socket, CancellationToken stop)
    {
        var block = new byte[128 * 1024];
        while (await socket.ReceiveAsync(block, stop) > 0) { }
    }
}
