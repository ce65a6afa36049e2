using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Runs.Conduct;

/// <summary>An installation with real accounts, on a Telegram that does whatever it is asked.</summary>
internal sealed class ConductWorld : IDisposable
{
    public static readonly SessionId Alice = SessionId.Parse("alice");
    public static readonly SessionId Bob = SessionId.Parse("bob");
    public static readonly ChannelName Durov = ChannelName.Parse("@durov");
    public static readonly ChannelName News = ChannelName.Parse("@telegram");
    public static readonly byte[] Key = Encoding.ASCII.GetBytes("a key of thirty-two bytes length");

    private readonly TempFolder folder = new();

    public ConductWorld()
    {
        Telegram = new ScriptedTelegram(Clock);
        Accounts = new ScriptedAccounts(() => Telegram);
        Book = OpenBook();
        Book.Add(Alice).ShouldBeNull();
        Telegram.OnAsked = asked => Reached.Add(asked);
    }

    public FakeTimeProvider Clock { get; private set; } = FakeTime.AtNoon();

    public ScriptedTelegram Telegram { get; private set; }

    /// <summary>Whose calls come through to it.</summary>
    public ScriptedAccounts Accounts { get; }

    public MemorySessionStore Store { get; } = new();

    public AccountBook Book { get; private set; }

    /// <summary>What came through to Telegram.</summary>
    public List<string> Reached { get; } = [];

    public string Ledger => folder.File("alice.ledger");

    public string BookFile => folder.File("accounts.json");

    public string Folder => folder.Path;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public AccountBook OpenBook() => new(folder.Path, () => Key, Clock);

    public LiveConduct Conduct() => new(Accounts, OpenBook(), Store, Clock);

    public Sittings Sittings(IPlanner planner, Pace pace) => new SittingPath(
        Store, planner, new Runner(Conduct(), Clock, pace, new Seed(7)), Clock, gate: Conduct()).Sittings;

    /// <summary>An account follows channels, and has been asked which.</summary>
    public void Follow(SessionId account, params ChannelName[] channels)
    {
        foreach (var channel in channels) Accounts.Follow(account, channel);
        Book.Follows(account, Accounts.FollowedBy(account));
    }

    /// <summary>Somebody sets the clock back: a new process sees an earlier time.</summary>
    public void SetClockTo(DateTimeOffset time)
    {
        Clock = new FakeTimeProvider(time);
        Telegram = new ScriptedTelegram(Clock) { OnAsked = asked => Reached.Add(asked) };
        Book = OpenBook();
    }

    public async Task<Connection> ConnectAsync(SessionId? session = null) =>
        await Conduct().ConnectAsync(session ?? Alice, [], Cancellation);

    public async Task<Outcome> JoinAsync(ChannelName channel, SessionId? session = null)
    {
        await using var online = (await ConnectAsync(session)).Session.ShouldNotBeNull();
        return await online.JoinAsync(channel, Cancellation);
    }

    public async Task<Outcome> ReadAsync(ChannelName channel)
    {
        await using var online = (await ConnectAsync()).Session.ShouldNotBeNull();
        return await online.ReadAsync(channel, TimeSpan.Zero, Cancellation);
    }

    public async Task<Admission> AdmitAsync() =>
        await Conduct().AdmitAsync(Recollection.OfNobody(Alice), ChannelPool.VerifiedOnly, Cancellation);

    /// <summary>As many sittings as may be today.</summary>
    public async Task UseUpSittingsAsync()
    {
        for (var i = 0; i < ConductLimits.SittingsMax; i++)
            await (await ConnectAsync()).Session.ShouldNotBeNull().DisposeAsync();
    }

    /// <summary>Another version has written the book, with the same key.</summary>
    public void SealAnew(Func<string, string> change)
    {
        var json = JsonNode.Parse(change(File.ReadAllText(BookFile)))!;
        var key = HMACSHA256.HashData(Key, "heat-up accounts"u8);
        var text = Encoding.UTF8.GetBytes(json["accounts"]!.ToJsonString());
        json["seal"] = Convert.ToHexStringLower(HMACSHA256.HashData(key, text));
        File.WriteAllText(BookFile, json.ToJsonString());
    }

    public void Dispose() => folder.Dispose();
}

internal static class ConductOutcomes
{
    public static string ShouldBeRefused(this Outcome? outcome)
    {
        var why = outcome.ShouldBeOfType<Outcome.Refused>().Why;
        why.Kind.ShouldBe(TelegramErrorKind.Conduct);
        why.Code.ShouldBe(403);
        return why.Message;
    }
}
