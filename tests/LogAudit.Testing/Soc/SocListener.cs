using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace LogAudit.Testing;

/// <summary>How a fake receiver treats the next connection.</summary>
public enum SocMood
{
    /// <summary>Reads to the end, then closes in order.</summary>
    Takes,

    /// <summary>Resets the connection after some bytes.</summary>
    Cuts,

    /// <summary>Reads everything and never closes.</summary>
    Hangs,

    /// <summary>Reads everything and closes the socket without ending TLS, as a killed process does.</summary>
    Dies,

    /// <summary>Ends in the way of its protocol before everything was answered. A receiver without such a way takes.</summary>
    Leaves,
}

/// <summary>The TLS of a fake receiver.</summary>
/// <param name="Certificate">The server's, with its key.</param>
/// <param name="AsksForCertificate">Whether a client must show one.</param>
/// <param name="MustBeRefused">Whether no client may trust the certificate: one that says anything breaks a rule.</param>
public sealed record SocTls(X509Certificate2 Certificate, bool AsksForCertificate = false, bool MustBeRefused = false);

/// <summary>A connection that a fake receiver accepted.</summary>
/// <param name="Socket">The socket.</param>
/// <param name="Stream">What is read and written.</param>
/// <param name="Tls">TLS; null without.</param>
/// <param name="Mood">How it is treated.</param>
public sealed record SocConnection(Socket Socket, Stream Stream, SslStream? Tls, SocMood Mood)
{
    /// <summary>Whether our side was closed by <see cref="SocListener.HalfClose"/> before anything was answered.</summary>
    public bool IsHalfClosed { get; set; }

    /// <summary>Ends it as a machine does that fails: with a reset.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        Socket.Close();
    }

    /// <summary>Ends it in order.</summary>
    public async Task CloseAsync()
    {
        if (Tls is not null)
        {
            await Tls.ShutdownAsync();
        }

        Socket.Shutdown(SocketShutdown.Both);
    }
}

/// <summary>The listening part of a fake receiver on loopback, over TCP or TLS. It can crash, restart on its port, freeze and close half-way.</summary>
public sealed class SocListener : IAsyncDisposable
{
    // Source: tcp(7), TCP_INFO.
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;
    private const byte FinWait2 = 5;

    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<SocMood> moods = new();
    private readonly ConcurrentDictionary<Socket, Task> serving = new();
    private readonly ConcurrentDictionary<Socket, SocConnection> connections = new();
    private readonly ConcurrentQueue<Exception> failures = new();
    private readonly Func<SocConnection, CancellationToken, Task> serve;
    private readonly SocFreeze freeze = new();
    private TcpListener listener;
    private Task accepting;

    /// <summary>Starts listening.</summary>
    /// <param name="tls">For TLS; null for TCP.</param>
    /// <param name="serve">Serves a connection.</param>
    /// <param name="port">Where; 0 takes any free one, which another program may take while this one is down.</param>
    public SocListener(SocTls? tls, Func<SocConnection, CancellationToken, Task> serve, int port = 0)
    {
        (Tls, this.serve) = (tls, serve);
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync(listener);
    }

    public int Port { get; }

    /// <summary>The TLS of the next connections; null for TCP.</summary>
    public SocTls? Tls { get; set; }

    /// <summary>Connections so far.</summary>
    public int Connections { get; private set; }

    /// <summary>Connections that are open now.</summary>
    public int Open => serving.Count;

    /// <summary>Reads and writes that wait for <see cref="Thaw"/>.</summary>
    public int Waiting => freeze.Waiting;

    /// <summary>Clients so far that went away from a certificate that must be refused.</summary>
    public int Refused { get; private set; }

    /// <summary>What broke a rule of the receiver so far; also thrown at the end.</summary>
    public IReadOnlyCollection<Exception> Failures => failures;

    /// <summary>How the next connections are treated; afterwards they are taken.</summary>
    public void Next(params ReadOnlySpan<SocMood> next)
    {
        foreach (var mood in next)
        {
            moods.Enqueue(mood);
        }
    }

    /// <summary>Dies: resets every connection and listens no more. What it stored stays.</summary>
    /// <returns>Connections that were cut.</returns>
    public int Crash()
    {
        listener.Dispose();
        var cut = 0;
        foreach (var (socket, _) in serving)
        {
            try
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                socket.Close();
                cut++;
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // Ended meanwhile.
            }
        }

        return cut;
    }

    /// <summary>Listens again on its port, after <see cref="Crash"/>.</summary>
    public async Task RestartAsync()
    {
        await accepting;
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        accepting = AcceptAsync(listener);
    }

    /// <summary>Reads and writes nothing, and answers no handshake, until <see cref="Thaw"/>; connections stay open.</summary>
    public void Freeze() => freeze.Begin();

    /// <summary>Goes on.</summary>
    /// <returns>Reads and writes that had to wait.</returns>
    public int Thaw() => freeze.End();

    /// <summary>Closes our side of every open connection whose client is still sending.</summary>
    /// <returns>Connections so closed: nothing of the client's own end had come by then.</returns>
    public int HalfClose()
    {
        var closed = 0;
        foreach (var (socket, connection) in connections)
        {
            try
            {
                socket.Shutdown(SocketShutdown.Send);
                if (SpinWait.SpinUntil(() => State(socket) == FinWait2, TimeSpan.FromMilliseconds(2)))
                {
                    connection.IsHalfClosed = true;
                    closed++;
                }
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // Ended meanwhile.
            }
        }

        return closed;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting;
        await Task.WhenAll(serving.Values);
        stop.Dispose();
        if (failures.TryPeek(out var first))
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }
    }

    private static byte State(Socket socket)
    {
        Span<byte> info = stackalloc byte[sizeof(int)];
        socket.GetRawSocketOption(TcpLevel, TcpInfo, info);
        return info[0];
    }

    private async Task AcceptAsync(TcpListener from)
    {
        try
        {
            while (true)
            {
                var socket = await from.AcceptSocketAsync(stop.Token);
                Connections++;
                var served = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                serving[socket] = served.Task;
                _ = ServeToTheEndAsync(socket, moods.TryDequeue(out var mood) ? mood : SocMood.Takes, served);
            }
        }
        catch (Exception end)
            when (end
                    is OperationCanceledException
                        or SocketException
                        or ObjectDisposedException
                        or InvalidOperationException
            )
        {
            // Crashed, or over.
        }
    }

    private async Task ServeToTheEndAsync(Socket socket, SocMood mood, TaskCompletionSource served)
    {
        try
        {
            await ServeAsync(socket, mood);
        }
        catch (Exception broken)
        {
            failures.Enqueue(broken);
        }
        finally
        {
            connections.TryRemove(socket, out _);
            serving.TryRemove(socket, out _);
            served.SetResult();
        }
    }

    private async Task ServeAsync(Socket socket, SocMood mood)
    {
        using (socket)
        {
            try
            {
                await using var network = new SocStream(new NetworkStream(socket, ownsSocket: false), freeze);
                if (Tls is not { } tls)
                {
                    await ServeAsync(new SocConnection(socket, network, Tls: null, mood));
                    return;
                }

                await using var secured = new SslStream(network, leaveInnerStreamOpen: true);
                if (tls.MustBeRefused)
                {
                    await BeRefusedAsync(secured, tls);
                    return;
                }

                await AuthenticateAsync(secured, tls);
                await ServeAsync(new SocConnection(socket, secured, secured, mood));
            }
            catch (Exception cut)
                when (cut
                        is IOException
                            or SocketException
                            or OperationCanceledException
                            or AuthenticationException
                            or ObjectDisposedException
                )
            {
                // A connection that the test or the client cut.
            }
        }
    }

    // With TLS 1.3 the client looks at the certificate when the handshake is over for the server.
    private async Task BeRefusedAsync(SslStream secured, SocTls tls)
    {
        var said = 0;
        try
        {
            await AuthenticateAsync(secured, tls);
            said = await secured.ReadAsync(new byte[1], stop.Token);
        }
        catch (Exception refused) when (refused is IOException or AuthenticationException)
        {
            // As it must be.
        }

        if (said > 0)
        {
            throw new InvalidOperationException("a client trusted a certificate that it must refuse");
        }

        Refused++;
    }

    private Task AuthenticateAsync(SslStream secured, SocTls tls) =>
        secured.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = tls.Certificate,
                ClientCertificateRequired = tls.AsksForCertificate,
                RemoteCertificateValidationCallback = (_, shown, _, _) => !tls.AsksForCertificate || shown is not null,
            },
            stop.Token
        );

    private Task ServeAsync(SocConnection connection)
    {
        connections[connection.Socket] = connection;
        return serve(connection, stop.Token);
    }
}
