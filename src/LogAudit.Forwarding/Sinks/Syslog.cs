using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace LogAudit.Forwarding;

/// <summary>Options of sink <c>syslog</c>.</summary>
public sealed record SyslogOptions
{
    /// <summary>Where the receiver listens: <c>tls://soc.example.com:6514</c> or <c>tcp://10.0.0.9:514</c>.</summary>
    public required Uri Address { get; init; }

    /// <summary>Name that the receiver's certificate must carry. Default: the host of <see cref="Address"/>.</summary>
    public required string ServerName { get; init; }

    /// <summary>Trust of the TLS connection.</summary>
    public TlsTrust Trust { get; init; } = new(null, null, null);

    /// <summary>Time for one batch: connect, send, and wait for the receiver's close. Default 30 s.</summary>
    /// <value>1–600 s.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest message that the receiver takes. Default 8192, the size that every TLS receiver should take; many cut longer ones silently.</summary>
    /// <value>480–16,777,216 bytes.</value>
    public int MaxMessageBytes { get; init; } = 8192;

    /// <summary>What becomes of a longer message: <c>true</c> cuts it, <c>false</c> (default) makes it a dead letter.</summary>
    public bool Truncates { get; init; }

    /// <summary>Whether the end of the receiver's TLS stream must be announced (<c>close_notify</c>). Default true.</summary>
    /// <remarks>A receiver that dies after reading but before writing closes without it; turning this off gives that proof up.</remarks>
    public bool NeedsCloseNotify { get; init; } = true;

    /// <summary>Whether the connection is TLS.</summary>
    public bool IsTls => string.Equals(Address.Scheme, "tls", StringComparison.Ordinal);

    /// <summary>Reads the options of a destination.</summary>
    public static SyslogOptions From(OptionReader options)
    {
        var address = options.Address(
            "address",
            uri => uri.Scheme is "tls" or "tcp" && uri.Port > 0 && uri.Host.Length > 0 && uri.AbsolutePath is "" or "/",
            "tls://host:port or tcp://host:port",
            "tls://soc.example.com:6514"
        );
        address ??= new Uri("tls://invalid:6514");
        return new SyslogOptions
        {
            Address = address,
            ServerName = options.Text(
                "server-name",
                address.Host,
                text => Uri.CheckHostName(text) != UriHostNameType.Unknown,
                "a host name",
                "soc.example.com"
            ),
            Trust = TlsTrust.From(options),
            Timeout = TimeSpan.FromSeconds(options.Whole("timeout-seconds", 30, 1, 600)),
            MaxMessageBytes = (int)options.Whole("max-message-bytes", 8192, 480, 16 * 1024 * 1024),
            Truncates = Choice(options, "oversize", "dead-letter", "truncate"),
            NeedsCloseNotify = !Choice(options, "close-notify", "required", "optional"),
        };
    }

    private static bool Choice(OptionReader options, string name, string usual, string other) =>
        string.Equals(
            options.Text(
                name,
                usual,
                text =>
                    string.Equals(text, usual, StringComparison.Ordinal)
                    || string.Equals(text, other, StringComparison.Ordinal),
                $"{usual} or {other}",
                usual
            ),
            other,
            StringComparison.Ordinal
        );
}

/// <summary>Sink <c>syslog</c>: RFC 5424 messages over TCP or TLS in octet counting, one connection per batch.</summary>
/// <remarks>
/// Syslog has no acknowledgement. A batch counts as accepted only by an orderly close: all bytes sent, our side shut down,
/// the receiver's end of stream read within the time-out, the connection ended without a reset (see <see cref="OrderlyEnd"/>).
/// Everything else sends the whole batch again.
/// Sources: RFC 5425, RFC 6587 section 3.4.1.
/// </remarks>
public sealed class Syslog(SyslogOptions options, TimeProvider time) : ISink
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Formats that syslog carries.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["rfc5424", "rfc3164", "cef", "leef"];

    /// <inheritdoc/>
    public string Name => "syslog";

    /// <inheritdoc/>
    public bool Acknowledges => true;

    /// <inheritdoc/>
    public async Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel)
    {
        var report = new DeliveryReport(batch.Count);
        var fitting = Fitting(batch, report);
        if (fitting.Count == 0)
        {
            return report;
        }

        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        string problem;
        try
        {
            problem = await SendAsync(batch, fitting, either.Token);
        }
        catch (Exception fault) when (fault is IOException or SocketException or AuthenticationException)
        {
            problem = $"{fault.Message} {fault.InnerException?.Message}".TrimEnd();
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            problem = string.Create(
                CultureInfo.InvariantCulture,
                $"the receiver did not take the batch and close within {options.Timeout.TotalSeconds:0} s"
            );
        }

        RecordOutcome outcome =
            problem.Length == 0
                ? RecordOutcome.Accepted.Value
                : new RecordOutcome.Retry(
                    $"Sending {fitting.Count} messages to {options.Address.Host}:{options.Address.Port} failed: {problem}. Check that the receiver runs, its certificate and the network."
                );
        foreach (var index in fitting)
        {
            report[index] = outcome;
        }

        return report;
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private List<int> Fitting(EncodedBatch batch, DeliveryReport report)
    {
        var fitting = new List<int>(batch.Count);
        for (var index = 0; index < batch.Count; index++)
        {
            var length = batch.Body(index).Length;
            if (length <= options.MaxMessageBytes || options.Truncates)
            {
                fitting.Add(index);
            }
            else
            {
                report[index] = new RecordOutcome.Reject(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The message has {length} bytes; max-message-bytes is {options.MaxMessageBytes}."
                    )
                );
            }
        }

        return fitting;
    }

    // Returns what went wrong; empty when the receiver closed in order.
    private async Task<string> SendAsync(EncodedBatch batch, List<int> indices, CancellationToken cancel)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(options.Address.Host, options.Address.Port, cancel);
        await using var network = new EndWatch(new NetworkStream(socket, ownsSocket: false));
        await using var tls = options.IsTls ? new SslStream(network, leaveInnerStreamOpen: true) : null;
        if (tls is not null)
        {
            await tls.AuthenticateAsClientAsync(options.Trust.Options(options.ServerName), cancel);
        }

        // Read from the start: with TLS 1.3 the refusal of a certificate arrives only as an alert after the handshake.
        var stream = tls ?? (Stream)network;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var closed = ReadToEndAsync(stream, stop.Token);
        bool announced;
        try
        {
            await WriteAsync(stream, batch, indices, closed, cancel);
            if (closed.IsCompletedSuccessfully)
            {
                return "the receiver closed before the batch was sent";
            }

            if (tls is not null)
            {
                await tls.ShutdownAsync();
            }

            socket.Shutdown(SocketShutdown.Send);
            await closed;
            announced = tls is null || !network.Ended;
            await ReadToEndAsync(network, stop.Token);
        }
        catch
        {
            await stop.CancelAsync();
            await ((Task)closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return options.NeedsCloseNotify && !announced
            ? "the receiver ended the connection without close_notify, as a receiver does that dies"
            : await OrderlyEnd.ProblemAsync(socket, time, cancel);
    }

    private async Task WriteAsync(
        Stream stream,
        EncodedBatch batch,
        List<int> indices,
        Task closed,
        CancellationToken cancel
    )
    {
        using var chunk = new PooledBuffer(ChunkBytes + 1024);
        foreach (var index in indices)
        {
            var body = Whole(batch.Body(index));
            body.Length.TryFormat(chunk.GetSpan(12), out var digits, default, CultureInfo.InvariantCulture);
            chunk.Advance(digits);
            chunk.Append((byte)' ');
            chunk.Append(body.Span);
            if (chunk.Length >= ChunkBytes)
            {
                await stream.WriteAsync(chunk.Memory, cancel);
                chunk.Clear();
                if (closed.IsCompleted)
                {
                    await closed;
                    throw new IOException("the receiver closed in the middle of the batch");
                }
            }
        }

        await stream.WriteAsync(chunk.Memory, cancel);
        await stream.FlushAsync(cancel);
    }

    private ReadOnlyMemory<byte> Whole(ReadOnlyMemory<byte> body)
    {
        if (body.Length <= options.MaxMessageBytes)
        {
            return body;
        }

        var end = options.MaxMessageBytes;
        while (end > 0 && (body.Span[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return body[..end];
    }

    // A syslog receiver says nothing; what it says all the same is read and forgotten.
    private static async Task ReadToEndAsync(Stream stream, CancellationToken cancel)
    {
        var ignored = new byte[1024];
        while (await stream.ReadAsync(ignored, cancel) > 0) { }
    }
}
