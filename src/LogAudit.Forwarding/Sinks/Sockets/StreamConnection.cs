using System.Net.Security;
using System.Net.Sockets;

namespace LogAudit.Forwarding;

/// <summary>A connection to a receiver, over TCP or TLS.</summary>
internal sealed class StreamConnection : IDisposable
{
    private readonly EndWatch transport;
    private readonly SslStream? tls;

    private StreamConnection(Socket socket, bool isTls)
    {
        Socket = socket;
        transport = new EndWatch(new NetworkStream(socket, ownsSocket: true));
        tls = isTls ? new SslStream(transport, leaveInnerStreamOpen: true) : null;
    }

    /// <summary>The socket below.</summary>
    public Socket Socket { get; }

    /// <summary>What is read and written.</summary>
    public Stream Stream => tls ?? (Stream)transport;

    /// <summary>What TLS runs on; without TLS the same as <see cref="Stream"/>.</summary>
    public Stream Transport => transport;

    /// <summary>Whether TLS ended without being announced (<c>close_notify</c>). Always false without TLS.</summary>
    public bool EndedUnannounced => tls is not null && transport.Ended;

    /// <summary>Connects and, for TLS, checks the receiver's certificate.</summary>
    /// <remarks>With TLS 1.3 a receiver that refuses our own certificate says so only afterwards: the next read fails.</remarks>
    public static async Task<StreamConnection> OpenAsync(SocketTarget target, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target.Host, target.Address.Port, cancel);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var connection = new StreamConnection(socket, target.IsTls);
        try
        {
            if (connection.tls is { } tls)
            {
                await tls.AuthenticateAsClientAsync(target.Trust.Options(target.ServerName), cancel);
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Ends our side; the receiver may still speak.</summary>
    public async Task EndAsync()
    {
        if (tls is not null)
        {
            await tls.ShutdownAsync();
        }

        Socket.Shutdown(SocketShutdown.Send);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        tls?.Dispose();
        transport.Dispose();
    }
}
