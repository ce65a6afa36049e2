using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Heat.Configuration;

/// <summary>Where the service listens.</summary>
internal static class ListenAddresses
{
    public const string Allowed = "one or more http addresses such as http://127.0.0.1:8080, with ; between them";

    /// <summary>Reads addresses with <c>;</c> between them: http, a host or <c>*</c>, a port, no path.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IReadOnlyList<string>? urls)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        urls = parts.Length > 0 && parts.All(IsAddress) ? parts : null;
        return urls is not null;
    }

    /// <summary>
    /// Why the service may not listen there: others could reach it, and there is no token to know friends by.
    /// </summary>
    public static string? Refusal(IReadOnlyList<string> urls, Secret? token)
    {
        if (token is not null || urls.FirstOrDefault(url => !IsLoopback(url)) is not { } open) return null;
        return $"can be reached from other machines at {open}, so API_TOKEN must be set too;"
            + " without it, listen on 127.0.0.1, [::1] or localhost only.";
    }

    /// <summary>
    /// Whether a request's host is one of this machine's own names, or one of those where the service listens. Programs
    /// that give none are no browsers.
    /// </summary>
    public static bool IsOwn(string host, IReadOnlyList<string> urls) =>
        host.Length == 0 || IsLoopbackHost(host)
        || urls.Any(url => BindingAddress.Parse(url).Host.Equals(host, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The addresses with numbers for the names in them: for a name, the server would listen on every address of the
    /// machine.
    /// </summary>
    /// <exception cref="SocketException">A name that nobody knows, or an address that no machine has.</exception>
    public static async Task<IReadOnlyList<string>> ResolveAsync(IReadOnlyList<string> urls)
    {
        var resolved = new List<string>();
        foreach (var url in urls)
        {
            var address = BindingAddress.Parse(url);
            var isNumber = IPAddress.TryParse(address.Host, out var number);
            if (number is not null && IsOfGroup(number))
                throw new SocketException((int)SocketError.AddressNotAvailable);
            var isForServer = isNumber || address.Host is "*" or "+"
                || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
            if (isForServer) resolved.Add(url);
            else resolved.AddRange(await OfNameAsync(address));
        }
        return resolved;
    }

    private static async Task<IEnumerable<string>> OfNameAsync(BindingAddress address) =>
        (await Dns.GetHostAddressesAsync(address.Host))
            .Select(ip => $"{address.Scheme}://{new IPEndPoint(ip, address.Port)}");

    /// <summary>Linux lets a server listen there, and nobody reaches it.</summary>
    private static bool IsOfGroup(IPAddress ip) =>
        ip.IsIPv6Multicast || ip.Equals(IPAddress.Broadcast) || ip.GetAddressBytes() is [>= 224 and <= 239, _, _, _];

    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme == "http" && address.PathBase.Length == 0
                && address.Port is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort
                // A free port of two addresses at once can't be found.
                && !(address.Port == 0 && address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
                && (address.Host is "*" or "+" || Uri.CheckHostName(address.Host) != UriHostNameType.Unknown);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool IsLoopback(string url) => IsLoopbackHost(BindingAddress.Parse(url).Host);

    private static bool IsLoopbackHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));

    /// <summary>Why an address can't be listened on; null for any other failure.</summary>
    public static string? WhyNot(Exception failure) => failure switch
    {
        IOException { InnerException: AddressInUseException } => "is in use. Stop what listens there.",
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => "is in use. Stop what listens there.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            "may not be listened on by this user: ports below 1024 are the administrator's.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable or SocketError.InvalidArgument } =>
            "is no address of this machine.",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } =>
            "names no host that this machine knows.",
        SocketException socket => $"can't be listened on ({socket.Message}).",
        // Kestrel's own reasons, such as an interface that both families of addresses refuse.
        IOException { InnerException: AggregateException or SocketException } io =>
            $"can't be listened on ({io.Message.TrimEnd('.')}).",
        _ => null,
    };
}
