namespace LogAudit.Forwarding;

/// <summary>The masking of one destination, between reading a record and writing it.</summary>
public sealed partial class RecordNormaliser
{
    /// <summary>Masks the record that was read last, and resolves it anew: a value that no longer fits its ECS name goes back under its own.</summary>
    /// <param name="pass">The destination's rules.</param>
    /// <param name="record">The record; void where another one is returned.</param>
    /// <remarks>A record's id and time are never masked: the id makes a resend harmless, and a record without its time is no evidence.</remarks>
    internal AuditRecord Mask(MaskPass pass, in AuditRecord record)
    {
        var plan = pass.Begin(mapping);
        var body = record.Body;
        var changed = false;
        for (var source = 0; source < mapping.SourceNames.Length; source++)
        {
            if (values[source].Form != ValueForm.Absent && !IsFixed(plan.Guards[source], source, body))
            {
                changed |= Mask(pass, plan.Sources[source], body, ref values[source]);
            }
        }

        var left = gatheredCount;
        changed |= MaskFields(pass, plan, rest, body, ref left);
        if (fields is not null)
        {
            var all = fields.Fields.Length;
            changed |= MaskFields(pass, plan, fields, body, ref all);
            fields.Truncate(all);
        }

        var json = pass.Masked(0);
        if (plan.LooksInto(plan.Names) && pass.Members(restJson.Written, plan.Names, json))
        {
            restJson.Clear();
            restJson.Append(json.Written);
            changed = true;
        }

        if (!changed)
        {
            return record;
        }

        rest.Truncate(left);
        kept.AsSpan(0, mapping.SourceNames.Length).Clear();
        var time = Resolve(body) ?? record.LogNanos;
        rest.NumberAfter(body, restJson.Written, jsonNames, left);
        return Resolved(body, time, record.LogNanos, record.Index);
    }

    // Masks the first fields of a list, and closes the gaps of those that go.
    private bool MaskFields(MaskPass pass, MaskPlan plan, FieldList list, ReadOnlySpan<byte> body, ref int count)
    {
        var (changed, left) = (false, 0);
        for (var at = 0; at < count; at++)
        {
            var field = list.Fields[at];
            var name = Text(body, field.Name);
            var entry = (field.IsTag ? plan.Tags : plan.Names).Find(name);
            if (!field.IsTag && entry.IsNothing && plan.JsonField.Length > 0 && name.SequenceEqual(plan.JsonField))
            {
                entry = new(null, plan.Names);
            }

            var value = field.Value;
            if (Mask(pass, entry with { Rule = entry.Rule ?? plan.Free(name) }, body, ref value))
            {
                changed = true;
                field = field with { Value = value };
            }

            if (value.Form != ValueForm.Removed)
            {
                list.Set(left++, field);
            }
        }

        count = left;
        return changed;
    }

    private bool Mask(MaskPass pass, MaskNames.Entry entry, ReadOnlySpan<byte> body, ref FieldValue value)
    {
        var text = Text(body, value);
        if (text.Length == 0)
        {
            return false;
        }

        var masked = pass.Masked(0);
        if (entry.Rule is { } rule)
        {
            pass.Write(rule, text, masked);
            value = rule.Removes ? new(0, 0, ValueForm.Removed, InScratch: false) : ToScratch(masked, ValueForm.Text);
            return true;
        }

        var changed = value.Form switch
        {
            ValueForm.Composite => pass.Json(text, entry.Deeper, masked),
            ValueForm.Literal => pass.Matches(text, masked),
            _ => pass.Text(text, entry.Deeper, masked),
        };
        if (changed)
        {
            value = ToScratch(masked, value.Form == ValueForm.Composite ? ValueForm.Composite : ValueForm.Text);
        }

        return changed;
    }

    private FieldValue ToScratch(PooledBuffer text, ValueForm form)
    {
        var start = scratch.Length;
        scratch.Append(text.Written);
        return new(start, text.Length, form, InScratch: true);
    }

    private bool IsFixed(MaskPlan.Guard guard, int source, ReadOnlySpan<byte> body) =>
        guard.Exists
        && Text(body, values[source]) is var text
        && (
            (guard.IsId && RecordId.IsUsable(text))
            || (guard.Time is { } convert && Conversions.TryTime(convert, text, out _))
            || (guard.IsError && Conversions.SaysNoError(text))
        );
}
