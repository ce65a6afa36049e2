using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HeatUp.Cluster;

namespace Heat.Configuration;

/// <summary>How nodes find and trust each other; of use only with DATABASE_URL.</summary>
/// <param name="Id">The cluster's name.</param>
/// <param name="Address">The address on which the node listens for the others.</param>
/// <param name="Port">The port; 0 is any that is free.</param>
/// <param name="Certificate">The file of the node's certificate.</param>
/// <param name="Key">The file of its private key.</param>
/// <param name="Authority">The file of the certificate that signs those of all nodes.</param>
internal sealed record ClusterSettings(
    string Id, string Address, int Port, string? Certificate, string? Key, string? Authority)
{
    /// <summary>Where the node listens for the others.</summary>
    public IPEndPoint ToEndPoint() => new(IPAddress.Parse(Address), Port);
}

/// <summary>What the settings of a cluster must be.</summary>
internal static class ClusterRules
{
    public const string ListenName = "CLUSTER_LISTEN";

    private const int IdLengthMax = 100;
    private const string CertificateName = "CLUSTER_CERTIFICATE";
    private const string KeyName = "CLUSTER_KEY";
    private const string AuthorityName = "CLUSTER_AUTHORITY";

    public static ClusterSettings Read(SettingsReader read)
    {
        var id = read.Value<string>("CLUSTER_ID", "heat-up", TryParseId,
            $"a name of 1 to {IdLengthMax} letters, digits and . _ -");
        var listen = read.Value<IPEndPoint>(ListenName, "127.0.0.1:0", TryParseListen,
            "an address of this machine and a port, such as 10.0.0.5:11111");
        var tls = (read.Text(CertificateName), read.Text(KeyName), read.Text(AuthorityName));
        if (tls is not (null, null, null) and not ({ }, { }, { }))
            read.Refuse(CertificateName, $"goes with {KeyName} and {AuthorityName}: set all three, or none.");
        else if (listen is not null && !IPAddress.IsLoopback(listen.Address) && tls.Item1 is null)
            read.Refuse(ListenName,
                "can be reached from other machines, so nodes must know each other by certificates: "
                + $"set {CertificateName}, {KeyName} and {AuthorityName}; docs/cluster.md tells how to make them.");
        listen ??= new IPEndPoint(IPAddress.Loopback, 0);
        return new ClusterSettings(id ?? "", $"{listen.Address}", listen.Port, tls.Item1, tls.Item2, tls.Item3);
    }

    /// <summary>The certificates; null if there are none.</summary>
    /// <exception cref="SettingsException">They can't be read.</exception>
    public static ClusterTls? TlsOf(ClusterSettings cluster)
    {
        if (cluster.Certificate is null) return null;
        try
        {
            return new ClusterTls(
                X509Certificate2.CreateFromPemFile(cluster.Certificate, cluster.Key),
                X509Certificate2.CreateFromPem(File.ReadAllText(cluster.Authority!)));
        }
        catch (Exception failure) when (
            failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"{CertificateName}={cluster.Certificate}, {KeyName}={cluster.Key} and "
                + $"{AuthorityName}={cluster.Authority}: they must be certificates and a key in PEM files. "
                + FileTrouble.Of(failure)]);
        }
    }

    private static bool TryParseId(string text, out string? id)
    {
        var isName = text.Length is > 0 and <= IdLengthMax
            && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');
        id = isName ? text : null;
        return isName;
    }

    private static bool TryParseListen(string text, out IPEndPoint? listen) =>
        IPEndPoint.TryParse(text, out listen) && text.EndsWith($":{listen.Port}", StringComparison.Ordinal)
        && !listen.Address.Equals(IPAddress.Any) && !listen.Address.Equals(IPAddress.IPv6Any);
}
