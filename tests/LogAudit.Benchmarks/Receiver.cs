using System.Net;
using System.Net.Sockets;

namespace LogAudit.Benchmarks;

/// <summary>A receiver that takes everything and keeps nothing.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;

    public Receiver()
    {
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
                open.Add(SwallowAsync(await listener.AcceptSocketAsync(stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task SwallowAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                var block = new byte[128 * 1024];
                while (await socket.ReceiveAsync(block, stop.Token) > 0) { }
                socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception cut) when (cut is SocketException or OperationCanceledException)
            {
                // The process ended first.
            }
        }
    }
}
