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
public sealed record SocTls(X509Certificate2 Certificate, bool AsksForCertificate = false);

/// <summary>A connection that a fake receiver accepted.</summary>
/// <param name="Socket">The socket.</param>
/// <param name="Stream">What is read and written.</param>
/// <param name="Tls">TLS; null without.</param>
/// <param name="Mood">How it is treated.</param>
public sealed record SocConnection(Socket Socket, Stream Stream, SslStream? Tls, SocMood Mood)
{
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

/// <summary>The listening part of a fake receiver on loopback, over TCP or TLS.</summary>
public sealed class SocListener : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<SocMood> moods = new();
    private readonly SocTls? tls;
    private readonly Func<SocConnection, CancellationToken, Task> serve;
    private readonly Task accepting;

    /// <summary>Starts listening.</summary>
    /// <param name="tls">For TLS; null for TCP.</param>
    /// <param name="serve">Serves a connection.</param>
    public SocListener(SocTls? tls, Func<SocConnection, CancellationToken, Task> serve)
    {
        (this.tls, this.serve) = (tls, serve);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Connections so far.</summary>
    public int Connections { get; private set; }

    /// <summary>How the next connections are treated; afterwards they are taken.</summary>
    public void Next(params ReadOnlySpan<SocMood> next)
    {
        foreach (var mood in next)
        {
            moods.Enqueue(mood);
        }
    }

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
                var socket = await listener.AcceptSocketAsync(stop.Token);
                Connections++;
                open.Add(ServeAsync(socket, moods.TryDequeue(out var mood) ? mood : SocMood.Takes));
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
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(Socket socket, SocMood mood)
    {
        using (socket)
        {
            try
            {
                await using var network = new NetworkStream(socket, ownsSocket: false);
                if (tls is null)
                {
                    await serve(new SocConnection(socket, network, Tls: null, mood), stop.Token);
                    return;
                }

                await using var secured = new SslStream(network, leaveInnerStreamOpen: true);
                await secured.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificate = tls.Certificate,
                        ClientCertificateRequired = tls.AsksForCertificate,
                        RemoteCertificateValidationCallback = (_, shown, _, _) =>
                            !tls.AsksForCertificate || shown is not null,
                    },
                    stop.Token
                );
                await serve(new SocConnection(socket, secured, secured, mood), stop.Token);
            }
            catch (Exception cut)
                when (cut is IOException or SocketException or OperationCanceledException or AuthenticationException)
            {
                // A connection that the test or the client cut.
            }
        }
    }
}
