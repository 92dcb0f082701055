using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Xunit;

namespace LogAudit.Testing;

/// <summary>A syslog receiver on loopback, over TCP or TLS.</summary>
public sealed class SyslogSoc : IAsyncDisposable
{
    private readonly SocListener listener;
    private readonly bool lines;

    /// <summary>Starts listening.</summary>
    /// <param name="tls">For TLS; null for TCP.</param>
    /// <param name="lines">Whether a message ends at a line feed; otherwise its bytes are counted in front of it.</param>
    public SyslogSoc(SocTls? tls = null, bool lines = false)
    {
        this.lines = lines;
        listener = new SocListener(tls, ReadAsync);
    }

    public int Port => listener.Port;

    /// <summary>Messages of connections that ended in order, in the order of arrival.</summary>
    public ConcurrentQueue<string> Messages { get; } = new();

    /// <summary>Connections so far.</summary>
    public int Connections => listener.Connections;

    /// <summary>How the next connections are treated; afterwards they are taken.</summary>
    public void Next(params ReadOnlySpan<SocMood> next) => listener.Next(next);

    public ValueTask DisposeAsync() => listener.DisposeAsync();

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

        if (connection.Mood == SocMood.Dies)
        {
            connection.Socket.Close();
            return;
        }

        foreach (var message in lines ? Lines(all.ToArray()) : Counted(all.ToArray()))
        {
            Messages.Enqueue(message);
        }

        await connection.CloseAsync();
    }

    private static IEnumerable<string> Lines(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return text[..^1].Split('\n');
    }

    private static IEnumerable<string> Counted(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length; )
        {
            var space = Array.IndexOf(bytes, (byte)' ', at);
            var length = int.Parse(
                Encoding.ASCII.GetString(bytes, at, space - at),
                NumberStyles.None,
                CultureInfo.InvariantCulture
            );
            yield return Encoding.UTF8.GetString(bytes, space + 1, length);
            at = space + 1 + length;
        }
    }
}
