using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace LogAudit.Testing;

/// <summary>A strict RELP receiver on loopback: refuses, by a failure of its test, what the specification does not allow a client.</summary>
public sealed partial class RelpSoc : IAsyncDisposable
{
    /// <summary>Messages that it answers before it ends a session in <see cref="SocMood.Dies"/> and <see cref="SocMood.Leaves"/>.</summary>
    public const int AnsweredBeforeTheEnd = 10;

    private readonly Func<string, string> answer;
    private readonly string opening;
    private readonly Action<string> stored;
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts listening.</summary>
    /// <param name="tls">For TLS; null for TCP.</param>
    /// <param name="answer">What it answers a message; <c>200 OK</c> where absent.</param>
    /// <param name="opening">What it answers <c>open</c>.</param>
    /// <param name="stored">Gets what is stored, which is not kept then; null keeps it in <see cref="Messages"/>.</param>
    /// <param name="port">Where; 0 takes any free one.</param>
    public RelpSoc(
        SocTls? tls = null,
        Func<string, string>? answer = null,
        string opening = "200 OK\nrelp_version=0\nrelp_software=soc\ncommands=syslog",
        Action<string>? stored = null,
        int port = 0
    )
    {
        this.answer = answer ?? (_ => "200 OK");
        this.opening = opening;
        this.stored = stored ?? Messages.Enqueue;
        Listener = new SocListener(tls, ServeAsync, port);
    }

    public int Port => Listener.Port;

    /// <summary>What listens, to be disturbed.</summary>
    public SocListener Listener { get; }

    /// <summary>Messages that it answers before it cuts a connection in <see cref="SocMood.Cuts"/>, the last ones in part.</summary>
    public int AnsweredBeforeTheCut { get; set; }

    /// <summary>Messages that it answered with 200, in order.</summary>
    public ConcurrentQueue<string> Messages { get; } = new();

    /// <summary>Connections so far.</summary>
    public int Connections => Listener.Connections;

    /// <summary>Most messages that it had without having answered them.</summary>
    public int MostOutstanding { get; private set; }

    /// <summary>The client has ended a session with <c>close</c>.</summary>
    public Task Closed => closed.Task;

    /// <summary>The receiver has ended a session of <see cref="SocMood.Dies"/> or <see cref="SocMood.Leaves"/>.</summary>
    public Task Ended => ended.Task;

    /// <summary>How the next connections are treated; afterwards they are taken.</summary>
    public void Next(params ReadOnlySpan<SocMood> next) => Listener.Next(next);

    public ValueTask DisposeAsync() => Listener.DisposeAsync();

    private async Task ServeAsync(SocConnection connection, CancellationToken stop)
    {
        var received = new List<byte>();
        var block = new byte[256 * 1024];
        var (last, answered) = (0, 0);
        while (true)
        {
            var read = await connection.Stream.ReadAsync(block, stop);
            if (read == 0)
            {
                return;
            }

            received.AddRange(block.AsSpan(0, read));
            var frames = Frames(received);
            MostOutstanding = Math.Max(MostOutstanding, frames.Count(frame => frame.Command == "syslog"));
            using var answers = new MemoryStream();
            foreach (var (transaction, command, data) in frames)
            {
                Assert.Equal(last + 1, transaction);
                Assert.Equal(last == 0, command == "open");
                last = transaction;
                if (command == "open")
                {
                    Assert.Contains("relp_version=", data, StringComparison.Ordinal);
                    Assert.Contains("commands=syslog", data, StringComparison.Ordinal);
                    Write(answers, transaction, "rsp", opening);
                    continue;
                }

                if (command == "close")
                {
                    closed.TrySetResult();
                    Write(answers, transaction, "rsp", "");
                    Write(answers, 0, "serverclose", "");
                    continue;
                }

                Assert.Equal("syslog", command);
                if (connection.Mood == SocMood.Cuts && answered == AnsweredBeforeTheCut)
                {
                    await connection.Stream.WriteAsync(answers.ToArray().AsMemory(0, (int)answers.Length / 2), stop);
                    connection.Reset();
                    return;
                }

                if (connection.Mood == SocMood.Hangs)
                {
                    continue;
                }

                var said = answer(data);
                if (said.StartsWith("200", StringComparison.Ordinal))
                {
                    stored(data);
                }

                Write(answers, transaction, "rsp", said);
                if (++answered == AnsweredBeforeTheEnd && connection.Mood is SocMood.Dies or SocMood.Leaves)
                {
                    await EndAsync(connection, answers, stop);
                    return;
                }
            }

            await connection.Stream.WriteAsync(answers.ToArray(), stop);
        }
    }

    // What the client sends after it is read and forgotten, so that the answers before it are not lost to a reset.
    private async Task EndAsync(SocConnection connection, MemoryStream answers, CancellationToken stop)
    {
        if (connection.Mood == SocMood.Leaves)
        {
            Write(answers, 0, "serverclose", "");
        }

        await connection.Stream.WriteAsync(answers.ToArray(), stop);
        if (connection.Tls is not null)
        {
            await connection.Tls.ShutdownAsync();
        }

        connection.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        ended.TrySetResult();
        var forgotten = new byte[16 * 1024];
        while (await connection.Stream.ReadAsync(forgotten, stop) > 0) { }
    }

    // A frame is known only when it is whole; the grammar is read from the front. What is no whole frame yet stays.
    private static List<(int Transaction, string Command, string Data)> Frames(List<byte> received)
    {
        var frames = new List<(int, string, string)>();
        var bytes = CollectionsMarshal.AsSpan(received);
        var at = 0;
        while (true)
        {
            var rest = bytes[at..];
            var text = Encoding.Latin1.GetString(rest[..Math.Min(64, rest.Length)]);
            var head = Head().Match(text);
            if (!head.Success)
            {
                Assert.True(text.Length < 64, "what came is not a frame");
                break;
            }

            var length = int.Parse(head.Groups["length"].Value, CultureInfo.InvariantCulture);
            var start = head.Length - (length == 0 ? 1 : 0);
            Assert.Equal(length == 0 ? "\n" : " ", head.Groups["after"].Value);
            if (rest.Length <= start + length)
            {
                break;
            }

            Assert.Equal((byte)'\n', rest[start + length]);
            frames.Add(
                (
                    int.Parse(head.Groups["txnr"].Value, CultureInfo.InvariantCulture),
                    head.Groups["command"].Value,
                    Encoding.UTF8.GetString(rest.Slice(start, length))
                )
            );
            at += start + length + 1;
        }

        received.RemoveRange(0, at);
        return frames;
    }

    private static void Write(MemoryStream to, int transaction, string command, string data) =>
        to.Write(
            Encoding.UTF8.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{transaction} {command} {Encoding.UTF8.GetByteCount(data)}{(data.Length > 0 ? " " : "")}{data}\n"
                )
            )
        );

    [GeneratedRegex(
        "^(?<txnr>[1-9][0-9]{0,8}) (?<command>[A-Za-z]{1,32}) (?<length>[0-9]{1,9})(?<after>[ \n])",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Head();
}
