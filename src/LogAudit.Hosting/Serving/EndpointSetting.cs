namespace LogAudit.Hosting;

/// <summary>The one setting that sends every request to LocalCloud.</summary>
public static class EndpointSetting
{
    /// <summary>Its environment variable.</summary>
    public const string Variable = "LOGAUDIT_ENDPOINT";

    /// <summary>The override that a text names; none when it is empty.</summary>
    /// <exception cref="InvalidOperationException">It is not an <c>http://</c> address of this machine: credentials must not travel in clear.</exception>
    public static EndpointOverride Read(string? text) =>
        string.IsNullOrEmpty(text) ? EndpointOverride.None
        : Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address.IsLoopback
        && string.Equals(address.Scheme, Uri.UriSchemeHttp, StringComparison.Ordinal)
            ? new EndpointOverride(address)
        : throw new InvalidOperationException(
            $"{Variable} is '{text}'. Allowed: an http:// address of this machine. Example: http://127.0.0.1:8080."
        );
}
