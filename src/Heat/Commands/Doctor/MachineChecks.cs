using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Heat.Configuration;
using Microsoft.AspNetCore.Connections;
using Limit = Heat.Configuration.Descriptors;

namespace Heat.Commands.Doctor;

/// <summary>What the machine gives: files, an address to listen on, certificates.</summary>
internal static class MachineChecks
{
    private const string Files = "files";
    private const string Address = "address";
    private const string Trust = "certificates";

    private const int ConnectionsFew = 256;

    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static Finding Descriptors(Settings settings)
    {
        var (most, connections) = (Limit.Max, settings.MaxConnections);
        var allowed = most == long.MaxValue
            ? "The system names no bound of open files"
            : string.Create(CultureInfo.InvariantCulture, $"{most:N0} files may be open");
        var says = string.Create(
            CultureInfo.InvariantCulture, $"{allowed}, which leaves {connections:N0} connections.");
        return connections < ConnectionsFew && most < long.MaxValue
            ? Finding.Warning(Files, says, "Raise the limit: ulimit -n 4096, or LimitNOFILE= for systemd.")
            : Finding.Ok(Files, says);
    }

    public static IEnumerable<Finding> Certificates(Settings settings, TimeProvider clock)
    {
        try
        {
            if (ClusterRules.TlsOf(settings.Cluster) is null) return [];
            using var own = System.Security.Cryptography.X509Certificates.X509CertificateLoader
                .LoadCertificateFromFile(settings.Cluster.Certificate!);
            var until = own.NotAfter.ToUniversalTime();
            var left = until - clock.GetUtcNow().UtcDateTime;
            var says = $"{settings.Cluster.Certificate} is valid until {until:yyyy-MM-dd HH:mm} UTC.";
            return [left <= TimeSpan.Zero ? Finding.Problem(Trust, says, "Make a new one: docs/cluster.md tells how.")
                : left < Soon ? Finding.Warning(Trust, says, "Make a new one in time: docs/cluster.md tells how.")
                : Finding.Ok(Trust, says)];
        }
        catch (SettingsException wrong)
        {
            return wrong.Problems.Select(problem => Finding.Problem(Trust, problem));
        }
    }

    public static async Task<IReadOnlyList<Finding>> AddressAsync(Settings settings, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        IReadOnlyList<string> urls;
        try
        {
            urls = await ListenAddresses.ResolveAsync(settings.Urls);
        }
        catch (SocketException failure)
        {
            return [Finding.Problem(Address,
                $"{string.Join(", ", settings.Urls)} {ListenAddresses.WhyNot(failure)}",
                "Choose another with --urls.")];
        }
        foreach (var url in urls)
            findings.Add(WhyNot(url) is not { } why ? Finding.Ok(Address, $"{url} is free.")
                : await IsOursAsync(url, settings, cancellation)
                    ? Finding.Ok(Address, $"Heat Up listens on {url} already.")
                    : Finding.Problem(Address, $"{url} {why}", "Or choose another with --urls."));
        return findings;
    }

    /// <summary>Why nobody can listen there; null if one can.</summary>
    private static string? WhyNot(string url)
    {
        try
        {
            foreach (var place in PlacesOf(BindingAddress.Parse(url)))
            {
                using var probe = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                probe.Bind(place);
                probe.Listen();
            }
            return null;
        }
        catch (SocketException failure)
        {
            return ListenAddresses.WhyNot(failure);
        }
    }

    private static IEnumerable<IPEndPoint> PlacesOf(BindingAddress address) =>
        IPAddress.TryParse(address.Host, out var number) ? [new(number, address.Port)]
        : address.Host is "*" or "+" ? [new(IPAddress.Any, address.Port)]
        : [new(IPAddress.Loopback, address.Port)];

    private static async Task<bool> IsOursAsync(string url, Settings settings, CancellationToken cancellation)
    {
        var address = BindingAddress.Parse(url);
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        // Without the token: nobody knows yet who listens there.
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://{host}:{address.Port}/health"), cancellation);
            var said = await answer.Content.ReadAsStringAsync(cancellation);
            return said.Contains("running_sittings", StringComparison.Ordinal)
                || said.Contains("urn:heat-up:", StringComparison.Ordinal);
        }
        catch (Exception failure) when (
            failure is HttpRequestException or SocketException
            || failure is TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
