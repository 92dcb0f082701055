using System.Net;
using System.Net.Sockets;

namespace LogAudit.Forwarding.Tests.Sinks;

public sealed class OrderlyEndTests
{
    [Fact]
    public async Task An_end_of_the_peer_before_ours_is_known_although_nobody_reads()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var ours = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await ours.ConnectAsync(listener.LocalEndpoint);
        using var peer = await listener.AcceptSocketAsync();

        var before = OrderlyEnd.IsEndedByPeer(ours);
        peer.Shutdown(SocketShutdown.Send);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!OrderlyEnd.IsEndedByPeer(ours))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, patience.Token);
        }

        ours.Shutdown(SocketShutdown.Send);

        Assert.False(before);
        Assert.False(OrderlyEnd.IsEndedByPeer(ours));
    }
}
