using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Xunit;

namespace LogAudit.Testing;

/// <summary>A syslog receiver on loopback, over TCP or TLS.</summary>
public sealed class SyslogSoc : IAsyncDisposable
{
    private readonly bool lines;
    private readonly Action<string> stored;

    /// <summary>Starts listening.</summary>
    /// <param name="tls">For TLS; null for TCP.</param>
    /// <param name="lines">Whether a message ends at a line feed; otherwise its bytes are counted in front of it.</param>
    /// <param name="stored">Gets what is stored, which is not kept then; null keeps it in <see cref="Messages"/>.</param>
    /// <param name="port">Where; 0 takes any free one.</param>
    public SyslogSoc(SocTls? tls = null, bool lines = false, Action<string>? stored = null, int port = 0)
    {
        this.lines = lines;
        this.stored = stored ?? Messages.Enqueue;
        Listener = new SocListener(tls, ReadAsync, port);
    }

    public int Port => Listener.Port;

    /// <summary>What listens, to be disturbed.</summary>
    public SocListener Listener { get; }

    /// <summary>Messages of connections that ended in order, in the order of arrival.</summary>
    public ConcurrentQueue<string> Messages { get; } = new();

    /// <summary>Connections so far.</summary>
    public int Connections => Listener.Connections;

    /// <summary>How the next connections are treated; afterwards they are taken.</summary>
    public void Next(params ReadOnlySpan<SocMood> next) => Listener.Next(next);

    public ValueTask DisposeAsync() => Listener.DisposeAsync();

    private async Task ReadAsync(SocConnection connection, CancellationToken stop)
    {
        using var all = new MemoryStream();
        var block = new byte[16 * 1024];
        for (int read; (read = await connection.Stream.ReadAsync(block, stop)) > 0; )
        {
            all.Write(block, 0, read);
            if (connection.Mood == SocMood.Cuts)
            {
                connection.Reset();
                return;
            }
        }

        if (connection.Mood == SocMood.Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
        }

        // One that closed its side early stores nothing over TLS, where its end lacks close_notify. Over TCP the client may have ended its
        // side meanwhile, what it sent still on its way: then the early end is one in order, and what was read is stored.
        if (connection.Mood == SocMood.Dies || (connection.IsHalfClosed && connection.Tls is not null))
        {
            connection.Socket.Close();
            return;
        }

        foreach (var message in lines ? Lines(all.ToArray()) : Counted(all.ToArray()))
        {
            stored(message);
        }

        await connection.CloseAsync();
    }

    private static IEnumerable<string> Lines(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return text[..^1].Split('\n');
    }

    // A client that was killed leaves a message unfinished; it is none.
    private static IEnumerable<string> Counted(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length; )
        {
            var space = Array.IndexOf(bytes, (byte)' ', at);
            if (space < 0)
            {
                yield break;
            }

            var length = int.Parse(
                Encoding.ASCII.GetString(bytes, at, space - at),
                NumberStyles.None,
                CultureInfo.InvariantCulture
            );
            if (space + 1 + length > bytes.Length)
            {
                yield break;
            }

            yield return Encoding.UTF8.GetString(bytes, space + 1, length);
            at = space + 1 + length;
        }
    }
}
