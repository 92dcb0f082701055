using System.Buffers;
using System.Text;

namespace LogAudit.Forwarding;

/// <summary>What a format writes instead of some ASCII characters. Bytes that are not UTF-8 become U+FFFD; nothing is dropped.</summary>
internal sealed class TextEscapes
{
    /// <summary>The most bytes that one byte of text can become: U+FFFD for a broken one.</summary>
    public const int MostGrowth = 3;

    private readonly byte[]?[] instead = new byte[0x80][];
    private readonly SearchValues<byte> plain;

    /// <summary>Control characters become spaces unless said otherwise: a line is a record in every line-based transport.</summary>
    /// <param name="pairs">Character and what is written for it, at most three bytes.</param>
    public TextEscapes(params ReadOnlySpan<(char One, string Instead)> pairs)
    {
        for (var one = 0; one < 0x20; one++)
        {
            instead[one] = [(byte)' '];
        }

        foreach (var (one, text) in pairs)
        {
            instead[one] = Encoding.ASCII.GetBytes(text);
        }

        plain = SearchValues.Create([
            .. Enumerable.Range(0, 0x80).Where(one => instead[one] is null).Select(one => (byte)one),
        ]);
    }

    /// <summary>Writes text.</summary>
    /// <param name="text">Raw UTF-8, possibly broken.</param>
    /// <param name="to">Has room for <see cref="MostGrowth"/> times the text.</param>
    /// <returns>Bytes written.</returns>
    public int Write(ReadOnlySpan<byte> text, Span<byte> to)
    {
        var written = 0;
        while (true)
        {
            var run = text.IndexOfAnyExcept(plain);
            var good = run < 0 ? text : text[..run];
            good.CopyTo(to[written..]);
            written += good.Length;
            if (run < 0)
            {
                return written;
            }

            text = text[run..];
            if (text[0] < 0x80)
            {
                var other = instead[text[0]];
                other.CopyTo(to[written..]);
                written += other!.Length;
                text = text[1..];
            }
            else
            {
                Rune.DecodeFromUtf8(text, out var rune, out var length);
                written += rune.EncodeToUtf8(to[written..]);
                text = text[length..];
            }
        }
    }
}
