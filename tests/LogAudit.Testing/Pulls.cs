using System.Text;
using LogAudit.Sls;

namespace LogAudit.Testing;

/// <summary>A log for <see cref="Pulls"/>.</summary>
/// <param name="Seconds">Unix seconds.</param>
/// <param name="Fields">In order.</param>
public sealed record TestLog(uint Seconds, params (string Name, byte[] Value)[] Fields)
{
    /// <summary>From texts.</summary>
    public static TestLog Of(uint seconds, params (string Name, string Value)[] fields) =>
        new(seconds, [.. fields.Select(field => (field.Name, Encoding.UTF8.GetBytes(field.Value)))]);
}

/// <summary>A group for <see cref="Pulls"/>.</summary>
public sealed record TestGroup(string Topic, IReadOnlyList<TestLog> Logs)
{
    public string Source { get; init; } = "";
    public IReadOnlyList<(string Name, string Value)> Tags { get; init; } = [];

    /// <summary>Bytes that stand in place of the group; to break it.</summary>
    public byte[]? Raw { get; init; }
}

/// <summary>Answers of PullLogs, written by hand in the wire format.</summary>
public static class Pulls
{
    /// <summary>An answer whose groups have the cursors from <paramref name="first"/> on.</summary>
    public static PulledLogs Of(LogTarget target, int shard, long first, params IReadOnlyList<TestGroup> groups)
    {
        using var body = new MemoryStream();
        foreach (var group in groups)
        {
            Field(body, 0x0A, group.Raw ?? Encode(group));
        }

        var source = new PullSource(target.Project, target.Logstore, shard, Cursor.Of(first));
        var headers = new PullHeaders(
            Cursor.Of(first + groups.Count),
            groups.Count,
            body.Length,
            LogCompression.None,
            groups.Count == 0 ? null : first + groups.Count - 1,
            "test"
        );
        return PulledLogs.Decode(source, headers, body.ToArray(), int.MaxValue);
    }

    private static byte[] Encode(TestGroup group)
    {
        using var to = new MemoryStream();
        foreach (var log in group.Logs)
        {
            using var one = new MemoryStream();
            one.WriteByte(0x08);
            Varint(one, log.Seconds);
            foreach (var (name, value) in log.Fields)
            {
                Pair(one, 0x12, Encoding.UTF8.GetBytes(name), value);
            }

            Field(to, 0x0A, one.ToArray());
        }

        Text(to, 0x1A, group.Topic);
        Text(to, 0x22, group.Source);
        foreach (var (name, value) in group.Tags)
        {
            Pair(to, 0x32, Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        }

        return to.ToArray();
    }

    private static void Pair(MemoryStream to, byte tag, byte[] name, byte[] value)
    {
        using var pair = new MemoryStream();
        Field(pair, 0x0A, name);
        Field(pair, 0x12, value);
        Field(to, tag, pair.ToArray());
    }

    private static void Text(MemoryStream to, byte tag, string text)
    {
        if (text.Length > 0)
        {
            Field(to, tag, Encoding.UTF8.GetBytes(text));
        }
    }

    private static void Field(MemoryStream to, byte tag, byte[] bytes)
    {
        to.WriteByte(tag);
        Varint(to, (uint)bytes.Length);
        to.Write(bytes);
    }

    private static void Varint(MemoryStream to, uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            to.WriteByte((byte)(value | 0x80));
        }

        to.WriteByte((byte)value);
    }
}
