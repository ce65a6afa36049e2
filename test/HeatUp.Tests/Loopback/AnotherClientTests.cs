using System.Diagnostics;
using System.Text.Json.Nodes;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Loopback;

/// <summary>
/// A client of other authors (mtcute, in JavaScript) finds in the Telegram on loopback what TDLib finds: it is no idea of
/// TDLib's alone. Without the client the test is skipped, or fails if <c>CI</c> or <c>HEATUP_REQUIRE_MTCUTE</c> is set.
/// </summary>
public sealed class AnotherClientTests
{
    private const string Phone = "+15550001111";
    private const string Install = "cp -r test/clients/mtcute artifacts && npm ci --prefix artifacts/mtcute --ignore-scripts";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ItLogsInAndReadsTheSameChannel()
    {
        var modules = Repository.File("artifacts/mtcute/node_modules");
        if (!Directory.Exists(modules)) Requirement.Miss("HEATUP_REQUIRE_MTCUTE", $"mtcute is not installed; do so with \"{Install}\"");
        using var folder = new TempFolder();
        Directory.CreateSymbolicLink(folder.File("node_modules"), modules);
        var script = folder.File("another-client.mjs");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Loopback", "another-client.mjs"), script);
        await using var telegram = await LoopbackTelegram.StartAsync();
        await telegram.AddAccountAsync(Phone);
        await telegram.AddChannelAsync("durov");

        using var process = Process.Start(telegram.Reached(new("node", [script, OwnKey.PublicFile, Phone, "12345", "durov"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }))!;
        var error = process.StandardError.ReadToEndAsync(Cancellation);
        var said = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);

        process.ExitCode.ShouldBe(0, said + await error);
        var read = JsonNode.Parse(said)!;
        ((string?)read["name"], (string?)read["title"]).ShouldBe(("Alice", "Title of durov"));
        read["posts"]!.AsArray().Select(post => (int)post!).ShouldBe([20, 19, 18, 17, 16]);
        var methods = (await telegram.SeenAsync()).Select(call => $"{call.Method} {call.Answer}").ToList();
        methods.ShouldContain("auth.signIn ok");
        methods.ShouldContain("messages.getHistory ok");
        methods.ShouldAllBe(method => !method.Contains("unknown"));
    }
}
