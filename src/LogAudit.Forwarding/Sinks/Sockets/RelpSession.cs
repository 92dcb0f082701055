using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace LogAudit.Forwarding;

/// <summary>An open RELP session. Not safe for several threads.</summary>
internal sealed class RelpSession : IDisposable
{
    private const int ChunkBytes = 64 * 1024;

    private static readonly byte[] Offers = Encoding.ASCII.GetBytes(
        "relp_version=0\nrelp_software=logaudit\ncommands=syslog"
    );

    private readonly StreamConnection connection;
    private readonly PooledBuffer outgoing = new(ChunkBytes + 1024);
    private readonly byte[] incoming = new byte[RelpFrame.MostData + 64];
    private int received;
    private int next = 1;
    private bool inOrder = true;

    private RelpSession(StreamConnection connection) => this.connection = connection;

    /// <summary>Whether so many more messages can be sent: the receiver has not ended it, and the transaction numbers last.</summary>
    /// <remarks>Between batches a receiver has nothing to say but that it closes.</remarks>
    public bool IsReadyFor(int messages) =>
        inOrder
        && next <= RelpFrame.LastTransaction - messages - 1
        && !connection.Socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Connects and agrees on the session.</summary>
    /// <exception cref="IOException">The receiver refuses it or does not speak RELP.</exception>
    public static async Task<RelpSession> OpenAsync(SocketTarget target, CancellationToken cancel)
    {
        var session = new RelpSession(await StreamConnection.OpenAsync(target, cancel));
        try
        {
            RelpFrame.Append(session.next++, "open"u8, Offers, session.outgoing);
            await session.FlushAsync(cancel);
            for (var agreed = false; !agreed; )
            {
                await session.ReceiveAsync(cancel);
                agreed = session.TakeOpening();
            }

            return session;
        }
        catch
        {
            session.inOrder = false;
            session.Dispose();
            throw;
        }
    }

    /// <summary>Sends messages and notes the answer to each in the report. What is not answered when it throws is open.</summary>
    /// <param name="batch">The records.</param>
    /// <param name="indices">Which of them.</param>
    /// <param name="options">Window and limit.</param>
    /// <param name="report">Gets an outcome with each answer.</param>
    /// <param name="exchange">Its time begins anew with every answer.</param>
    public async Task SendAsync(
        EncodedBatch batch,
        List<int> indices,
        RelpOptions options,
        DeliveryReport report,
        Exchange exchange
    )
    {
        inOrder = false;
        var open = new RelpWindow(next, indices, report);
        while (open.Unanswered > 0)
        {
            while (open.Sent < indices.Count && open.Outstanding < options.Window && outgoing.Length < ChunkBytes)
            {
                var message = options.Limit.Cut(batch.Body(indices[open.Sent]));
                RelpFrame.Append(next++, "syslog"u8, message.Span, outgoing);
                open.Sent++;
            }

            await FlushAsync(exchange.Token);
            if (open.Outstanding == options.Window || open.Sent == indices.Count)
            {
                await ReceiveAsync(exchange.Token);
                TakeAnswers(open);
                exchange.Continue();
            }
        }

        inOrder = true;
    }

    /// <summary>Ends the session; says so to the receiver where the session is in order, and does not wait for its answer: everything is answered.</summary>
    public void Dispose()
    {
        try
        {
            if (inOrder)
            {
                outgoing.Clear();
                RelpFrame.Append(next, "close"u8, default, outgoing);
                connection.Stream.Write(outgoing.Written);
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException)
        {
            // It ended the session itself.
        }
        finally
        {
            connection.Dispose();
            outgoing.Dispose();
        }
    }

    private async Task FlushAsync(CancellationToken cancel)
    {
        if (outgoing.Length == 0)
        {
            return;
        }

        try
        {
            await connection.Stream.WriteAsync(outgoing.Memory, cancel);
            await connection.Stream.FlushAsync(cancel);
            outgoing.Clear();
        }
        catch (IOException)
        {
            // What the receiver said before it went, such as why it refuses our certificate, says more than a broken pipe.
            await ReceiveAsync(cancel);
            throw;
        }
    }

    private async Task ReceiveAsync(CancellationToken cancel)
    {
        var read = await connection.Stream.ReadAsync(incoming.AsMemory(received), cancel);
        if (read == 0)
        {
            throw new IOException("the receiver closed the connection with messages unanswered");
        }

        received += read;
    }

    // True when the receiver has agreed.
    private bool TakeOpening()
    {
        var at = 0;
        if (!TryTakeAnswer(ref at, out var transaction, out var code, out var offers))
        {
            return false;
        }

        if (transaction != 1)
        {
            throw OutsideProtocol();
        }

        if (code != 200)
        {
            throw new IOException(
                string.Create(CultureInfo.InvariantCulture, $"the receiver refused the session with {code}")
            );
        }

        CheckOffers(Encoding.UTF8.GetString(offers));
        Forget(at);
        return true;
    }

    // An answer without relp_version forbids the session; one with other commands only has no use for us.
    private static void CheckOffers(string text)
    {
        var offers = text.Split('\n')
            .Select(line => line.Split('=', 2))
            .ToLookup(offer => offer[0], offer => offer[^1], StringComparer.Ordinal);
        if (!offers.Contains("relp_version"))
        {
            throw new IOException("the receiver did not agree on a RELP version");
        }

        if (!offers["commands"].Any(commands => commands.Split(',').Contains("syslog", StringComparer.Ordinal)))
        {
            throw new IOException("the receiver does not offer the command syslog");
        }
    }

    private void TakeAnswers(RelpWindow open)
    {
        var at = 0;
        while (TryTakeAnswer(ref at, out var transaction, out var code, out _))
        {
            if (!open.Note(transaction, code))
            {
                throw OutsideProtocol();
            }
        }

        Forget(at);
    }

    // Hints, transaction 0, want no answer; the one that matters ends the session.
    private bool TryTakeAnswer(scoped ref int at, out int transaction, out int code, out ReadOnlySpan<byte> rest)
    {
        while (true)
        {
            var status = RelpFrame.TryRead(incoming.AsSpan(at, received - at), out var frame, out var length);
            at += length;
            (transaction, code) = (frame.Transaction, 0);
            rest = default;
            if (status == OperationStatus.NeedMoreData)
            {
                return false;
            }

            if (status == OperationStatus.Done && frame.Transaction == 0)
            {
                if (frame.Command.SequenceEqual("serverclose"u8))
                {
                    throw new IOException("the receiver closed the session (serverclose)");
                }

                continue;
            }

            return
                status == OperationStatus.Done
                && frame.Command.SequenceEqual("rsp"u8)
                && frame.TryAnswer(out code, out rest)
                ? true
                : throw OutsideProtocol();
        }
    }

    private void Forget(int bytes)
    {
        incoming.AsSpan(bytes, received - bytes).CopyTo(incoming);
        received -= bytes;
    }

    private static IOException OutsideProtocol() =>
        new("what came back is not an answer of RELP to what was sent; check that the port is RELP's");
}
