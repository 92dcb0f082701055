namespace LogAudit.Fuzz;

/// <summary>Feeds mutated inputs to a parser. An input may be taken or refused by the parser's own exception; anything else is a finding.</summary>
public abstract class Fuzzer(int seed)
{
    /// <summary>Source of every choice, so that a run can be repeated.</summary>
    protected Random Random { get; } = new(seed);

    /// <summary>Inputs that the parser took.</summary>
    public long Taken { get; private set; }

    /// <summary>Inputs that the parser refused as it should.</summary>
    public long Refused { get; private set; }

    /// <summary>What went wrong, with the input in Base64; null when nothing did.</summary>
    public string? Finding { get; private set; }

    /// <summary>Runs so many inputs, or up to the first finding.</summary>
    /// <returns>Inputs run.</returns>
    public int Run(int inputs)
    {
        for (var i = 0; i < inputs; i++)
        {
            var input = Next();
            try
            {
                if (Parse(input))
                {
                    Taken++;
                }
                else
                {
                    Refused++;
                }
            }
#pragma warning disable CA1031 // Whatever comes out of the parser is the finding.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Finding = $"seed {seed}, input {Convert.ToBase64String(input)}: {fault}";
                return i + 1;
            }
        }

        return inputs;
    }

    /// <summary>Makes the next input.</summary>
    protected abstract byte[] Next();

    /// <summary>Parses. True when taken, false when refused by the parser's own exception; other exceptions pass through.</summary>
    protected abstract bool Parse(byte[] input);

    /// <summary>Changes an input at a few places: flips, overwrites, cuts, repeats, inserts.</summary>
    protected byte[] Mutate(byte[] input)
    {
        List<byte> bytes = [.. input];
        for (var i = Random.Next(1, 5); i > 0 && bytes.Count > 0; i--)
        {
            var at = Random.Next(bytes.Count);
            switch (Random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << Random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)Random.Next(256);
                    break;
                case 2:
                    bytes[at] = Edges[Random.Next(Edges.Length)];
                    break;
                case 3:
                    bytes.RemoveRange(at, Random.Next(1, Math.Min(16, bytes.Count - at) + 1));
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, Random.Next(1, Math.Min(64, bytes.Count - at) + 1)));
                    break;
                default:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)0xFF, Random.Next(1, 11)));
                    break;
            }
        }

        return [.. bytes];
    }

    private static readonly byte[] Edges =
    [
        0x00,
        0x01,
        0x7F,
        0x80,
        0xFF,
        0x08,
        0x0A,
        0x12,
        0x1A,
        0x25,
        0x32,
        0x7B,
        0x7C,
    ];
}
