using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>The fields of a log, one by one: each to its source or to the rest.</summary>
public sealed partial class RecordNormaliser
{
    /// <summary>Takes the fields of a log.</summary>
    /// <param name="body">The pulled bytes, in which they lie.</param>
    /// <param name="log">The fields.</param>
    internal void AddFields(ReadOnlySpan<byte> body, LogFieldReader log)
    {
        while (log.Next())
        {
            var known = names!.Find(log.Key);
            // Nearly all fields are texts without secrets that are only remembered: everything else has a road of its own.
            if (
                known.Role == FieldRole.Other
                || (
                    secrets.Any
                    && (
                        secrets.MayBeIn(log.KeyStart, log.KeyLength) || secrets.MayBeIn(log.ValueStart, log.ValueLength)
                    )
                )
                || (known.Role == FieldRole.Source && values[known.Entry.Source].Form != ValueForm.Absent)
            )
            {
                Add(body, log.Key, log.Value, known);
                continue;
            }

            var name = new FieldValue(log.KeyStart, log.KeyLength, ValueForm.Text, InScratch: false);
            var value = new FieldValue(log.ValueStart, log.ValueLength, ValueForm.Text, InScratch: false);
            fields?.Add(body, name, value, known);
            if (known.Role == FieldRole.Source)
            {
                values[known.Entry.Source] = value;
            }
            else
            {
                rest.Add(body, name, value, known);
            }
        }
    }

    /// <summary>Takes a field.</summary>
    /// <param name="body">The pulled bytes; fields that lie in them are not copied.</param>
    /// <param name="name">UTF-8.</param>
    /// <param name="value">UTF-8, possibly broken.</param>
    internal void Add(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        Add(body, name, value, names!.Find(name));

    private void Add(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, FieldName known)
    {
        Keep(body, name, value, known, isTag: false);
        if (known.IsJsonField && EventJson.TryRead(this, mapping.Paths, body, value, restJson, SearchOf(body, value)))
        {
            return;
        }

        var (source, inside) = known.Entry;
        if (
            inside is not null
            && mapping.JsonField.Length == 0
            && !opened.Contains(inside)
            && !(known.IsSecret && secrets.Any)
            && EventJson.TryReadField(this, inside, body, name, value, restJson, new SecretSearch(body, secrets))
        )
        {
            opened.Add(inside);
            return;
        }

        if (source < 0 || values[source].Form != ValueForm.Absent)
        {
            rest.Add(body, Locate(body, name), Masked(body, name, value, known), known);
        }
        else if (mapping.WantsJson[source] && TryJson(body, value, out var json))
        {
            values[source] = json;
        }
        else
        {
            values[source] = Masked(body, name, value, known);
        }
    }

    /// <summary>Takes a tag of the group.</summary>
    internal void AddTag(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Keep(body, name, value, known: null, isTag: true);
        if (
            name.SequenceEqual("__receive_time__"u8)
            && Timestamps.TryParseUnix(value, Timestamps.NanosPerSecond, out var received)
        )
        {
            ingestedNanos = received;
        }
        else if (!name.SequenceEqual("logaudit_id"u8) || !TryGiveId(value))
        {
            rest.Add(
                body,
                Locate(body, name),
                Masked(body, name, value, known: null),
                FieldTable.Hash(name),
                isTag: true
            );
        }
    }

    private FieldNames NamesOf(CompiledMapping shape)
    {
        if (!knownNames.TryGetValue(shape, out var known))
        {
            known = new FieldNames(shape, openings, knownNames.Count * FieldNames.Most);
            knownNames.Add(shape, known);
        }

        return known;
    }

    private void Keep(
        ReadOnlySpan<byte> body,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> value,
        FieldName? known,
        bool isTag
    )
    {
        if (fields is null)
        {
            return;
        }

        var masked = Masked(body, name, value, known);
        if (known is not null)
        {
            fields.Add(body, Locate(body, name), masked, known);
        }
        else
        {
            fields.Add(body, Locate(body, name), masked, FieldTable.Hash(name), isTag);
        }
    }
}
