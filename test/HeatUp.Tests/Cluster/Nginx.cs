using System.Diagnostics;
using HeatUp.Testing;
using HeatUp.Tests.Sessions.Postgres;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Cluster;

/// <summary>nginx on loopback before some nodes, set up as docs/cluster.md says.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private const string Program = "/usr/sbin/nginx";

    private readonly TempFolder folder;
    private readonly Process process;

    private Nginx(TempFolder folder, Process process, Uri url)
    {
        (this.folder, this.process) = (folder, process);
        Client = new HttpClient { BaseAddress = url };
    }

    public HttpClient Client { get; }

    public static async Task<Nginx> StartAsync(IEnumerable<Uri> nodes)
    {
        if (!File.Exists(Program))
            Requirement.Miss(PostgresServer.Variable, "nginx is not installed (Debian's package nginx-light).");
        var (folder, port) = (new TempFolder(), HeatProcess.FreePort());
        var settings = folder.Write("nginx.conf", $$"""
            daemon off;
            master_process off;
            pid {{folder.File("pid")}};
            error_log stderr notice;
            events { }
            http {
              access_log off;
              client_body_temp_path {{folder.File("body")}};
              proxy_temp_path {{folder.File("proxy")}};
              fastcgi_temp_path {{folder.File("fastcgi")}};
              uwsgi_temp_path {{folder.File("uwsgi")}};
              scgi_temp_path {{folder.File("scgi")}};
            {{AsDocumented(nodes, port)}}
            }
            """);
        // It runs as another user than the tests do.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_111_111);
        var process = await PostgresProcess.ReadyAsync(
            Program, ["-c", settings, "-e", "stderr"], "event method", TestContext.Current.CancellationToken);
        return new Nginx(folder, process, new Uri($"http://127.0.0.1:{port}"));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await PostgresProcess.QuitAsync(process);
        folder.Dispose();
    }

    /// <summary>The block of the page, with these addresses for its own.</summary>
    private static string AsDocumented(IEnumerable<Uri> nodes, int port)
    {
        var page = File.ReadAllText(Repository.File("docs/cluster.md"));
        var block = page.Split("```nginx")[1].Split("```")[0];
        var servers = string.Concat(nodes.Select(node => $" server {node.Authority};"));
        var own = string.Join('\n', block.Split('\n').Select(line =>
            line.StartsWith("upstream heat {", StringComparison.Ordinal) ? $"upstream heat {{{servers} }}"
            : line == "  listen 443 ssl;" ? $"  listen 127.0.0.1:{port};"
            : line));
        own.ShouldContain(servers);
        own.ShouldContain($"listen 127.0.0.1:{port};");
        return own;
    }
}
