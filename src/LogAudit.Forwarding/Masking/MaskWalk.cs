namespace LogAudit.Forwarding;

/// <summary>One walk over compact JSON. What stays is not copied before the first change, and not at all when there is none.</summary>
internal ref struct MaskWalk(MaskPass pass, MaskPlan plan, ReadOnlySpan<byte> json, PooledBuffer to, int nesting)
{
    private readonly ReadOnlySpan<byte> json = json;
    private int copied;
    private bool changed;

    /// <summary>Ends the walk.</summary>
    /// <returns>Whether anything changed, so that the buffer holds the new JSON.</returns>
    public readonly bool End()
    {
        if (changed)
        {
            to.Append(json[copied..]);
        }

        return changed;
    }

    /// <summary>Looks at a value that no rule names.</summary>
    public void Value(int start, int end, MaskNames? inside)
    {
        switch (json[start])
        {
            case (byte)'{':
                Members(start + 1, end - 1, inside);
                break;
            case (byte)'[':
                for (var item = new CompactJson(json[(start + 1)..(end - 1)]); item.NextItem(); )
                {
                    Value(start + 1 + item.ValueStart, start + 1 + item.ValueEnd, inside);
                }

                break;
            case (byte)'"':
                var text = pass.Masked(nesting);
                if (pass.Text(pass.Plain(json[(start + 1)..(end - 1)], nesting), inside, text, nesting))
                {
                    Put(start, end, text.Written);
                }

                break;
            case (byte)'t' or (byte)'f' or (byte)'n':
                break;
            default:
                var number = pass.Masked(nesting);
                if (pass.Matches(json[start..end], number))
                {
                    Put(start, end, number.Written);
                }

                break;
        }
    }

    /// <summary>Looks at the members of an object.</summary>
    public void Members(int start, int end, MaskNames? inside)
    {
        var kept = 0;
        for (var member = new CompactJson(json[start..end]); member.NextMember(); )
        {
            var name = pass.Name(member.Name);
            var entry = inside?.Find(name) ?? default;
            var (from, until) = (start + member.ValueStart, start + member.ValueEnd);
            if ((entry.Rule ?? plan.Free(name)) is not { } rule)
            {
                Value(from, until, entry.Deeper);
            }
            else if (rule.Removes)
            {
                // With the comma before it, or, where nothing stands before it, with the one behind.
                Cut(start + member.Start - (kept > 0 ? 1 : 0), kept > 0 ? until : Math.Min(until + 1, end));
                continue;
            }
            else if (Holds(from, until))
            {
                var value = pass.Masked(nesting);
                var isText = json[from] == (byte)'"';
                pass.Write(
                    rule,
                    isText ? pass.Plain(json[(from + 1)..(until - 1)], nesting) : json[from..until],
                    value
                );
                Put(from, until, value.Written);
            }

            kept++;
        }
    }

    // null, the empty text and an empty object say nothing about anybody.
    private readonly bool Holds(int start, int end) =>
        json[start] != (byte)'n' && (end - start > 2 || json[start] is not ((byte)'"' or (byte)'{' or (byte)'['));

    private void Put(int start, int end, ReadOnlySpan<byte> text)
    {
        Cut(start, end);
        to.Append((byte)'"');
        to.Advance(JsonText.Escape(text, to.GetSpan(JsonText.MostLength(text))));
        to.Append((byte)'"');
    }

    private void Cut(int start, int end)
    {
        to.Append(json[copied..start]);
        (copied, changed) = (end, true);
    }
}
