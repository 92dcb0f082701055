using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace LogAudit.Forwarding;

/// <summary>Goes through a JSON text token by token, in place: RFC 8259 without exceptions, at most 64 levels. Broken JSON is a <see cref="JsonException"/>.</summary>
/// <remarks>
/// The names are those of <see cref="Utf8JsonReader"/>, which takes what this takes (a property test compares them); this one knows where a
/// token began and whether white space stood between tokens, so that whole subtrees can be copied as they are, and it costs a third.
/// UTF-8 is not checked.
/// </remarks>
internal ref struct JsonTokens(ReadOnlySpan<byte> json)
{
    private const int MostDepth = 64;

    private readonly ReadOnlySpan<byte> json = json;
    private int at;
    private int depth;

    // A bit per level, the innermost lowest: whether it is an object.
    private ulong objects;

    /// <summary>What the current token is.</summary>
    public JsonTokenType TokenType { get; private set; }

    /// <summary>The token: the inside of a string or name as it is escaped, a number or word as it is written.</summary>
    public ReadOnlySpan<byte> ValueSpan { get; private set; }

    /// <summary>Whether the string or name holds a backslash.</summary>
    public bool ValueIsEscaped { get; private set; }

    /// <summary>Where the current token begins.</summary>
    public int TokenStart { get; private set; }

    /// <summary>White space that stood between tokens so far.</summary>
    public int Spaces { get; private set; }

    /// <summary>Characters that were written by their number so far: <c>\u00e4</c>.</summary>
    public int NumberedCharacters { get; private set; }

    /// <summary>Everything from a position up to the end of the current token.</summary>
    public readonly ReadOnlySpan<byte> Since(int start) => json[start..at];

    /// <summary>Goes to the next token.</summary>
    /// <returns>False behind the end of the value.</returns>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public bool Read()
    {
        var next = SkipSpace();
        switch (TokenType)
        {
            case JsonTokenType.None:
                ReadValue(next);
                return true;
            case JsonTokenType.PropertyName:
                Expect(next, ':');
                at++;
                ReadValue(SkipSpace());
                return true;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                if (!TryClose(next))
                {
                    ReadMember(next);
                }

                return true;
            default:
                return ReadBehindValue(next);
        }
    }

    /// <summary>Goes to the end of the object or list that begins here, or of the value whose name stands here; elsewhere does nothing.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public void Skip()
    {
        if (TokenType == JsonTokenType.PropertyName)
        {
            Read();
        }

        if (TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            for (var outside = depth - 1; depth > outside; )
            {
                Read();
            }
        }
    }

    private bool ReadBehindValue(int next)
    {
        if (depth == 0)
        {
            return next < 0 ? false : throw Broken("more text behind its end");
        }

        if (next == ',')
        {
            at++;
            ReadMember(SkipSpace());
        }
        else if (!TryClose(next))
        {
            throw Broken("no comma and no end");
        }

        return true;
    }

    private void ReadMember(int next)
    {
        if ((objects & 1) == 0)
        {
            ReadValue(next);
            return;
        }

        Expect(next, '"');
        ReadString(JsonTokenType.PropertyName);
    }

    private void ReadValue(int next)
    {
        TokenStart = at;
        switch (next)
        {
            case '"':
                ReadString(JsonTokenType.String);
                break;
            case '{':
                Open(JsonTokenType.StartObject, isObject: 1);
                break;
            case '[':
                Open(JsonTokenType.StartArray, isObject: 0);
                break;
            case 't':
                ReadWord("true"u8, JsonTokenType.True);
                break;
            case 'f':
                ReadWord("false"u8, JsonTokenType.False);
                break;
            case 'n':
                ReadWord("null"u8, JsonTokenType.Null);
                break;
            default:
                ReadNumber();
                break;
        }
    }

    private void Open(JsonTokenType type, ulong isObject)
    {
        if (depth == MostDepth)
        {
            throw Broken($"more than {MostDepth} levels");
        }

        depth++;
        objects = (objects << 1) | isObject;
        Take(type, 1);
    }

    private bool TryClose(int next)
    {
        var isObject = (objects & 1) != 0;
        if (next != (isObject ? '}' : ']'))
        {
            return false;
        }

        TokenStart = at;
        depth--;
        objects >>= 1;
        Take(isObject ? JsonTokenType.EndObject : JsonTokenType.EndArray, 1);
        return true;
    }

    private void ReadString(JsonTokenType type)
    {
        TokenStart = at;
        var start = at + 1;
        var end = start;
        ValueIsEscaped = false;
        while (true)
        {
            end = NextSpecial(end);
            if ((uint)end >= (uint)json.Length)
            {
                throw Broken("a string that does not end");
            }

            if (json[end] == (byte)'"')
            {
                break;
            }

            if (json[end] != (byte)'\\')
            {
                throw Broken("a control character in a string");
            }

            ValueIsEscaped = true;
            end = BehindEscape(end);
        }

        ValueSpan = json[start..end];
        TokenType = type;
        at = end + 1;
    }

    // The next quote, backslash or control character; the length of the text when there is none.
    private readonly int NextSpecial(int from)
    {
        ref var first = ref MemoryMarshal.GetReference(json);
        for (; from <= json.Length - Vector128<byte>.Count; from += Vector128<byte>.Count)
        {
            var block = Vector128.LoadUnsafe(ref first, (nuint)from);
            var special = (
                Vector128.LessThan(block, Vector128.Create((byte)0x20))
                | Vector128.Equals(block, Vector128.Create((byte)'"'))
                | Vector128.Equals(block, Vector128.Create((byte)'\\'))
            ).ExtractMostSignificantBits();
            if (special != 0)
            {
                return from + BitOperations.TrailingZeroCount(special);
            }
        }

        while (from < json.Length && json[from] is >= 0x20 and not (byte)'"' and not (byte)'\\')
        {
            from++;
        }

        return from;
    }

    private int BehindEscape(int backslash)
    {
        var kind = backslash + 1 < json.Length ? json[backslash + 1] : 0;
        if (kind is '"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't')
        {
            return backslash + 2;
        }

        NumberedCharacters++;
        var digits = json[Math.Min(backslash + 2, json.Length)..];
        return
            kind == 'u'
            && digits.Length >= 4
            && char.IsAsciiHexDigit((char)digits[0])
            && char.IsAsciiHexDigit((char)digits[1])
            && char.IsAsciiHexDigit((char)digits[2])
            && char.IsAsciiHexDigit((char)digits[3])
            ? backslash + 6
            : throw Broken("an escape that JSON does not have");
    }

    private void ReadWord(ReadOnlySpan<byte> word, JsonTokenType type)
    {
        if (!json[at..].StartsWith(word))
        {
            throw Broken("a word that JSON does not have");
        }

        Take(type, word.Length);
    }

    private void ReadNumber()
    {
        var end = at;
        if (Is(end, '-'))
        {
            end++;
        }

        var whole = Digits(end);
        if (whole == end || (json[end] == (byte)'0' && whole > end + 1))
        {
            throw Broken("no value");
        }

        end = whole;
        if (Is(end, '.'))
        {
            end = Digits(end + 1) is var fraction && fraction > end + 1 ? fraction : throw Broken("half a number");
        }

        if (Is(end, 'e') || Is(end, 'E'))
        {
            end += Is(end + 1, '+') || Is(end + 1, '-') ? 2 : 1;
            end = Digits(end) is var power && power > end ? power : throw Broken("half a number");
        }

        Take(JsonTokenType.Number, end - at);
    }

    private readonly int Digits(int from)
    {
        while (from < json.Length && char.IsAsciiDigit((char)json[from]))
        {
            from++;
        }

        return from;
    }

    private readonly bool Is(int place, char one) => place < json.Length && json[place] == one;

    private void Take(JsonTokenType type, int length)
    {
        ValueSpan = json.Slice(at, length);
        TokenType = type;
        at += length;
    }

    // The byte behind white space; -1 at the end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int SkipSpace()
    {
        for (; at < json.Length; at++, Spaces++)
        {
            var one = json[at];
            if (one > ' ' || one is not ((byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r'))
            {
                return one;
            }
        }

        return -1;
    }

    private readonly void Expect(int next, char wanted)
    {
        if (next != wanted)
        {
            throw Broken(next < 0 ? "an early end" : "a character out of place");
        }
    }

    private readonly JsonException Broken(string what) => new($"The text is not JSON: {what} at byte {at}.");
}
