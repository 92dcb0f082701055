using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace LogAudit.Cli.Demo;

/// <summary>A syslog receiver for the demo: octet-counted messages over TCP (RFC 6587), one line each in a file.</summary>
/// <remarks>A connection is closed only after everything received on it is in the file, so that the sender's orderly close means "stored".</remarks>
internal sealed class SocReceiver : IAsyncDisposable
{
    private const int MaxMessageBytes = 8 * 1024 * 1024;
    private const int MaxCountDigits = 7;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly FileStream file;
    private readonly Task accepting;
    private long received;

    public SocReceiver(string path)
    {
        file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>The port of <c>127.0.0.1</c> on which it listens.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Messages stored so far.</summary>
    public long Received => Interlocked.Read(ref received);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        await file.DisposeAsync();
        writing.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.RemoveAll(connection => connection.IsCompleted);
                connections.Add(ReceiveAsync(await listener.AcceptSocketAsync(stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ReceiveAsync(Socket socket)
    {
        using (socket)
        {
            await using var stream = new NetworkStream(socket);
            var reader = PipeReader.Create(stream);
            try
            {
                while (true)
                {
                    var read = await reader.ReadAsync(stop.Token);
                    var buffer = read.Buffer;
                    await StoreAsync(TakeMessages(ref buffer));
                    if (read.IsCompleted && !buffer.IsEmpty)
                    {
                        throw new FormatException("the last message breaks off");
                    }

                    reader.AdvanceTo(buffer.Start, buffer.End);
                    if (read.IsCompleted)
                    {
                        socket.Shutdown(SocketShutdown.Send);
                        return;
                    }
                }
            }
            catch (Exception error)
                when (error is IOException or SocketException or OperationCanceledException or FormatException)
            {
                // Without our orderly close the sender sends again what followed its last confirmed batch.
                socket.Close(0);
            }
        }
    }

    private static ArrayBufferWriter<byte> TakeMessages(ref ReadOnlySequence<byte> buffer)
    {
        var lines = new ArrayBufferWriter<byte>();
        while (buffer.PositionOf((byte)' ') is { } space)
        {
            var digits = buffer.Slice(0, space).ToArray();
            if (
                !System.Buffers.Text.Utf8Parser.TryParse(digits, out int length, out var used)
                || used != digits.Length
                || length is < 1 or > MaxMessageBytes
            )
            {
                throw new FormatException("not an octet-counted message");
            }

            var rest = buffer.Slice(buffer.GetPosition(1, space));
            if (rest.Length < length)
            {
                break;
            }

            foreach (var part in rest.Slice(0, length))
            {
                lines.Write(part.Span);
            }

            lines.Write("\n"u8);
            buffer = rest.Slice(length);
        }

        // A count that is still without its blank.
        return buffer.Length <= MaxCountDigits || buffer.PositionOf((byte)' ') is not null
            ? lines
            : throw new FormatException("not an octet-counted message");
    }

    private async Task StoreAsync(ArrayBufferWriter<byte> lines)
    {
        if (lines.WrittenCount == 0)
        {
            return;
        }

        await writing.WaitAsync(stop.Token);
        try
        {
            await file.WriteAsync(lines.WrittenMemory, stop.Token);
            await file.FlushAsync(stop.Token);
            Interlocked.Add(ref received, lines.WrittenSpan.Count((byte)'\n'));
        }
        finally
        {
            writing.Release();
        }
    }
}
