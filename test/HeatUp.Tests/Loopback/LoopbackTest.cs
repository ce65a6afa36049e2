using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HeatUp.Testing;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Loopback;

/// <summary>
/// A test of <c>heat</c> as a process over the real TDLib and a Telegram in a network of its own. Whatever the test
/// does, all that was asked for on the wire is looked through at its end.
/// </summary>
public abstract partial class LoopbackTest : IAsyncLifetime
{
    protected const string Phone = "+15550001111";
    private const string ApiId = "1234567";

    /// <summary>The waits between actions are real; this one draws short ones for the first two sittings.</summary>
    private const string QuickSeed = "21465";

    /// <summary>Where a model is reached in the network that nothing leads out of.</summary>
    private const string ModelPort = "8080";

    private readonly TempFolder folder = new();
    private LoopbackTelegram? telegram;
    private StubLlm? model;

    private protected LoopbackTelegram Telegram => telegram!;

    private protected TempFolder Folder => folder;

    /// <summary>The names that heat may look up: those of its commands and of the plans that it is given.</summary>
    protected HashSet<string> NamesAsked { get; } = [];

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync()
    {
        telegram = await LoopbackTelegram.StartAsync();
        folder.Write("channels.json", """[{"username":"@durov"},{"username":"@telegram"},{"username":"@news"}]""");
        foreach (var name in (string[])["durov", "telegram", "news"]) await Telegram.AddChannelAsync(name);
        await Telegram.AddAccountAsync(Phone);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        try
        {
            if (telegram is not null) await LookThroughAsync();
        }
        finally
        {
            if (telegram is not null) await telegram.DisposeAsync();
            if (model is not null) await model.DisposeAsync();
            folder.Dispose();
        }
    }

    /// <summary>Has sittings planned so: each action as a model says it.</summary>
    private protected async Task PlanAsync(params string[] actions)
    {
        NamesAsked.UnionWith(NameIn.Matches(string.Concat(actions)).Select(name => name.Groups[1].Value));
        if (model is null)
        {
            var socket = folder.File("model.sock");
            model = await StubLlm.StartAsync(socket);
            await Telegram.DoAsync(new JsonObject { ["do"] = "relay", ["from"] = ModelPort, ["to"] = socket });
        }
        model.Otherwise = _ => Task.FromResult(StubReply.Says($$"""{"actions":[{{string.Join(',', actions)}}]}"""));
    }

    protected static string Join(string channel) =>
        $$"""{"reason":"It fits.","action":"join_channel","channel":"@{{channel}}","duration_seconds":null}""";

    protected static string Read(string channel, int seconds = 3) =>
        $$"""{"reason":"It fits.","action":"read_messages","channel":"@{{channel}}","duration_seconds":{{seconds}}}""";

    protected static string Idle(int seconds = 2) =>
        $$"""{"reason":"A break.","action":"idle","channel":null,"duration_seconds":{{seconds}}}""";

    [GeneratedRegex("@([a-z0-9_]+)")]
    private static partial Regex NameIn { get; }

    /// <summary>Runs a command to its end.</summary>
    private protected Task<HeatProcess.Ended> HeatAsync(params string[] arguments)
    {
        NamesAsked.UnionWith(arguments.Where(argument => argument.StartsWith('@')).Select(name => name[1..]));
        return HeatProcess.RunAsync(Telegram.Reached(HeatProcess.StartInfo(folder, arguments, Settings)));
    }

    /// <summary>Starts a command that is to be ended before its end.</summary>
    private protected HeatProcess Start(params string[] arguments) =>
        HeatProcess.Start(Telegram.Reached(HeatProcess.StartInfo(folder, arguments, Settings)));

    /// <summary>Starts a command on a terminal.</summary>
    private protected HeatTerminal OnTerminal(params string[] arguments) =>
        HeatTerminal.Start(Telegram.Reached(HeatTerminal.StartInfo(HeatProcess.StartInfo(folder, arguments, Settings))));

    /// <summary>Logs an account in by its code.</summary>
    protected async Task LogInAsync(string account = "alice", string phone = Phone)
    {
        await using var terminal = OnTerminal("account", "login", account);
        await terminal.AnswerAsync("Phone number", phone);
        await terminal.AnswerAsync("Code (", "12345");
        var (code, shown) = await terminal.EndedAsync();
        code.ShouldBe(0, shown);
    }

    /// <summary>A command that must succeed; answers what it wrote.</summary>
    protected async Task<string> DoneAsync(params string[] arguments)
    {
        var ended = await HeatAsync(arguments);
        ended.Code.ShouldBe(0, ended.Out + ended.Error);
        return ended.Out;
    }

    /// <summary>The same, of a command that writes JSON.</summary>
    private protected async Task<JsonNode> JsonAsync(params string[] arguments) =>
        JsonNode.Parse(await DoneAsync([.. arguments, "--json"]))!;

    /// <summary>The words of what is remembered of a session, the oldest first.</summary>
    protected async Task<string[]> HistoryAsync(string session) =>
        [.. (await JsonAsync("history", session))["history"]!.AsArray().Select(one => (string)one!["action_type"]!).Reverse()];

    private protected (string, string)[] Settings =>
    [
        ("TELEGRAM_MODE", "live"), ("TELEGRAM_API_ID", ApiId), ("TELEGRAM_API_HASH", "0123456789abcdef0123456789abcdef"),
        ("SEED", QuickSeed), ("TDLIB_PATH", OwnKey.Library), ("DATABASE_PATH", folder.File("live.db")),
        ("CHANNELS_FILE", folder.File("channels.json")),
        .. model is null ? ((string, string)[])[] : [("LLM_BASE_URL", $"http://127.0.0.1:{ModelPort}/v1"), ("LLM_MODEL", "m")],
    ];

    /// <summary>What holds of all that is ever asked on the wire.</summary>
    private async Task LookThroughAsync()
    {
        var seen = await Telegram.SeenAsync();
        WireRules.Broken(seen, int.Parse(ApiId, null), NamesAsked).ShouldBeEmpty();
        var state = await Telegram.StateAsync();
        ((int)state["views_raised"]!).ShouldBe(0);
        state["broken"]!.AsArray().ShouldBeEmpty();
    }
}
