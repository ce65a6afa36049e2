using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace HeatUp.Cluster;

/// <summary>How this node belongs to a cluster.</summary>
/// <param name="Id">The cluster's name; a database is one cluster's.</param>
/// <param name="Listen">Where the node listens for the others.</param>
/// <param name="IsAlone">Whether it lets no other in.</param>
/// <param name="Urls">Where its service listens, for people.</param>
/// <param name="CallTimeout">How long a start may take on another node.</param>
/// <param name="Tls">What nodes prove to each other that they belong together with; null on loopback only.</param>
public sealed record ClusterOptions(
    string Id, IPEndPoint Listen, bool IsAlone, IReadOnlyList<string> Urls, TimeSpan CallTimeout, ClusterTls? Tls);

/// <summary>What nodes prove to each other that they belong together with.</summary>
/// <param name="Certificate">This node's, with its private key.</param>
/// <param name="Authority">Signs the certificates of all nodes; no other authority counts.</param>
public sealed record ClusterTls(X509Certificate2 Certificate, X509Certificate2 Authority);
