using System.Text;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>Percent-encoding as the signatures want it, and the reading of queries and forms.</summary>
internal static class WireEncoding
{
    /// <summary>RFC 3986: everything but <c>A-Z a-z 0-9 - _ . ~</c> as upper-case <c>%XX</c> of UTF-8.</summary>
    public static string Strict(string text) => Encode(text, "-_.~");

    /// <summary>The form that JavaScript's <c>encodeURIComponent</c> gives: <c>! ' ( ) *</c> stay as they are.</summary>
    public static string JavaScript(string text) => Encode(text, "-_.~!'()*");

    /// <summary>Percent-encodes a path segment by segment; slashes stay.</summary>
    public static string StrictPath(string path) => Encode(path, "-_.~/");

    /// <summary>Reads <c>a=1&amp;b=&amp;c</c>. A plus sign is a space.</summary>
    public static IReadOnlyList<WireParameter> Parse(string encoded)
    {
        if (encoded.Length == 0)
        {
            return [];
        }
        var list = new List<WireParameter>();
        foreach (var part in encoded.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            list.Add(
                equals < 0
                    ? new(Decode(part), "", HasEquals: false)
                    : new(Decode(part[..equals]), Decode(part[(equals + 1)..]), HasEquals: true)
            );
        }
        return list;
    }

    private static string Decode(string text) =>
        Uri.UnescapeDataString(text.Replace("+", "%20", StringComparison.Ordinal));

    internal static string Encode(string text, string kept)
    {
        var result = new StringBuilder(text.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || kept.Contains(c, StringComparison.Ordinal))
            {
                result.Append(c);
            }
            else
            {
                result.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }
        return result.ToString();
    }
}
