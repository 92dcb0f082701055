using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace LogAudit.Forwarding;

/// <summary>Fields of a record in the order in which they came. No two of them are written under the same name, so that no reader of JSON drops one.</summary>
/// <param name="scratch">The scratch bytes of the record.</param>
internal sealed class FieldList(PooledBuffer scratch)
{
    private RestField[] fields = new RestField[64];
    private int count;
    private ulong seen;
    private bool someLookLikeTags;

    // The round in which each name was last added: a round is a record.
    private long[] rounds = new long[FieldNames.Most];
    private long round = 1;

    /// <summary>The fields.</summary>
    public ReadOnlySpan<RestField> Fields => fields.AsSpan(0, count);

    /// <summary>Puts a field in the place of another.</summary>
    public void Set(int place, RestField field) => fields[place] = field;

    /// <summary>Drops all fields from a place on.</summary>
    public void Truncate(int length) => count = length;

    /// <summary>Empties the list.</summary>
    public void Clear()
    {
        (count, seen, someLookLikeTags) = (0, 0, false);
        round++;
    }

    /// <summary>The bit by which a name is looked for first: most records repeat no name, and then nothing is compared.</summary>
    public static ulong Bit(ulong hash) => 1UL << (int)(hash >> 58);

    /// <summary>Appends a field whose name is known.</summary>
    /// <param name="body">The pulled bytes.</param>
    /// <param name="name">Where its name stands.</param>
    /// <param name="value">Where its value stands.</param>
    /// <param name="known">What its name decides.</param>
    public void Add(ReadOnlySpan<byte> body, FieldValue name, FieldValue value, FieldName known)
    {
        if (!known.IsUnlikeOthers || !IsFirst(known.Number))
        {
            Add(body, name, value, known.Hash, isTag: false);
            return;
        }

        if (count == fields.Length)
        {
            Array.Resize(ref fields, fields.Length * 2);
        }

        seen |= Bit(known.Hash);
        fields[count++] = new(name, value, IsTag: false, Repeated: 0, known.Opening);
    }

    /// <summary>Appends a field.</summary>
    /// <param name="body">The pulled bytes.</param>
    /// <param name="name">Where its name stands.</param>
    /// <param name="value">Where its value stands.</param>
    /// <param name="hash"><see cref="FieldTable.Hash"/> of the name.</param>
    /// <param name="isTag">Whether it is a tag of the group. Tags come after fields.</param>
    public void Add(ReadOnlySpan<byte> body, FieldValue name, FieldValue value, ulong hash, bool isTag)
    {
        if (count == fields.Length)
        {
            Array.Resize(ref fields, fields.Length * 2);
        }

        var text = Text(body, name);
        if (!Ascii.IsValid(text) && !Utf8.IsValid(text))
        {
            // Two broken names could become the same one when they are written.
            name = Repaired(text);
            text = Text(body, name);
            hash = FieldTable.Hash(text);
        }

        someLookLikeTags |= !isTag && text.StartsWith(RestField.TagPrefix);
        var repeated = (seen & Bit(hash)) == 0 && !(isTag && someLookLikeTags) ? 0 : Repetitions(body, text, isTag);
        seen |= Bit(hash);
        if (repeated > 0 || text.Contains((byte)'#'))
        {
            repeated = FirstFree(body, text, isTag, repeated, count);
        }

        fields[count++] = new(name, value, isTag, (byte)Math.Min(repeated, byte.MaxValue), Opening: default);
    }

    /// <summary>Numbers the fields whose names are members of a JSON text already.</summary>
    /// <param name="body">The pulled bytes.</param>
    /// <param name="members">Valid JSON members without braces.</param>
    /// <param name="names">The <see cref="Bit"/>s of their names; all of them when a name is written with escapes.</param>
    /// <param name="from">The first field that is not numbered yet.</param>
    public void NumberAfter(ReadOnlySpan<byte> body, ReadOnlySpan<byte> members, ulong names, int from = 0)
    {
        // The last first: each then finds the number free that the one before it had.
        for (var at = count - 1; at >= from && (seen & names) != 0; at--)
        {
            var name = Text(body, fields[at].Name);
            if (
                (names & Bit(FieldTable.Hash(name))) != 0
                && !fields[at].IsTag
                && (names == ulong.MaxValue || members.IndexOf(name) >= 0)
                && Holds(members, name)
            )
            {
                var repeated = FirstFree(body, name, isTag: false, fields[at].Repeated + 1, at);
                fields[at] = fields[at] with { Repeated = (byte)Math.Min(repeated, byte.MaxValue) };
            }
        }
    }

    private bool IsFirst(int number)
    {
        if (number >= rounds.Length)
        {
            Array.Resize(ref rounds, Math.Max(number + FieldNames.Most, rounds.Length * 2));
        }

        var isFirst = rounds[number] != round;
        rounds[number] = round;
        return isFirst;
    }

    // A field may really be called like the number that a repeated name gets: a#2.
    private int FirstFree(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name, bool isTag, int repeated, int place)
    {
        while (IsTaken(body, name, isTag, repeated, place))
        {
            repeated++;
        }

        return repeated;
    }

    private bool IsTaken(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name, bool isTag, int repeated, int place)
    {
        using var written = new PooledBuffer(name.Length + RestField.TagPrefix.Length + 16);
        using var other = new PooledBuffer(name.Length + RestField.TagPrefix.Length + 16);
        WriteName(written, name, isTag, repeated);
        for (var at = 0; at < count; at++)
        {
            other.Clear();
            WriteName(other, Text(body, fields[at].Name), fields[at].IsTag, fields[at].Repeated);
            if (at != place && other.Written.SequenceEqual(written.Written))
            {
                return true;
            }
        }

        return false;
    }

    private static void WriteName(PooledBuffer to, ReadOnlySpan<byte> name, bool isTag, int repeated)
    {
        if (isTag)
        {
            to.Append(RestField.TagPrefix);
        }

        to.Append(name);
        if (repeated > 0)
        {
            to.Append((byte)'#');
            Utf8Formatter.TryFormat(repeated + 1, to.GetSpan(11), out var digits);
            to.Advance(digits);
        }
    }

    private int Repetitions(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name, bool isTag)
    {
        var repeated = 0;
        for (var at = 0; at < count; at++)
        {
            var other = Text(body, fields[at].Name);
            if (isTag && !fields[at].IsTag)
            {
                other = other.StartsWith(RestField.TagPrefix) ? other[RestField.TagPrefix.Length..] : default;
                repeated += !other.IsEmpty && other.SequenceEqual(name) ? 1 : 0;
            }
            else
            {
                repeated += fields[at].IsTag == isTag && other.SequenceEqual(name) ? 1 : 0;
            }
        }

        return repeated;
    }

    private FieldValue Repaired(ReadOnlySpan<byte> name)
    {
        var start = scratch.Length;
        while (name.Length > 0)
        {
            Rune.DecodeFromUtf8(name, out var rune, out var length);
            scratch.Advance(rune.EncodeToUtf8(scratch.GetSpan(4)));
            name = name[length..];
        }

        return new(start, scratch.Length - start, ValueForm.Text, InScratch: true);
    }

    private static bool Holds(ReadOnlySpan<byte> members, ReadOnlySpan<byte> name)
    {
        using var json = new PooledBuffer(members.Length + 2);
        json.Append((byte)'{');
        json.Append(members);
        json.Append((byte)'}');
        var reader = new Utf8JsonReader(json.Written, new JsonReaderOptions { MaxDepth = 128 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(name))
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private ReadOnlySpan<byte> Text(ReadOnlySpan<byte> body, FieldValue value) =>
        (value.InScratch ? scratch.Written : body).Slice(value.Start, value.Length);
}
