using System.Text;

namespace LogAudit.Sls.Tests.Reading;

/// <summary>Writes valid LogGroupLists in every shape the wire allows: fields in any order, repeated single fields, unknown fields, padded numbers.</summary>
internal sealed class RandomWire(int seed)
{
    private readonly Random random = new(seed);

    public (byte[] Raw, int Groups) List()
    {
        var groups = random.Next(0, 5);
        var parts = Enumerable.Range(0, groups).Select(_ => Field(1, Group())).ToList();
        Unknowns(parts, [1]);
        return (Shuffled(parts, keepOrder: random.Next(2) == 0), groups);
    }

    private byte[] Group()
    {
        List<byte[]> parts = [.. Enumerable.Range(0, random.Next(0, 6)).Select(_ => Field(1, Log()))];
        Some(parts, 2, 2);
        Some(parts, 3, 2);
        Some(parts, 4, 2);
        Some(parts, 5, 1);
        for (var i = random.Next(0, 4); i > 0; i--)
        {
            parts.Add(Field(6, Pair()));
        }

        Unknowns(parts, [1, 2, 3, 4, 5, 6]);
        return Shuffled(parts, keepOrder: random.Next(2) == 0);
    }

    private byte[] Log()
    {
        List<byte[]> parts = [Varint(8, (ulong)random.NextInt64(1L << 32))];
        var fields = random.Next(4) == 0 ? random.Next(60, 140) : random.Next(0, 12);
        for (var i = 0; i < fields; i++)
        {
            parts.Add(Field(2, Pair()));
        }

        if (random.Next(2) == 0)
        {
            parts.Add([0x25, .. BitConverter.GetBytes((uint)random.Next(1_000_000_000))]);
        }

        if (random.Next(8) == 0)
        {
            parts.Add(Varint(8, (ulong)random.Next()));
        }

        Unknowns(parts, [1, 2, 4]);
        return Shuffled(parts, keepOrder: random.Next(3) != 0);
    }

    private byte[] Pair()
    {
        List<byte[]> parts = [Field(1, Text()), Field(2, Text())];
        if (random.Next(10) == 0)
        {
            parts.Add(Field(random.Next(1, 3), Text()));
        }

        Unknowns(parts, [1, 2]);
        return Shuffled(parts, keepOrder: random.Next(4) != 0);
    }

    private byte[] Text()
    {
        var length = random.Next(40) switch
        {
            0 => 0,
            1 or 2 or 3 => random.Next(120, 140),
            4 => random.Next(16_370, 16_400),
            _ => random.Next(1, 40),
        };
        var text = new StringBuilder();
        while (text.Length < length)
        {
            text.Append(random.Next(8) == 0 ? "审计😀é" : ((char)random.Next(32, 127)).ToString());
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private void Some(List<byte[]> parts, int field, int most)
    {
        for (var i = random.Next(0, most + 1); i > 0; i--)
        {
            parts.Add(Field(field, Text()));
        }
    }

    private void Unknowns(List<byte[]> parts, int[] known)
    {
        if (random.Next(4) != 0)
        {
            return;
        }

        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var field = random.Next(3) == 0 ? random.Next(16, 5000) : random.Next(7, 16);
            if (!known.Contains(field))
            {
                parts.Add(Unknown((uint)field, depth: 0));
            }
        }
    }

    private byte[] Unknown(uint field, int depth) =>
        random.Next(depth < 3 ? 5 : 4) switch
        {
            0 => [.. Number(field << 3), .. Number((ulong)random.NextInt64())],
            1 => [.. Number((field << 3) | 1), .. BitConverter.GetBytes(random.NextInt64())],
            2 => [.. Number((field << 3) | 2), .. Number(5), 1, 2, 3, 4, 5],
            3 => [.. Number((field << 3) | 5), .. BitConverter.GetBytes(random.Next())],
            _ => [.. Number((field << 3) | 3), .. Unknown(9, depth + 1), .. Number((field << 3) | 4)],
        };

    private byte[] Field(int field, byte[] bytes) =>
        [(byte)((field << 3) | 2), .. Number((ulong)bytes.Length, padded: random.Next(40) == 0), .. bytes];

    private static byte[] Varint(byte tag, ulong value) => [tag, .. Number(value)];

    private byte[] Shuffled(List<byte[]> parts, bool keepOrder)
    {
        var order = parts.ToArray();
        if (!keepOrder)
        {
            random.Shuffle(order);
        }

        return [.. order.SelectMany(part => part)];
    }

    private static byte[] Number(ulong value, bool padded = false)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.AddRange(padded ? [(byte)(value | 0x80), 0] : [(byte)value]);
        return [.. bytes];
    }
}
