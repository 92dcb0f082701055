using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace LogAudit.Testing;

/// <summary>Ends TLS on loopback and passes the bytes on to a receiver that speaks plaintext only.</summary>
public sealed class TlsFront : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly X509Certificate2 certificate;
    private readonly bool asksForCertificate;
    private readonly int behind;
    private readonly TaskCompletionSource refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task accepting;

    /// <summary>Starts listening.</summary>
    /// <param name="certificate">Shown to clients.</param>
    /// <param name="asksForCertificate">Whether a client must show one.</param>
    /// <param name="behind">Port of the receiver.</param>
    public TlsFront(X509Certificate2 certificate, bool asksForCertificate, int behind)
    {
        (this.certificate, this.asksForCertificate, this.behind) = (certificate, asksForCertificate, behind);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Subjects of the certificates that clients showed.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Shown { get; } = new();

    /// <summary>Ends when a handshake has failed, by whichever side.</summary>
    public Task Refused => refused.Task;

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
                open.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token)));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var tls = new SslStream(client.GetStream());
                await AuthenticateAsync(tls);
                using var receiver = new TcpClient();
                await receiver.ConnectAsync(IPAddress.Loopback, behind, stop.Token);
                await using var plain = receiver.GetStream();
                await Task.WhenAny(tls.CopyToAsync(plain, stop.Token), plain.CopyToAsync(tls, stop.Token));
            }
            catch (Exception cut)
                when (cut is IOException or SocketException or OperationCanceledException or AuthenticationException)
            {
                // A connection that the test or the client cut.
            }
        }
    }

    private async Task AuthenticateAsync(SslStream tls)
    {
        try
        {
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = certificate,
                    ClientCertificateRequired = asksForCertificate,
                    RemoteCertificateValidationCallback = (_, shown, _, _) => Take(shown),
                },
                stop.Token
            );
        }
        catch (Exception failed) when (failed is IOException or AuthenticationException)
        {
            refused.TrySetResult();
            throw;
        }
    }

    private bool Take(X509Certificate? shown)
    {
        if (shown is not null)
        {
            Shown.Enqueue(shown.Subject);
        }

        return !asksForCertificate || shown is not null;
    }
}
