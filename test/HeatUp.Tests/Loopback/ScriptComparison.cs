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
/// Plays the same requests to the scripted peer and to TDLib itself on a Telegram on loopback. Their answers must have the
/// same form, and what Heat Up listens to must come in the same order.
/// </summary>
public abstract class ScriptComparison : IDisposable
{
    protected const string Phone = "+15550001111";
    protected const string Bob = "+15550002222";

    /// <summary>What Heat Up listens to, beside connections, whose states have their own times.</summary>
    private static readonly string[] Heard = ["updateAuthorizationState", "updateFreezeState"];

    private const string ReadMark = "updateChatReadInbox";

    private readonly TempFolder folder = new();

    public void Dispose()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task CompareAsync(Func<Talk, Task> play, bool isRestricted = false)
    {
        await using var telegram = await LoopbackTelegram.StartAsync();
        await telegram.AddAccountAsync(Phone);
        await telegram.AddAccountAsync(Bob, "Bob", password: "meow", hint: "a cat");
        await telegram.AddChannelAsync("durov");
        await telegram.AddChannelAsync("telegram");
        if (isRestricted) await telegram.RestrictAsync("durov");
        SandboxFaults.TryParse(isRestricted ? "restricted:1" : "", out var faults, out var problem).ShouldBeTrue(problem);
        var clock = TimeProvider.System;
        var peer = new ScriptedPeer(clock, new SandboxTelegram(
            () => ChannelPool.VerifiedOnly, clock, Pace.Real, new Seed(7), faults!));
        var owner = peer.Add(new PeerOwner(Phone));
        var bob = peer.Add(new PeerOwner(Bob) { Id = 777_124, Password = "meow", PasswordHint = "a cat" });
        await using var library = new TdTalker(telegram);
        await using var stand = new TdTalker(peer);
        var real = new Talk(library, folder.File("real"))
        {
            Refuse = (_, method, code, text) => telegram.FailAsync(method, code, text, times: 1),
            Follow = follows => telegram.FollowAsync(Phone, "durov", follows),
            Freeze = isFrozen => telegram.FreezeAsync(Phone, isFrozen),
            Scan = _ => telegram.ScanAsync(Bob),
            Name = name => telegram.NameAsync("durov", name),
            Add = owner => telegram.AddAccountAsync(owner, "Carol"),
        };
        var script = new Talk(stand, folder.File("script"))
        {
            Refuse = (request, _, code, text) =>
            {
                peer.Next(request, TurnOf(code, text));
                return Task.CompletedTask;
            },
            Follow = follows =>
            {
                if (!follows) ScriptedPeer.Leave(owner, ChannelName.Parse("@durov"));
                return Task.CompletedTask;
            },
            Freeze = isFrozen =>
            {
                peer.Freeze(owner, isFrozen);
                return Task.CompletedTask;
            },
            Scan = link =>
            {
                peer.Scan(link, bob);
                return Task.CompletedTask;
            },
            Name = name =>
            {
                peer.Name(ChannelName.Parse("@durov"), ChannelName.Parse($"@{name}"));
                return Task.CompletedTask;
            },
            Add = added =>
            {
                peer.Add(added);
                return Task.CompletedTask;
            },
        };

        await Task.WhenAll(play(real), play(script));

        var differences = new List<string>();
        foreach (var (one, other) in real.All.Zip(script.All))
        {
            one.Name.ShouldBe(other.Name);
            if (one.Said.Count > 0 && other.Said.Count > 0) differences.AddRange(Differences(one.Name, one.Said[^1], other.Said[^1]));
            foreach (var (state, scriptedState) in States(one.Said).Zip(States(other.Said)))
                differences.AddRange(Differences(one.Name, state, scriptedState));
            // The library tells of read marks at other times too, whenever it hears of one.
            var hasMarks = one.Name.EndsWith("viewMessages", StringComparison.Ordinal);
            var (order, scripted) = (Order(one.Said, hasMarks), Order(other.Said, hasMarks));
            if (order != scripted) differences.Add($"{one.Name}: {order} and not {scripted}");
        }
        differences.Distinct().ShouldBeEmpty();
    }

    /// <summary>What TDLib makes of an error is what the script says.</summary>
    private static PeerTurn TurnOf(int code, string text) => text.StartsWith("FLOOD_WAIT_", StringComparison.Ordinal)
        ? new PeerTurn.Flood(int.Parse(text.AsSpan("FLOOD_WAIT_".Length), null))
        : text == "FROZEN_METHOD_INVALID" ? new PeerTurn.Error(406, text)
        : code == 401 ? new PeerTurn.Revoked(text) : new PeerTurn.Error(code, text);

    /// <summary>From the first request to the last, each with all that was said until its answer.</summary>
    private protected sealed class Talk(TdTalker talker, string folder)
    {
        public string Folder => folder;

        public List<(string Name, IReadOnlyList<JsonElement> Said)> All { get; } = [];

        public required Func<string, string, int, string, Task> Refuse { get; init; }

        public required Func<bool, Task> Follow { get; init; }

        public required Func<bool, Task> Freeze { get; init; }

        public required Func<string, Task> Scan { get; init; }

        public required Func<string, Task> Name { get; init; }

        public required Func<PeerOwner, Task> Add { get; init; }

        public async Task<JsonElement> AskAsync(TdRequest request)
        {
            var said = await talker.AskAsync(request);
            All.Add(($"{All.Count + 1} {request.Name}", said));
            return said[^1];
        }

        /// <summary>The next request of a kind is refused.</summary>
        public Task RefuseAsync(string request, string method, int code, string text) => Refuse(request, method, code, text);

        /// <summary>The account joins or leaves the channel on another device.</summary>
        public Task FollowAsync(bool follows) => Follow(follows);

        /// <summary>Telegram freezes the account, or thaws it; waits until the client says so.</summary>
        public async Task FreezeAsync(bool isFrozen)
        {
            await Freeze(isFrozen);
            All.Add(($"{All.Count + 1} freeze", await talker.HearAsync("updateFreezeState")));
        }

        /// <summary>Somebody gets a number.</summary>
        public Task AddAsync(PeerOwner owner) => Add(owner);

        /// <summary>The channel gets one more name.</summary>
        public Task NameAsync(string name) => Name(name);

        /// <summary>Bob scans the code that is shown; waits until his password is asked for.</summary>
        public async Task ScanAsync()
        {
            var shown = await talker.UntilAsync("authorizationStateWaitOtherDeviceConfirmation");
            await Scan(talker.State!.Value.GetProperty("link").GetString()!);
            All.Add(($"{All.Count + 1} scan", [.. shown, .. await talker.UntilAsync("authorizationStateWaitPassword")]));
        }

        /// <summary>Waits until the client has closed by itself.</summary>
        public async Task EndAsync() => All.Add(("the end", await talker.UntilAsync("authorizationStateClosed")));
    }

    private static IEnumerable<JsonElement> States(IEnumerable<JsonElement> said) => said
        .Where(one => one.TryGetProperty("authorization_state", out _));

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
            _ when IsCompared(place) && real.ToString() != script.ToString() => [$"{place}: is {real} and not {script}"],
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

    /// <summary>Kinds and errors are compared by what they say; other values are the world's.</summary>
    private static bool IsCompared(string place) => place.EndsWith(".@type", StringComparison.Ordinal)
        || place.EndsWith(".code", StringComparison.Ordinal) || place.EndsWith(".message", StringComparison.Ordinal);

    private static bool IsTruth(JsonElement json) => json.ValueKind is JsonValueKind.True or JsonValueKind.False;
}
