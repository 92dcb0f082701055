using System.Net;
using System.Net.Sockets;
using System.Text;
using LogAudit.Cli.Demo;

namespace LogAudit.Cli.Tests.Demo;

public sealed class SocReceiverTests
{
    [Fact]
    public async Task Octet_counted_messages_are_stored_a_line_each_before_the_orderly_close()
    {
        await using var soc = new Soc();
        using var sender = await soc.ConnectAsync();

        await sender.SendAsync("5 hello11 two words\u00e94 last"u8.ToArray());
        sender.Shutdown(SocketShutdown.Send);

        Assert.Equal(0, await sender.ReceiveAsync(new byte[1]));
        Assert.Equal(["hello", "two words\u00e9", "last"], soc.Lines());
        Assert.Equal(3, soc.Receiver.Received);
    }

    [Fact]
    public async Task Messages_in_pieces_are_put_together()
    {
        await using var soc = new Soc();
        using var sender = await soc.ConnectAsync();
        sender.NoDelay = true;

        foreach (var piece in Encoding.UTF8.GetBytes("12 split in two3 end").Chunk(1))
        {
            await sender.SendAsync(piece);
        }

        sender.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await sender.ReceiveAsync(new byte[1]));
        Assert.Equal(["split in two", "end"], soc.Lines());
    }

    [Theory]
    [InlineData("hello world, no count")]
    [InlineData("3 one-2 x")]
    [InlineData("0 ")]
    [InlineData("99999999999 x")]
    [InlineData("8388609 x")]
    [InlineData("noblankatallandnoendinsightforalongtime")]
    public async Task What_is_not_octet_counted_ends_with_a_reset(string garbage)
    {
        await using var soc = new Soc();
        using var sender = await soc.ConnectAsync();

        await sender.SendAsync(Encoding.UTF8.GetBytes(garbage));

        await AssertResetAsync(sender);
    }

    [Theory]
    [InlineData("5 hel")]
    [InlineData("5 hello7")]
    [InlineData("5 hello7 ")]
    public async Task A_message_that_breaks_off_is_not_confirmed(string text)
    {
        await using var soc = new Soc();
        using var sender = await soc.ConnectAsync();

        await sender.SendAsync(Encoding.UTF8.GetBytes(text));
        sender.Shutdown(SocketShutdown.Send);

        await AssertResetAsync(sender);
    }

    [Fact]
    public async Task Senders_at_once_do_not_mix_their_lines()
    {
        await using var soc = new Soc();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 8),
            async (number, cancel) =>
            {
                using var sender = await soc.ConnectAsync();
                for (var i = 0; i < 50; i++)
                {
                    var line = $"sender {number} line {i:00}";
                    await sender.SendAsync(Encoding.UTF8.GetBytes($"{line.Length} {line}"), cancel);
                }

                sender.Shutdown(SocketShutdown.Send);
                Assert.Equal(0, await sender.ReceiveAsync(new byte[1], cancel));
            }
        );

        Assert.Equal(400, soc.Lines().Length);
        Assert.All(soc.Lines(), line => Assert.Matches("^sender [0-7] line [0-9]{2}$", line));
        Assert.Equal(400, soc.Lines().Distinct().Count());
    }

    [Fact]
    public async Task Ending_the_receiver_confirms_nothing_that_is_still_open()
    {
        Socket sender;
        await using (var soc = new Soc())
        {
            sender = await soc.ConnectAsync();
            await sender.SendAsync("5 hello"u8.ToArray());
        }

        using (sender)
        {
            await AssertResetAsync(sender);
        }
    }

    private static async Task AssertResetAsync(Socket sender)
    {
        var failure = await Assert.ThrowsAsync<SocketException>(async () =>
            Assert.NotEqual(0, await sender.ReceiveAsync(new byte[1]))
        );
        Assert.Equal(SocketError.ConnectionReset, failure.SocketErrorCode);
    }

    /// <summary>A receiver with its file.</summary>
    private sealed class Soc : IAsyncDisposable
    {
        private readonly TemporaryFolder folder = new();

        public Soc() => Receiver = new SocReceiver(folder.Of("received.log"));

        public SocReceiver Receiver { get; }

        public async Task<Socket> ConnectAsync()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, Receiver.Port);
            return socket;
        }

        public string[] Lines()
        {
            using var reader = new StreamReader(
                new FileStream(folder.Of("received.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
            );
            return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }

        public async ValueTask DisposeAsync()
        {
            await Receiver.DisposeAsync();
            folder.Dispose();
        }
    }
}
