using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LogAudit.Testing;

/// <summary>A UDP receiver on loopback.</summary>
/// <remarks>Loopback delivers before the sender's call returns, and the buffer holds some hundred messages: nothing has to be waited for.</remarks>
public sealed class UdpSoc : IAsyncDisposable
{
    private readonly List<string> messages = [];
    private Socket? socket;

    /// <summary>Takes a port, and listens on it unless told otherwise.</summary>
    public UdpSoc(bool listens = true)
    {
        if (listens)
        {
            Listen();
        }
    }

    public int Port { get; } = Peers.FreePort();

    /// <summary>Begins to listen, unless it does.</summary>
    public void Listen()
    {
        if (socket is not null)
        {
            return;
        }

        socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveBufferSize = 1024 * 1024,
        };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, Port));
    }

    /// <summary>Datagrams so far, in the order of arrival.</summary>
    public IReadOnlyList<string> Messages()
    {
        var datagram = new byte[65_536];
        while (socket is { Available: > 0 })
        {
            messages.Add(Encoding.UTF8.GetString(datagram, 0, socket.Receive(datagram)));
        }

        return messages;
    }

    public ValueTask DisposeAsync()
    {
        socket?.Dispose();
        return ValueTask.CompletedTask;
    }
}
