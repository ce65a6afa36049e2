using global::Heat.Accounts;
using global::Heat.Hosting;
using global::Heat;
using global::Heat.Configuration;
using HeatUp.Channels;
using HeatUp.Runs.Conduct;
using HeatUp.Testing.Peer;
using HeatUp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Tests.Heat;

/// <summary>The accounts and their ceilings are the user's, whatever database and folder Heat Up runs with.</summary>
public sealed class AccountsPlaceTests : IDisposable
{
    private static readonly SessionId Alice = SessionId.Parse("alice");
    private static readonly string[] Live = ["TELEGRAM_MODE=live", "TELEGRAM_API_ID=17", "TELEGRAM_API_HASH=f00d"];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void NoSettingMovesTheAccounts()
    {
        var plain = Load().AccountsFolder;
        folder.Write(".env", $"XDG_DATA_HOME={folder.Path}\nHOME={folder.Path}\nLOCALAPPDATA={folder.Path}\n");

        Load("DATABASE_PATH=elsewhere/other.db", "CHANNELS_FILE=elsewhere/channels.json", $"HOME={folder.Path}")
            .AccountsFolder.ShouldBe(plain);

        plain.ShouldEndWith(Path.Combine("heat-up", "accounts"));
        Path.IsPathFullyQualified(plain).ShouldBeTrue();
    }

    [Fact]
    public async Task AnotherDatabaseSeesTheSameAccounts()
    {
        var (one, other) = (("DATABASE_PATH", Made("one/sessions.db")), ("DATABASE_PATH", Made("other/sessions.db")));
        (await LogInAsync("alice", one)).ShouldBe(0);

        (await TerminalProcess.RunAsync(folder, "account list", other)).Out.ShouldContain("alice");

        (await LogInAsync("bob", other)).ShouldBe(1);
        Directory.Exists(NoRealData.AccountsIn(folder, "live/alice")).ShouldBeTrue();
        foreach (var path in (string[])["one", "other"])
            Directory.GetDirectories(folder.File(path), "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task CeilingsHoldAcrossDatabases()
    {
        await using (var one = Open("one.db"))
        {
            var book = one.GetRequiredService<TelegramInUse>().Accounts!.Book;
            book.Add(Alice).ShouldBeNull();
            book.Follows(Alice, [new KnownChannel(1, [ChannelName.Parse("@durov")])]);
            for (var i = 0; i < ConductLimits.SittingsMax; i++)
                book.Spend(Alice, AccountLedger.Sitting, 0, ConductLimits.SittingsMax).ShouldBeNull();
        }
        await using var other = Open("other.db");

        (await other.GetRequiredService<Sittings>().StartAsync(Alice, Cancellation)).ShouldBeOfType<SittingStart.Refused>().Reason
            .ShouldContain("at most 4 sittings");
    }

    [Theory]
    [InlineData("", "home/alice", 2, "HOME=home/alice: it must be the absolute path of a folder of yours")]
    [InlineData("data", "home/alice", 2, "Set it, or XDG_DATA_HOME, in the environment.")]
    [InlineData("/dev/null/data", "", 1, "HOME or XDG_DATA_HOME")]
    public async Task AUserWithoutAPlaceIsToldWhatToSet(string data, string home, int code, string said)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems know a user's folders without these variables.");

        var ended = await HeatProcess.RunAsync(folder, ["account", "list"], [
            .. Live.Select(setting => (setting.Split('=')[0], setting.Split('=')[1])), ("XDG_DATA_HOME", data), ("HOME", home)]);

        ended.Code.ShouldBe(code);
        ended.Error.ShouldContain(said);
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TelegramSettings Load(params string[] settings) => Settings.Load(folder.Path,
        from setting in Live.Concat(settings)
        let parts = setting.Split('=')
        select KeyValuePair.Create(parts[0], parts[1])).Telegram!;

    private string Made(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(path))!);
        return folder.File(path);
    }

    private ServiceProvider Open(string database) => HeatServices.Build(
        Settings.Load(folder.Path, []) with
        {
            DatabasePath = folder.File(database),
            Telegram = Load() with { AccountsFolder = NoRealData.AccountsIn(folder) },
        },
        StoreUse.Sit, (_, _, log) => new ScriptedPeer(TimeProvider.System).Library(log));

    private async Task<int> LogInAsync(string name, (string, string) database)
    {
        await using var terminal = TerminalProcess.Start(folder, $"account login {name}", database);
        await terminal.AnswerAsync("such as +15550001122:", "+15550001111");
        await terminal.AnswerAsync("for another phone number):", "12345");
        return await terminal.EndAsync();
    }
}
