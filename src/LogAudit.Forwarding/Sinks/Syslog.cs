using System.Net.Sockets;

namespace LogAudit.Forwarding;

/// <summary>Options of sink <c>syslog</c>.</summary>
public sealed record SyslogOptions
{
    /// <summary>The receiver, and by the scheme of its address the transport.</summary>
    public required SocketTarget Target { get; init; }

    /// <summary>How long a message may be. Default 8192 bytes, the size that every TLS receiver should take; 2048 over UDP. Many receivers cut longer ones silently.</summary>
    /// <value>480–16,777,216 bytes; over UDP at most 65,507, and above 1472 usually in fragments. Source: RFC 5425, section 4.3.1; RFC 5426, section 3.2.</value>
    public MessageLimit Limit { get; init; } = new(8192);

    /// <summary>How messages are told apart on a stream. Default octet counting, the only framing of RFC 5425.</summary>
    public Framing Framing { get; init; }

    /// <summary>Whether the end of the receiver's TLS stream must be announced (<c>close_notify</c>). Default true.</summary>
    /// <remarks>A receiver that dies after reading but before writing closes without it; turning this off gives that proof up.</remarks>
    public bool NeedsCloseNotify { get; init; } = true;

    /// <summary>Reads the options of a destination.</summary>
    public static SyslogOptions From(OptionReader options)
    {
        var target = SocketTarget.From(options, ["tls", "tcp", "udp"], port: 6514);
        if (target.IsUdp)
        {
            options.RefuseIdle("with an address that is udp://", "framing", "close-notify");
            return new SyslogOptions { Target = target, Limit = MessageLimit.From(options, 2048, 65_507) };
        }

        if (!target.IsTls)
        {
            options.RefuseIdle("with an address that is not tls://", "close-notify");
        }

        return new SyslogOptions
        {
            Target = target,
            Limit = MessageLimit.From(options, 8192, 16 * 1024 * 1024),
            Framing = Framings.From(options),
            NeedsCloseNotify = !options.Choice("close-notify", "required", "optional"),
        };
    }
}

/// <summary>Sink <c>syslog</c>: one message a record, over TLS, TCP or UDP; one connection per batch.</summary>
/// <remarks>
/// Syslog has no acknowledgement. Over TCP and TLS a batch counts as accepted only by an orderly close: all bytes sent, our side shut
/// down, the receiver's end of stream read within the time-out, the connection ended without a reset (see <see cref="OrderlyEnd"/>).
/// Everything else sends the whole batch again.
/// Over UDP nothing tells whether a datagram arrived: the sink does not acknowledge. Only a host that says that nobody listens there is
/// noticed. Nothing slows us down either; the rate limit of the destination is the only protection of a slow receiver.
/// Sources: RFC 5425, RFC 5426, RFC 6587 section 3.4.
/// </remarks>
public sealed class Syslog(SyslogOptions options, TimeProvider time) : ISink
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Formats that syslog carries.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["rfc5424", "rfc3164", "cef", "leef"];

    /// <inheritdoc/>
    public string Name => "syslog";

    /// <inheritdoc/>
    public bool Acknowledges => !options.Target.IsUdp;

    /// <inheritdoc/>
    public async Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel)
    {
        var report = new DeliveryReport(batch.Count);
        var fitting = options.Limit.Fitting(batch, report);
        if (fitting.Count == 0)
        {
            return report;
        }

        var problem = await Exchange.RunAsync(
            options.Target,
            time,
            exchange =>
                options.Target.IsUdp
                    ? SendDatagramsAsync(batch, fitting, exchange.Token)
                    : SendStreamAsync(batch, fitting, exchange.Token),
            cancel
        );
        report.Set(
            fitting,
            problem.Length == 0 ? RecordOutcome.Accepted.Value : options.Target.Retry(fitting.Count, problem)
        );
        return report;
    }

    /// <inheritdoc/>
    public void Dispose() { }

    // Returns what went wrong; empty when the receiver closed in order.
    private async Task<string> SendStreamAsync(EncodedBatch batch, List<int> indices, CancellationToken cancel)
    {
        using var connection = await StreamConnection.OpenAsync(options.Target, cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);

        // Read from the start: with TLS 1.3 the refusal of a certificate arrives only as an alert after the handshake.
        var closed = ReadToEndAsync(connection.Stream, stop.Token);
        bool unannounced;
        try
        {
            await WriteAsync(connection.Stream, batch, indices, closed, cancel);
            if (closed.IsCompletedSuccessfully || OrderlyEnd.IsEndedByPeer(connection.Socket))
            {
                return "the receiver closed before the batch was sent";
            }

            await connection.EndAsync();
            await closed;
            unannounced = connection.EndedUnannounced;
            await ReadToEndAsync(connection.Transport, stop.Token);
        }
        catch (Exception gone) when (gone is IOException or SocketException)
        {
            // The connection is gone, so reading ends too; what the receiver said before says more than a broken pipe.
            await closed;
            throw;
        }
        catch
        {
            await stop.CancelAsync();
            await ((Task)closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return options.NeedsCloseNotify && unannounced
            ? "the receiver ended the connection without close_notify, as a receiver does that dies"
            : await OrderlyEnd.ProblemAsync(connection.Socket, time, cancel);
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
            options.Framing.Append(options.Limit.Cut(batch.Body(index)).Span, chunk);
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

    // A syslog receiver says nothing; what it says all the same is read and forgotten.
    private static async Task ReadToEndAsync(Stream stream, CancellationToken cancel)
    {
        var ignored = new byte[1024];
        while (await stream.ReadAsync(ignored, cancel) > 0) { }
    }

    // Connected, because only a connected socket hears that nobody listens (ICMP, port unreachable).
    private async Task<string> SendDatagramsAsync(EncodedBatch batch, List<int> indices, CancellationToken cancel)
    {
        using var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(options.Target.Host, options.Target.Address.Port, cancel);
        foreach (var index in indices)
        {
            await socket.SendAsync(options.Limit.Cut(batch.Body(index)), SocketFlags.None, cancel);
        }

        return socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is 0
            ? ""
            : "nobody listens there";
    }
}
