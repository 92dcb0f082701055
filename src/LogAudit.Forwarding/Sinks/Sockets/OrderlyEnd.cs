using System.Buffers.Binary;
using System.Net.Sockets;

namespace LogAudit.Forwarding;

/// <summary>Whether a connection ended only after the peer had read everything.</summary>
/// <remarks>
/// An end of stream alone does not say so: a receiver that is told to stop closes its connections, with a TLS <c>close_notify</c>
/// even, and leaves unread what came last. But the peer's kernel then answers with a reset: at once for bytes that it holds
/// unread, later for bytes that come after the close. So the connection must be closed in both directions, ours acknowledged, without one.
/// Tried with rsyslog stopped in mid-batch: without this check up to 2,000 of 5,000 accepted records were not in its file.
/// A proxy that ends TCP itself can hide the reset. Source: RFC 1122, section 4.2.2.13; tcp(7), TCP_INFO.
/// </remarks>
internal static class OrderlyEnd
{
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;

    // TCP_CLOSE; the kernel also shows it for a connection in TIME_WAIT.
    private const byte Closed = 7;

    // TCP_CLOSE_WAIT: the peer has ended its side, we have not.
    private const byte EndedByPeer = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits for the end of a connection whose both directions were shut down.</summary>
    /// <returns>What went wrong; empty when it ended in order.</returns>
    public static async Task<string> ProblemAsync(Socket socket, TimeProvider time, CancellationToken cancel)
    {
        // Other systems cannot be asked; functions run on Linux.
        if (!OperatingSystem.IsLinux())
        {
            return "";
        }

        while (State(socket) != Closed)
        {
            await Task.Delay(Pause, time, cancel);
        }

        return socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is 0
            ? ""
            : "the receiver closed before it had read everything, as a receiver does that is stopped";
    }

    /// <summary>Whether the peer has already ended its side, before we end ours: what it has read by then it does not say.</summary>
    /// <remarks>The system knows it before a read that waits for it is told.</remarks>
    public static bool IsEndedByPeer(Socket socket) => OperatingSystem.IsLinux() && State(socket) == EndedByPeer;

    private static byte State(Socket socket)
    {
        Span<byte> info = stackalloc byte[sizeof(int)];
        socket.GetRawSocketOption(TcpLevel, TcpInfo, info);
        return (byte)BinaryPrimitives.ReadUInt32LittleEndian(info);
    }
}
