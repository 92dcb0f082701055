using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>
/// A CA that lives as long as its host and signs a certificate for each name that a client asks for, since host names of
/// the cloud have as many labels as they like and a wildcard covers one.
/// </summary>
internal sealed class CertificateAuthority
{
    private readonly X509Certificate2 _ca;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, X509Certificate2> _leaves = new(StringComparer.OrdinalIgnoreCase);

    private CertificateAuthority(X509Certificate2 ca, TimeProvider clock)
    {
        _ca = ca;
        _clock = clock;
        Pem = ca.ExportCertificatePem();
    }

    /// <summary>The CA certificate in PEM.</summary>
    public string Pem { get; }

    public static CertificateAuthority Create(TimeProvider clock)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=LocalCloud CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true)
        );
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = clock.GetUtcNow();
        return new(request.CreateSelfSigned(now.AddDays(-2), now.AddDays(30)), clock);
    }

    public void Configure(HttpsConnectionAdapterOptions https) =>
        https.ServerCertificateSelector = (_, name) => _leaves.GetOrAdd(name ?? "localcloud", Issue);

    private X509Certificate2 Issue(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(
            $"CN={(name.Length > 60 ? "localcloud" : name)}",
            key,
            HashAlgorithmName.SHA256
        );
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        var now = _clock.GetUtcNow();
        using var signed = request.Create(_ca, now.AddDays(-1), now.AddDays(29), RandomNumberGenerator.GetBytes(12));
        using var withKey = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), password: null);
    }
}
