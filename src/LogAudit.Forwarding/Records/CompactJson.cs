namespace LogAudit.Forwarding;

/// <summary>Walks JSON that this program wrote itself: valid and without white space. Finds where names and values stand, and copies nothing.</summary>
/// <remarks>Give it the inside of an object or a list, without its brackets.</remarks>
internal ref struct CompactJson(ReadOnlySpan<byte> inside)
{
    private readonly ReadOnlySpan<byte> inside = inside;
    private int at;

    /// <summary>Name of the member, as it is escaped.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The value, with its quotes or brackets.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Where the member begins: at the quote before its name.</summary>
    public int Start { get; private set; }

    /// <summary>Where the value begins.</summary>
    public int ValueStart { get; private set; }

    /// <summary>Where the value ends.</summary>
    public readonly int ValueEnd => ValueStart + Value.Length;

    /// <summary>Moves to the next member of an object.</summary>
    public bool NextMember()
    {
        if (at >= inside.Length)
        {
            return false;
        }

        Start = at;
        var end = StringEnd(at);
        Name = inside[(at + 1)..(end - 1)];
        at = end + 1;
        Take();
        return true;
    }

    /// <summary>Moves to the next item of a list.</summary>
    public bool NextItem()
    {
        if (at >= inside.Length)
        {
            return false;
        }

        Take();
        return true;
    }

    /// <summary>The member at a path of names with dots between them; a name may hold dots itself. Empty when there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> members, ReadOnlySpan<byte> path)
    {
        for (var member = new CompactJson(members); member.NextMember(); )
        {
            if (!path.StartsWith(member.Name))
            {
                continue;
            }

            if (path.Length == member.Name.Length)
            {
                return member.Value;
            }

            if (
                path[member.Name.Length] == (byte)'.'
                && member.Value[0] == (byte)'{'
                && Find(member.Value[1..^1], path[(member.Name.Length + 1)..]) is { Length: > 0 } deeper
            )
            {
                return deeper;
            }
        }

        return [];
    }

    private void Take()
    {
        ValueStart = at;
        switch (inside[at])
        {
            case (byte)'"':
                at = StringEnd(at);
                break;
            case (byte)'{' or (byte)'[':
                SkipBrackets();
                break;
            default:
                var length = inside[at..].IndexOf((byte)',');
                at = length < 0 ? inside.Length : at + length;
                break;
        }

        Value = inside[ValueStart..at];
        at++;
    }

    private void SkipBrackets()
    {
        var depth = 0;
        do
        {
            at += inside[at..].IndexOfAny("\"{}[]"u8);
            if (inside[at] == (byte)'"')
            {
                at = StringEnd(at);
                continue;
            }

            depth += inside[at++] is (byte)'{' or (byte)'[' ? 1 : -1;
        } while (depth > 0);
    }

    // Behind the closing quote of the string that begins at a place.
    private readonly int StringEnd(int start)
    {
        for (var end = start + 1; ; )
        {
            end += inside[end..].IndexOfAny((byte)'"', (byte)'\\');
            if (inside[end] == (byte)'"')
            {
                return end + 1;
            }

            end += 2;
        }
    }
}
