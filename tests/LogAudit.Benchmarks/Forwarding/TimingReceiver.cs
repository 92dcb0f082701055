using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LogAudit.Benchmarks;

/// <summary>A receiver that reads the time of writing out of every record and keeps how long each was on its way.</summary>
internal sealed class TimingReceiver : IAsyncDisposable
{
    private const int MostMs = 120_000;
    private const int Digits = 13;

    private static readonly byte[] Mark = Encoding.ASCII.GetBytes($"{TimedRecords.Tag}\":\"");

    private readonly long[] byMs = new long[MostMs + 1];
    private readonly Receiver receiver;

    public TimingReceiver() => receiver = new Receiver(ReadAsync);

    public int Port => receiver.Port;

    /// <summary>Counted records that came.</summary>
    public long Count => byMs.Sum();

    /// <summary>Waits until so many counted records are there, or the time is over.</summary>
    public async Task WaitForAsync(long records, TimeSpan most)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (Count < records && TimeProvider.System.GetElapsedTime(began) < most)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    /// <summary>The delay that a share of the records did not exceed, ms; the longest that is counted where more than that share never came.</summary>
    /// <param name="share">0 to 1.</param>
    /// <param name="of">Records that were to come.</param>
    public double Percentile(double share, long of)
    {
        var left = of * share;
        var ms = 0;
        while (ms < MostMs && (left -= byMs[ms]) > 0)
        {
            ms++;
        }

        return ms;
    }

    public ValueTask DisposeAsync() => receiver.DisposeAsync();

    private async Task ReadAsync(Socket socket, CancellationToken stop)
    {
        var block = new byte[256 * 1024];
        for (var kept = 0; ; )
        {
            var more = await socket.ReceiveAsync(block.AsMemory(kept), stop);
            if (more == 0)
            {
                return;
            }

            kept = Take(block, kept + more);
        }
    }

    // Counts the records of a block, moves what may be the beginning of another to its front, and gives its length.
    private int Take(byte[] block, int length)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var at = 0;
        while (
            block.AsSpan(at, length - at).IndexOf(Mark) is >= 0 and var found
            && length - at - found >= Mark.Length + Digits
        )
        {
            at += found + Mark.Length;
            if (Utf8Parser.TryParse(block.AsSpan(at, Digits), out long sent, out var digits) && digits == Digits)
            {
                Interlocked.Increment(ref byMs[Math.Clamp(now - sent, 0, MostMs)]);
            }
        }

        var rest = Math.Min(length - at, Mark.Length + Digits - 1);
        block.AsSpan(length - rest, rest).CopyTo(block);
        return rest;
    }
}
