using System.Text.Json;
using System.Text.Unicode;

namespace LogAudit.Forwarding;

/// <summary>Takes the JSON of a record apart in one pass: mapped paths to their places, everything else to the rest in its own shape, secrets masked.</summary>
internal static class EventJson
{
    /// <summary>Reads.</summary>
    /// <param name="normaliser">Gets the mapped values.</param>
    /// <param name="paths">The mapped paths.</param>
    /// <param name="body">The pulled bytes.</param>
    /// <param name="json">The JSON as the field holds it.</param>
    /// <param name="rest">Gets the other members, without braces. Empty on return when the text is no JSON object.</param>
    /// <param name="secrets">How it is searched for secrets.</param>
    /// <returns>False when the text is no JSON object; the caller keeps it as text.</returns>
    public static bool TryRead(
        RecordNormaliser normaliser,
        PathNode paths,
        ReadOnlySpan<byte> body,
        ReadOnlySpan<byte> json,
        PooledBuffer rest,
        SecretSearch secrets
    )
    {
        // Broken UTF-8 is left to the text road, which replaces it byte by byte; a second event field is plain text too.
        if (rest.Length > 0 || json.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..] || !Utf8.IsValid(json))
        {
            return false;
        }

        normaliser.BeginJson();
        try
        {
            var reader = new JsonTokens(json);
            reader.Read();
            ReadObject(normaliser, paths, body, ref reader, rest, secrets, outermost: true);
            reader.Read();
            return true;
        }
        catch (JsonException)
        {
            normaliser.UndoJson();
            rest.Clear();
            return false;
        }
    }

    /// <summary>Reads the JSON object in one field of a flat record: mapped paths to their places, its other members to the rest under the field's name.</summary>
    /// <returns>False when the text is no JSON object; the caller keeps it as text.</returns>
    public static bool TryReadField(
        RecordNormaliser normaliser,
        PathNode paths,
        ReadOnlySpan<byte> body,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> json,
        PooledBuffer rest,
        SecretSearch secrets
    )
    {
        if (json.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..] || !Utf8.IsValid(json))
        {
            return false;
        }

        var before = rest.Length;
        normaliser.BeginJson();
        try
        {
            var reader = new JsonTokens(json);
            reader.Read();
            // A name that leads to paths is one of the data files: it needs no escape.
            WriteName(name, rest, first: before == 0);
            ReadNested(normaliser, paths, body, ref reader, rest, secrets, before);
            reader.Read();
            if (rest.Length > before)
            {
                normaliser.NoteRest(name);
            }

            return true;
        }
        catch (JsonException)
        {
            normaliser.UndoJson();
            rest.Truncate(before);
            return false;
        }
    }

    private static void ReadObject(
        RecordNormaliser normaliser,
        PathNode paths,
        ReadOnlySpan<byte> body,
        ref JsonTokens reader,
        PooledBuffer rest,
        SecretSearch secrets,
        bool outermost
    )
    {
        var start = rest.Length;
        while (JsonMask.Next(ref reader) && reader.TokenType != JsonTokenType.EndObject)
        {
            var before = rest.Length;
            var name = reader.ValueSpan;
            var known = reader.ValueIsEscaped ? PathNode.Entry.None : paths.Find(name, FieldTable.Hash(name));
            var secret = JsonMask.IsSecretName(ref reader, secrets);
            JsonMask.Next(ref reader);
            if (secret && reader.TokenType != JsonTokenType.Null)
            {
                reader.Skip();
                WriteName(name, rest, first: before == start);
                rest.Append("\"***\""u8);
            }
            else if (known.Source < 0 || !normaliser.TryTakeJson(known.Source, body, ref reader))
            {
                WriteName(name, rest, first: before == start);
                if (known.Deeper is not null && reader.TokenType == JsonTokenType.StartObject)
                {
                    ReadNested(normaliser, known.Deeper, body, ref reader, rest, secrets, before);
                }
                else
                {
                    JsonMask.WriteValue(ref reader, rest, secrets);
                }
            }

            if (outermost && rest.Length > before)
            {
                normaliser.NoteRest(name);
            }
        }
    }

    private static void ReadNested(
        RecordNormaliser normaliser,
        PathNode paths,
        ReadOnlySpan<byte> body,
        ref JsonTokens reader,
        PooledBuffer rest,
        SecretSearch secrets,
        int before
    )
    {
        rest.Append((byte)'{');
        var inside = rest.Length;
        ReadObject(normaliser, paths, body, ref reader, rest, secrets, outermost: false);
        if (rest.Length == inside)
        {
            // Everything in it was mapped (or it was empty): nothing is left to say.
            rest.Truncate(before);
            return;
        }

        rest.Append((byte)'}');
    }

    private static void WriteName(ReadOnlySpan<byte> name, PooledBuffer rest, bool first)
    {
        rest.Append(first ? "\""u8 : ",\""u8);
        rest.Append(name);
        rest.Append("\":"u8);
    }
}
