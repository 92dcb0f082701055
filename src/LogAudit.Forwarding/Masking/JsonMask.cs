using System.Text.Json;

namespace LogAudit.Forwarding;

/// <summary>Copies JSON without white space and without secrets: members with secret names become <c>"***"</c>, also inside strings that hold JSON.</summary>
internal static class JsonMask
{
    private const int MostNesting = 4;

    /// <summary>Appends a whole JSON text.</summary>
    /// <param name="json">Valid UTF-8.</param>
    /// <param name="to">Where it goes; unchanged when the text is not JSON.</param>
    /// <param name="secrets">How it is searched for secrets.</param>
    /// <param name="nesting">How many strings the text stands in.</param>
    /// <returns>False when the text is not JSON.</returns>
    public static bool TryWrite(ReadOnlySpan<byte> json, PooledBuffer to, SecretSearch secrets, int nesting = 0)
    {
        var before = to.Length;
        try
        {
            var reader = new JsonTokens(json);
            reader.Read();
            WriteValue(ref reader, to, secrets, nesting);
            if (!reader.Read())
            {
                return true;
            }
        }
        catch (JsonException)
        {
            // Not JSON after all: the caller treats it as text.
        }

        to.Truncate(before);
        return false;
    }

    /// <summary>Appends the value at which a reader stands, and leaves the reader at its end.</summary>
    /// <exception cref="JsonException">The JSON is broken.</exception>
    public static void WriteValue(ref JsonTokens reader, PooledBuffer to, SecretSearch secrets, int nesting = 0)
    {
        if (
            reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray
            && TryCopy(ref reader, to, secrets)
        )
        {
            return;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                to.Append((byte)'{');
                for (var first = true; Next(ref reader) && reader.TokenType != JsonTokenType.EndObject; first = false)
                {
                    WriteMember(ref reader, to, secrets, first, nesting);
                }

                to.Append((byte)'}');
                break;
            case JsonTokenType.StartArray:
                to.Append((byte)'[');
                for (var first = true; Next(ref reader) && reader.TokenType != JsonTokenType.EndArray; first = false)
                {
                    if (!first)
                    {
                        to.Append((byte)',');
                    }

                    WriteValue(ref reader, to, secrets, nesting);
                }

                to.Append((byte)']');
                break;
            case JsonTokenType.String:
                WriteString(reader.ValueSpan, reader.ValueIsEscaped, to, secrets, nesting);
                break;
            default:
                to.Append(reader.ValueSpan);
                break;
        }
    }

    /// <summary>Appends a text as a JSON string, masked where it may hold a secret.</summary>
    /// <param name="plain">Raw UTF-8.</param>
    /// <param name="to">Gets the masked text, not escaped.</param>
    /// <param name="nesting">How many strings the text stands in.</param>
    public static void MaskText(ReadOnlySpan<byte> plain, PooledBuffer to, int nesting = 0)
    {
        var looksLikeJson = plain.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];
        if (!looksLikeJson || nesting >= MostNesting || !TryWrite(plain, to, SecretSearch.Everywhere, nesting + 1))
        {
            SecretText.Mask(plain, to);
        }
    }

    /// <summary>Moves a reader on; JSON that ends early is broken.</summary>
    public static bool Next(ref JsonTokens reader) =>
        reader.Read() ? true : throw new JsonException("The JSON ends early.");

    // Most objects and lists have no white space and hold nothing to be masked or mended: they are copied as they are.
    private static bool TryCopy(ref JsonTokens reader, PooledBuffer to, SecretSearch secrets)
    {
        var before = reader;
        reader.Skip();
        var whole = reader.Since(before.TokenStart);
        if (
            reader.Spaces == before.Spaces
            && !secrets.MayFind(whole)
            && (reader.NumberedCharacters == before.NumberedCharacters || !HasSurrogate(whole))
        )
        {
            to.Append(whole);
            return true;
        }

        reader = before;
        return false;
    }

    private static void WriteMember(
        ref JsonTokens reader,
        PooledBuffer to,
        SecretSearch secrets,
        bool first,
        int nesting
    )
    {
        if (!first)
        {
            to.Append((byte)',');
        }

        var secret = IsSecretName(ref reader, secrets);
        WriteString(reader.ValueSpan, reader.ValueIsEscaped, to, SecretSearch.None, nesting);
        to.Append((byte)':');
        Next(ref reader);
        if (secret && reader.TokenType != JsonTokenType.Null)
        {
            reader.Skip();
            to.Append("\"***\""u8);
            return;
        }

        WriteValue(ref reader, to, secrets, nesting);
    }

    /// <summary>Whether the member name at which a reader stands carries a secret.</summary>
    public static bool IsSecretName(ref JsonTokens reader, SecretSearch secrets)
    {
        if (!reader.ValueIsEscaped || !secrets.Any)
        {
            return secrets.IsSecretName(reader.ValueSpan);
        }

        using var plain = new PooledBuffer(reader.ValueSpan.Length);
        plain.Advance(JsonText.Unescape(reader.ValueSpan, plain.GetSpan(reader.ValueSpan.Length)));
        return SecretNames.IsSecret(plain.Written);
    }

    private static void WriteString(
        ReadOnlySpan<byte> raw,
        bool escaped,
        PooledBuffer to,
        SecretSearch secrets,
        int nesting
    )
    {
        to.Append((byte)'"');
        // A lone surrogate breaks strict readers.
        var rewrite = secrets.MayFind(raw) || (escaped && HasSurrogate(raw));
        if (rewrite)
        {
            using var plain = new PooledBuffer(raw.Length + 1);
            plain.Advance(JsonText.Unescape(raw, plain.GetSpan(raw.Length + 1)));
            using var masked = new PooledBuffer(raw.Length + 16);
            if (secrets.Any)
            {
                MaskText(plain.Written, masked, nesting);
            }
            else
            {
                masked.Append(plain.Written);
            }

            var most = JsonText.MostLength(masked.Written);
            to.Advance(JsonText.Escape(masked.Written, to.GetSpan(most)));
        }
        else
        {
            to.Append(raw);
        }

        to.Append((byte)'"');
    }

    private static bool HasSurrogate(ReadOnlySpan<byte> raw) =>
        raw.IndexOf("\\ud"u8) >= 0 || raw.IndexOf("\\uD"u8) >= 0;
}
