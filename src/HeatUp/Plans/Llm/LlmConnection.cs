using System.Net;

namespace HeatUp.Plans.Llm;

/// <summary>How a server is reached: as many connections as there are calls.</summary>
internal static class LlmConnection
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    public static HttpClient Open() => new(new SocketsHttpHandler
    {
        // The key goes to the address that the operator gave, and nowhere else.
        AllowAutoRedirect = false,
        UseCookies = false,
        // Some servers and what stands before them compress unasked.
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = ConnectionLifetime,
        Proxy = new ProxyForOthers(HttpClient.DefaultProxy),
    }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The environment's proxy, but not for this machine's own addresses: no proxy reaches those.</summary>
    internal sealed class ProxyForOthers(IWebProxy environments) : IWebProxy
    {
        public ICredentials? Credentials
        {
            get => environments.Credentials;
            set => environments.Credentials = value;
        }

        public Uri? GetProxy(Uri destination) =>
            destination.IsLoopback ? destination : environments.GetProxy(destination);

        public bool IsBypassed(Uri host) => host.IsLoopback || environments.IsBypassed(host);
    }
}
