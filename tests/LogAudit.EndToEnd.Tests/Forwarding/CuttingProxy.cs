using System.Net;
using System.Net.Sockets;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary>A TCP proxy in front of a receiver that cuts connections in the middle, by seed.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Random random;
    private readonly int target;
    private readonly Task accepting;
    private int cuts;

    /// <param name="target">Port of the receiver on this machine.</param>
    /// <param name="seed">Fixes which connections are cut and where.</param>
    public CuttingProxy(int target, int seed)
    {
        this.target = target;
        random = new Random(seed);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Chance of each connection to be cut, 0–1.</summary>
    public double Chance { get; set; }

    /// <summary>Connections cut so far.</summary>
    public int Cuts => cuts;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(stop.Token);
                long? budget = random.NextDouble() < Chance ? random.Next(10_000, 3_000_000) : null;
                open.Add(CarryAsync(client, budget));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task CarryAsync(Socket client, long? budget)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, target, stop.Token);
                var up = PumpAsync(client, server, budget);
                await PumpAsync(
                    server,
                    client,
                    budget: null,
                    async () =>
                    {
                        // What the receiver left unread must become a reset here too, as it does without a proxy.
                        await up;
                        if (server.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is not 0)
                        {
                            throw new SocketException((int)SocketError.ConnectionReset);
                        }
                    }
                );
                await up;
            }
            catch (Exception end) when (end is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Cut here, or the receiver is down: the client sees a reset.
                Reset(client);
                Reset(server);
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, long? budget, Func<Task>? beforeEnd = null)
    {
        var block = new byte[32 * 1024];
        var carried = 0L;
        try
        {
            for (int read; (read = await from.ReceiveAsync(block, stop.Token)) > 0; carried += read)
            {
                if (carried + read > budget)
                {
                    Interlocked.Increment(ref cuts);
                    throw new SocketException((int)SocketError.ConnectionReset);
                }

                for (var sent = 0; sent < read; )
                {
                    sent += await to.SendAsync(block.AsMemory(sent, read - sent), stop.Token);
                }
            }

            await (beforeEnd?.Invoke() ?? Task.CompletedTask);
            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            // The other direction must not wait for a peer that will say nothing more.
            Reset(from);
            Reset(to);
            throw;
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }

        socket.Close();
    }
}
