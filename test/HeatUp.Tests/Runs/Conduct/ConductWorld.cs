using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.Tests.Support;
using Microsoft.Data.Sqlite;
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

    public string BookFile => folder.File("accounts.db");

    /// <summary>What alice did, a text for each line.</summary>
    public IReadOnlyList<string> Ledger
    {
        get
        {
            using var database = OpenDatabase();
            using var command = database.CreateCommand();
            command.CommandText = "SELECT number, at, kind, seal FROM did WHERE account = 'alice' ORDER BY number";
            using var rows = command.ExecuteReader();
            var lines = new List<string>();
            while (rows.Read()) lines.Add($"{rows[0]} {rows[1]} {rows[2]} {rows[3]}");
            return lines;
        }
    }

    /// <summary>Somebody changes the database past the program.</summary>
    public int Edit(string sql)
    {
        using var database = OpenDatabase();
        using var command = database.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    /// <summary>From now on the database can't take a line, and says so as a full disk does.</summary>
    public void FillDisk() => Edit("""
        CREATE TRIGGER full BEFORE INSERT ON did BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END
        """);

    public void EmptyDisk() => Edit("DROP TRIGGER full");

    private SqliteConnection OpenDatabase()
    {
        var database = new SqliteConnection($"Data Source={BookFile};Pooling=False");
        database.Open();
        return database;
    }

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

    public async Task<Connection> ConnectAsync(SessionId? session = null, RunId run = default) =>
        await Conduct().ConnectAsync(session ?? Alice, [], run, Cancellation);

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

    /// <summary>An earlier version has kept the accounts, in files, with the same key.</summary>
    /// <param name="accounts">The book's accounts, as JSON.</param>
    /// <param name="did">What alice did: times and words.</param>
    public void BeginWithFiles(string accounts, params (DateTimeOffset At, string Kind)[] did)
    {
        File.Delete(BookFile);
        var array = JsonNode.Parse(accounts)!;
        var json = new JsonObject
        {
            ["key"] = SealOf("which key"), ["seal"] = SealOf(array.ToJsonString()), ["accounts"] = array,
        };
        File.WriteAllText(EarlierBook, json.ToJsonString(new() { WriteIndented = true }));
        var (seal, text) = ("", new StringBuilder());
        foreach (var (index, (at, kind)) in did.Index())
        {
            var line = $"{index + 1} {at.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ} {kind}";
            seal = SealOf($"alice\n{seal}\n{line}");
            text.Append($"{line} {seal}\n");
        }
        if (did.Length > 0) File.WriteAllText(EarlierLedger, text.ToString());
    }

    public string EarlierBook => folder.File("accounts.json");

    public string EarlierLedger => folder.File("alice.ledger");

    private static string SealOf(string text) => Convert.ToHexStringLower(
        HMACSHA256.HashData(HMACSHA256.HashData(Key, "heat-up accounts"u8), Encoding.UTF8.GetBytes(text)));

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
