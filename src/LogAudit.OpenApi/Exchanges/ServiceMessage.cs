namespace LogAudit.OpenApi;

/// <summary>Makes a service's message fit for logs and errors.</summary>
internal static class ServiceMessage
{
    private const int MaxLength = 500;

    /// <summary>The message in one line, without the credentials that signed the request and without an echo of what was signed.</summary>
    public static string Clean(string message, Credentials? key)
    {
        // "server string to sign is:…" repeats parameters and, with temporary keys, the token.
        var echo = message.IndexOf("string to sign", StringComparison.OrdinalIgnoreCase);
        var text = echo >= 0 ? string.Concat(message.AsSpan(0, echo), "string to sign not shown") : message;
        if (key is not null)
        {
            text = Hide(text, key.AccessKeySecret);
            text = key.SecurityToken is { } token ? Hide(text, token) : text;
        }

        text = text.ReplaceLineEndings(" ").Trim();
        return text.Length <= MaxLength ? text : string.Concat(text.AsSpan(0, MaxLength), "…");
    }

    private static string Hide(string text, Secret secret)
    {
        var value = secret.Reveal();
        return value.Length == 0
            ? text
            : text.Replace(value, "***", StringComparison.Ordinal)
                .Replace(PercentEncoding.Encode(value), "***", StringComparison.Ordinal);
    }
}
