using System.Globalization;
using System.Text;

namespace LogAudit.Sls;

/// <summary>A place in a shard, as the service writes it. Opaque but for the numbering of groups.</summary>
/// <remarks>Base64 of a decimal 64-bit number, for example <c>MTUyNDE1NTM3OTM3MzkwODQ5Ng==</c>. Source: the official Go SDK.</remarks>
public readonly record struct Cursor
{
    /// <summary>Takes the text of the service.</summary>
    /// <exception cref="FormatException"><paramref name="value"/> is not Base64 of a number.</exception>
    public Cursor(string value)
    {
        if (!TryNumber(value, out var number))
        {
            throw new FormatException($"'{value}' is not a cursor: Base64 of a decimal number is.");
        }

        Value = value;
        Number = number;
    }

    private Cursor(string value, long number)
    {
        Value = value;
        Number = number;
    }

    /// <summary>The text, as calls take it.</summary>
    public string Value => field ?? "";

    /// <summary>The number inside. Only for numbering the groups of an answer and for comparing two cursors of one shard.</summary>
    public long Number { get; }

    /// <summary>Whether this is the value of no cursor at all.</summary>
    public bool IsNone => Value.Length == 0;

    /// <summary>The cursor of a number.</summary>
    public static Cursor Of(long number) =>
        new(Convert.ToBase64String(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture))), number);

    /// <summary>Whether a text is a cursor.</summary>
    public static bool IsValid(string? text) => text is not null && TryNumber(text, out _);

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static bool TryNumber(string text, out long number)
    {
        Span<byte> digits = stackalloc byte[24];
        number = 0;
        return text is { Length: > 0 and <= 32 }
            && Convert.TryFromBase64String(text, digits, out var length)
            && long.TryParse(digits[..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}

/// <summary>Where to ask a cursor for.</summary>
public readonly record struct CursorFrom
{
    private CursorFrom(string value) => Value = value;

    /// <summary>The first log that is still kept.</summary>
    public static CursorFrom Begin { get; } = new("begin");

    /// <summary>Behind the last log.</summary>
    public static CursorFrom End { get; } = new("end");

    /// <summary>The first log that the service received at or after an instant, in whole seconds. It is the receive time, not the log's own.</summary>
    public static CursorFrom ReceivedAt(DateTimeOffset time) =>
        new(time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));

    internal string Value => field ?? "begin";

    /// <inheritdoc/>
    public override string ToString() => Value;
}
