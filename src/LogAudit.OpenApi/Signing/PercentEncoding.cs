using System.Text;

namespace LogAudit.OpenApi;

/// <summary>Percent-encoding of RFC 3986: <c>A–Z a–z 0–9 - _ . ~</c> stay, every other byte of the UTF-8 form is <c>%XX</c> in upper case.</summary>
internal static class PercentEncoding
{
    /// <summary>Encodes a name or a value.</summary>
    public static string Encode(string text) => Encode(text, keepSlash: false);

    /// <summary>Encodes a path; slashes stay.</summary>
    public static string EncodePath(string path) => Encode(path, keepSlash: true);

    /// <summary>The query as it is sent and signed: sorted by name, <c>name=value</c> joined with <c>&amp;</c>.</summary>
    /// <param name="parameters">Names and values, not encoded.</param>
    /// <param name="bareEmpty">Whether an empty value leaves out the <c>=</c> (OSS) or keeps it (OpenAPI).</param>
    public static string Query(IEnumerable<KeyValuePair<string, string>> parameters, bool bareEmpty)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal))
        {
            text.Append(text.Length == 0 ? "" : "&").Append(Encode(name));
            if (value.Length > 0 || !bareEmpty)
            {
                text.Append('=').Append(Encode(value));
            }
        }

        return text.ToString();
    }

    private static string Encode(string text, bool keepSlash)
    {
        var to = new StringBuilder(text.Length + 16);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            var letter = (char)octet;
            if (char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '~' || (keepSlash && letter == '/'))
            {
                to.Append(letter);
            }
            else
            {
                to.Append('%').Append("0123456789ABCDEF"[octet >> 4]).Append("0123456789ABCDEF"[octet & 15]);
            }
        }

        return to.ToString();
    }
}
