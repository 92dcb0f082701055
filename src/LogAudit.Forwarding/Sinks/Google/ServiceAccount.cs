using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LogAudit.Forwarding;

/// <summary>A Google service account and its key: signs the assertions for which the token endpoint gives access tokens.</summary>
/// <remarks>Source: Google, "Using OAuth 2.0 for Server to Server Applications"; RFC 7523.</remarks>
public sealed class ServiceAccount : IDisposable
{
    private readonly string email;
    private readonly string keyId;
    private readonly RSA key;

    private ServiceAccount(string email, string keyId, Uri tokenAddress, RSA key) =>
        (this.email, this.keyId, TokenAddress, this.key) = (email, keyId, tokenAddress, key);

    /// <summary>Token endpoint that its key file names.</summary>
    public Uri TokenAddress { get; }

    /// <summary>Reads a key file in JSON, as Google's console gives it.</summary>
    /// <param name="file">The file's text.</param>
    /// <returns>Null when it is none, or its token endpoint is not one to send assertions to.</returns>
    public static ServiceAccount? TryRead(Secret file)
    {
        var key = RSA.Create();
        try
        {
            using var json = JsonDocument.Parse(file.Reveal());
            string Text(string name) => json.RootElement.GetProperty(name).GetString() ?? "";
            key.ImportFromPem(Text("private_key"));
            var address = new Uri(Text("token_uri"), UriKind.Absolute);
            if (HttpTarget.IsAllowed(address) && Text("client_email").Length > 0)
            {
                return new ServiceAccount(Text("client_email"), Text("private_key_id"), address, key);
            }
        }
        catch (Exception fault)
            when (fault
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or ArgumentException
                        or UriFormatException
                        or CryptographicException
            )
        {
            // Not a key file; what is wrong with it would quote it.
        }

        key.Dispose();
        return null;
    }

    /// <summary>Form fields that ask for an access token.</summary>
    /// <param name="scope">Scope of the token.</param>
    /// <param name="now">The time; the assertion is good for an hour.</param>
    internal IEnumerable<KeyValuePair<string, string>> Grant(string scope, DateTimeOffset now) =>
        [new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), new("assertion", Assertion(scope, now))];

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();

    private string Assertion(string scope, DateTimeOffset now)
    {
        var header = Part(json =>
        {
            json.WriteString("alg", "RS256");
            json.WriteString("typ", "JWT");
            json.WriteString("kid", keyId);
        });
        var claims = Part(json =>
        {
            json.WriteString("iss", email);
            json.WriteString("scope", scope);
            json.WriteString("aud", TokenAddress.OriginalString);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", now.AddHours(1).ToUnixTimeSeconds());
        });
        var signed = string.Create(CultureInfo.InvariantCulture, $"{header}.{claims}");
        var signature = key.SignData(
            Encoding.ASCII.GetBytes(signed),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Part(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Base64Url.EncodeToString(stream.ToArray());
    }
}
