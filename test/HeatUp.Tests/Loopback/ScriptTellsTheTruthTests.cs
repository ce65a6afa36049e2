using System.Text.Json;
using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Sandbox;
using HeatUp.TdLib;
using HeatUp.TdLib.Api;
using HeatUp.Testing.Peer;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Loopback;

/// <summary>
/// The scripted peer against TDLib itself on a Telegram on loopback: the same requests get answers of the same form, and
/// what Heat Up listens to comes in the same order.
/// </summary>
public sealed class ScriptTellsTheTruthTests : IDisposable
{
    private const string Phone = "+15550001111";

    /// <summary>What Heat Up listens to, beside connections, whose states have their own times.</summary>
    private static readonly string[] Heard = ["updateAuthorizationState", "updateFreezeState"];

    private const string ReadMark = "updateChatReadInbox";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task EveryExchangeIsAsTheLibraryHasIt()
    {
        await using var telegram = await LoopbackTelegram.StartAsync();
        await telegram.AddAccountAsync(Phone);
        await telegram.AddChannelAsync("durov");
        await telegram.AddChannelAsync("telegram");
        var clock = TimeProvider.System;
        var peer = new ScriptedPeer(clock, new SandboxTelegram(
            () => ChannelPool.VerifiedOnly, clock, Pace.Real, new Seed(7), SandboxFaults.None));
        peer.Add(new PeerOwner(Phone));
        await using var real = new TdTalker(telegram);
        await using var script = new TdTalker(peer);

        var differences = new List<string>();
        var both = await Task.WhenAll(TalkAsync(real, "real"), TalkAsync(script, "script"));
        foreach (var (one, other) in both[0].Zip(both[1]))
        {
            one.Name.ShouldBe(other.Name);
            differences.AddRange(Differences(one.Name, one.Said[^1], other.Said[^1]));
            // The library tells of read marks at other times too, whenever it hears of one.
            var hasMarks = one.Name.EndsWith("viewMessages", StringComparison.Ordinal);
            var (order, scripted) = (Order(one.Said, hasMarks), Order(other.Said, hasMarks));
            if (order != scripted) differences.Add($"{one.Name}: {order} and not {scripted}");
        }
        differences.Distinct().ShouldBeEmpty();
    }

    /// <summary>From the first request to the last, each with all that was said until its answer.</summary>
    private async Task<List<(string Name, IReadOnlyList<JsonElement> Said)>> TalkAsync(TdTalker talker, string side)
    {
        var all = new List<(string, IReadOnlyList<JsonElement>)>();
        await AskAsync(new SetTdlibParameters(false, folder.File(side), new byte[32], 1234567, "hash"));
        await AskAsync(new SetAuthenticationPhoneNumber(Phone));
        await AskAsync(new CheckAuthenticationCode("54321"));
        await AskAsync(new CheckAuthenticationCode("12345"));
        await AskAsync(new GetMe());
        await AskAsync(new LoadChats(ChatLists.Main, 100));
        await AskAsync(new GetChats(ChatLists.Main, 100));
        await AskAsync(new SearchPublicChat("nobody_here_at_all"));
        var chat = await AskAsync(new SearchPublicChat("durov"));
        var (id, channel) = (chat.GetProperty("id").GetInt64(), chat.GetProperty("type").GetProperty("supergroup_id").GetInt64());
        await AskAsync(new GetSupergroup(channel));
        await AskAsync(new JoinChat(id));
        await AskAsync(new JoinChat(id));
        await AskAsync(new GetSupergroup(channel));
        await AskAsync(new OpenChat(id));
        var posts = await AskAsync(new GetChatHistory(id, 0, 20));
        var newest = posts.GetProperty("messages")[0].GetProperty("id").GetInt64();
        await AskAsync(new GetChatHistory(id, newest, 19));
        await AskAsync(new GetChatHistory(id, 1 << 20, 19));
        await AskAsync(new ViewMessages(id, [newest]));
        await AskAsync(new GetChat(id));
        await AskAsync(new CloseChat(id));
        await AskAsync(new GetSupergroupFullInfo(channel));
        await AskAsync(new LoadChats(ChatLists.Main, 100));
        await AskAsync(new GetChats(ChatLists.Main, 100));
        await AskAsync(new GetChat(77));
        await AskAsync(new Close());
        return all;

        async Task<JsonElement> AskAsync(TdRequest request)
        {
            var said = await talker.AskAsync(request);
            all.Add(($"{all.Count + 1} {request.Name}", said));
            return said[^1];
        }
    }

    private static string Order(IEnumerable<JsonElement> said, bool hasMarks) => string.Join(", ", said
        .Select(one => one.GetProperty("@type").GetString()!)
        .Where(name => Heard.Contains(name) || name == "error" || (hasMarks && name == ReadMark)));

    private static IEnumerable<string> Differences(string place, JsonElement real, JsonElement script)
    {
        if (real.ValueKind != script.ValueKind && !(IsTruth(real) && IsTruth(script)))
            return [$"{place}: is a {real.ValueKind} and not a {script.ValueKind}"];
        return real.ValueKind switch
        {
            JsonValueKind.Object => OfObjects(place, real, script),
            JsonValueKind.Array when real.GetArrayLength() > 0 && script.GetArrayLength() > 0 =>
                Differences($"{place}[]", real[0], script[0]),
            _ when place.EndsWith("@type", StringComparison.Ordinal) && real.GetString() != script.GetString() =>
                [$"{place}: is {real} and not {script}"],
            _ => [],
        };
    }

    private static IEnumerable<string> OfObjects(string place, JsonElement real, JsonElement script)
    {
        foreach (var field in real.EnumerateObject())
            if (!script.TryGetProperty(field.Name, out _)) yield return $"{place}.{field.Name}: is missing in the script";
        foreach (var field in script.EnumerateObject())
            if (!real.TryGetProperty(field.Name, out var its)) yield return $"{place}.{field.Name}: the script has it, the library doesn't";
            else
                foreach (var difference in Differences($"{place}.{field.Name}", its, field.Value))
                    yield return difference;
    }

    private static bool IsTruth(JsonElement json) => json.ValueKind is JsonValueKind.True or JsonValueKind.False;
}
