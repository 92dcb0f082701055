using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LogAudit.Forwarding;

/// <summary>Whom a TLS connection to a receiver trusts, and as whom it shows itself.</summary>
/// <param name="CaFile">PEM file with the authorities to trust instead of the system's; null for the system's.</param>
/// <param name="ClientCertificate">PEM file with the own certificate and chain; null for none.</param>
/// <param name="ClientKey">PEM of the own private key.</param>
public sealed record TlsTrust(string? CaFile, string? ClientCertificate, Secret? ClientKey)
{
    /// <summary>Reads <c>ca-file</c>, <c>client-certificate</c> and <c>client-key</c>.</summary>
    public static TlsTrust From(OptionReader options)
    {
        var trust = new TlsTrust(
            options.File("ca-file"),
            options.File("client-certificate"),
            options.Secret("client-key")
        );
        if (trust.ClientCertificate is null != trust.ClientKey is null)
        {
            options.Refuse(
                "client-certificate",
                "needs client-key, and the other way round",
                "both or neither",
                "client-certificate: /code/client.pem and client-key: file:/code/client.key"
            );
            return trust with { ClientCertificate = null, ClientKey = null };
        }

        try
        {
            // A key that KMS keeps is not there yet.
            var known = ReferenceEquals(trust.ClientKey, SecretReferences.Unread)
                ? trust with
                {
                    ClientKey = null,
                }
                : trust;
            known.Options("check");
        }
        catch (CryptographicException problem)
        {
            options.Refuse(
                "ca-file",
                $"or the client certificate is not readable: {problem.Message}",
                "PEM",
                "/code/soc-ca.pem"
            );
            return new TlsTrust(null, null, null);
        }

        return trust;
    }

    /// <summary>Options for a connection: TLS 1.2 or later, the receiver's name checked against its certificate.</summary>
    /// <param name="serverName">The name that the certificate must carry.</param>
    public SslClientAuthenticationOptions Options(string serverName)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = serverName,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (CaFile is not null)
        {
            // Given here and not in a callback: the platform then still checks the name and the dates itself.
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(CaFile);
        }

        if (ClientCertificate is not null && ClientKey is not null)
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(ClientCertificate);
            var own = X509Certificate2.CreateFromPem(File.ReadAllText(ClientCertificate), ClientKey.Reveal());
            options.ClientCertificateContext = SslStreamCertificateContext.Create(own, chain, offline: true);
        }

        return options;
    }
}
