using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Cluster;

/// <summary>What nodes know each other by, beyond loopback.</summary>
internal static class NodeCertificates
{
    /// <summary>Writes a new authority's certificate, and one for nodes with its key; answers the settings that name them.</summary>
    public static (string Name, string Value)[] Write(TempFolder folder, string authority)
    {
        using var signer = Authority(authority);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={authority}'s node", key, HashAlgorithmName.SHA256);
        using var signed = request.Create(
            signer, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), [1, 2, 3]);
        return
        [
            ("CLUSTER_CERTIFICATE", folder.Write($"{authority}.pem", signed.ExportCertificatePem())),
            ("CLUSTER_KEY", folder.Write($"{authority}.key", key.ExportPkcs8PrivateKeyPem())),
            ("CLUSTER_AUTHORITY", folder.Write($"{authority}.ca", signer.ExportCertificatePem())),
        ];
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
