using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

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
}

/// <summary>A syslog receiver on loopback: octet counting over TCP or TLS.</summary>
public sealed class SyslogSoc : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2? certificate;
    private readonly bool asksForCertificate;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<SocMood> moods = new();
    private readonly Task accepting;

    /// <summary>Starts listening.</summary>
    /// <param name="certificate">For TLS; null for TCP.</param>
    /// <param name="asksForCertificate">Whether a client must show a certificate.</param>
    public SyslogSoc(X509Certificate2? certificate = null, bool asksForCertificate = false)
    {
        this.certificate = certificate;
        this.asksForCertificate = asksForCertificate;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Messages of connections that ended in order, in the order of arrival.</summary>
    public ConcurrentQueue<string> Messages { get; } = new();

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
                if (certificate is null)
                {
                    await ReadAsync(socket, network, null, mood);
                    return;
                }

                await using var tls = new SslStream(network, leaveInnerStreamOpen: true);
                await tls.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificate = certificate,
                        ClientCertificateRequired = asksForCertificate,
                        RemoteCertificateValidationCallback = (_, shown, _, _) =>
                            !asksForCertificate || shown is not null,
                    },
                    stop.Token
                );
                await ReadAsync(socket, tls, tls, mood);
            }
            catch (Exception cut)
                when (cut
                        is IOException
                            or SocketException
                            or OperationCanceledException
                            or System.Security.Authentication.AuthenticationException
                )
            {
                // A connection that the test or the client cut.
            }
        }
    }

    private async Task ReadAsync(Socket socket, Stream stream, SslStream? tls, SocMood mood)
    {
        using var all = new MemoryStream();
        var block = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(block, stop.Token)) > 0; )
        {
            all.Write(block, 0, read);
            if (mood == SocMood.Cuts)
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                socket.Close();
                return;
            }
        }

        if (mood == SocMood.Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token);
        }

        if (mood == SocMood.Dies)
        {
            socket.Close();
            return;
        }

        Frames(all.ToArray());
        if (tls is not null)
        {
            await tls.ShutdownAsync();
        }

        socket.Shutdown(SocketShutdown.Both);
    }

    private void Frames(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length; )
        {
            var space = Array.IndexOf(bytes, (byte)' ', at);
            var length = int.Parse(
                Encoding.ASCII.GetString(bytes, at, space - at),
                NumberStyles.None,
                CultureInfo.InvariantCulture
            );
            Messages.Enqueue(Encoding.UTF8.GetString(bytes, space + 1, length));
            at = space + 1 + length;
        }
    }
}
