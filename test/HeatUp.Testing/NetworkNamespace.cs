using System.Diagnostics;

namespace HeatUp.Testing;

/// <summary>
/// A network of a process's own (a namespace of Linux): only what is started in it reaches what listens in it, and
/// nothing leaves. It needs <c>unshare</c> of util-linux and <c>ip</c> of iproute2.
/// </summary>
internal static class NetworkNamespace
{
    /// <summary>Whoever isn't root makes a namespace of users too, where it is.</summary>
    public static bool IsRoot => Environment.UserName == "root";

    /// <summary>How a program is started in a new network, whose loopback has these addresses too.</summary>
    public static ProcessStartInfo New(IEnumerable<string> addresses, params string[] program)
    {
        var adds = addresses.Select(address => $"ip address add {address}/32 dev lo && ");
        return new("unshare",
        [
            .. IsRoot ? (string[])["--net"] : ["--map-root-user", "--net"],
            "sh", "-c", $"ip link set lo up && {string.Concat(adds)}exec \"$@\"", "sh", .. program,
        ]);
    }
}
