using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LogAudit.Forwarding;

namespace LogAudit.Testing;

/// <summary>An authority made for one test run, with a server certificate for <c>localhost</c> (or another name) and a client certificate, as PEM files in a folder of their own.</summary>
public sealed class TestCertificates : IDisposable
{
    public TestCertificates(string serverName = "localhost")
    {
        Directory.CreateDirectory(Folder);
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=LogAudit test authority", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        caRequest.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true)
        );
        using var ca = caRequest.CreateSelfSigned(NotBefore, NotAfter);
        File.WriteAllText(CaFile, ca.ExportCertificatePem());
        Server = Issue(ca, serverName, "1.3.6.1.5.5.7.3.1", ServerFile, ServerKeyFile);
        Expired = Issue(
            ca,
            serverName,
            "1.3.6.1.5.5.7.3.1",
            Path.Combine(Folder, "expired.pem"),
            Path.Combine(Folder, "expired.key"),
            NotBefore.AddHours(1)
        );
        Issue(ca, "logaudit", "1.3.6.1.5.5.7.3.2", ClientFile, ClientKeyFile).Dispose();
    }

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"logaudit-test-{Guid.NewGuid():N}");
    public string CaFile => Path.Combine(Folder, "ca.pem");
    public string ServerFile => Path.Combine(Folder, "server.pem");
    public string ServerKeyFile => Path.Combine(Folder, "server.key");
    public string ClientFile => Path.Combine(Folder, "client.pem");
    public string ClientKeyFile => Path.Combine(Folder, "client.key");

    /// <summary>Trust in the authority, with the client certificate to show.</summary>
    public TlsTrust Trust => new(CaFile, ClientFile, new Secret(File.ReadAllText(ClientKeyFile)));

    /// <summary>The server's certificate with its key.</summary>
    public X509Certificate2 Server { get; }

    /// <summary>One of the server that has ended, with its key.</summary>
    public X509Certificate2 Expired { get; }

    private static DateTimeOffset NotBefore { get; } = TimeProvider.System.GetUtcNow().AddDays(-1);

    private static DateTimeOffset NotAfter { get; } = TimeProvider.System.GetUtcNow().AddDays(1);

    public void Dispose()
    {
        Server.Dispose();
        Expired.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static X509Certificate2 Issue(
        X509Certificate2 ca,
        string name,
        string use,
        string file,
        string keyFile,
        DateTimeOffset? until = null
    )
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, false));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var bare = request.Create(ca, NotBefore, until ?? NotAfter, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(file, bare.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return bare.CopyWithPrivateKey(key);
    }
}
