using K4os.Compression.LZ4;

namespace LogAudit.Benchmarks;

/// <summary>The least that can be done with a pull: unpack it and copy its bytes to where they are sent from.</summary>
internal sealed class CopyLoop(MixedCorpus corpus)
{
    private readonly byte[] raw = new byte[corpus.Pulls.Max(pull => pull.Raw.Length)];
    private readonly byte[] outgoing = new byte[corpus.Pulls.Max(pull => pull.Raw.Length)];

    public void Run()
    {
        foreach (var pull in corpus.Pulls)
        {
            var length = LZ4Codec.Decode(pull.Packed, raw);
            raw.AsSpan(0, length).CopyTo(outgoing);
        }
    }
}
