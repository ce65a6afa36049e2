using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Sqlite;
using HeatUp.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

using static HeatUp.Tests.Sessions.Remembered;

namespace HeatUp.Tests.Sessions.Sqlite;

public sealed class SqliteTroubleTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Path => folder.File("sessions.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public Task AMissingFolderIsNamed() => RefusesAsync(folder.File("no/such/sessions.db"), "does not exist");

    [Fact]
    public Task AFolderIsNoFile() => RefusesAsync(folder.Path, "is a folder");

    [Fact]
    public async Task AFileThatIsNoDatabaseIsLeftAlone()
    {
        File.WriteAllText(Path, string.Concat(Enumerable.Repeat("Dear diary, ", 500)));

        await RefusesAsync(Path, "is not an SQLite database");
        File.ReadAllText(Path).ShouldStartWith("Dear diary");
    }

    [Fact]
    public async Task AnotherProgramsTableIsLeftAlone()
    {
        using (var other = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            other.Open();
            other.Execute("CREATE TABLE session_history (id INTEGER PRIMARY KEY, what TEXT)");
        }

        await RefusesAsync(Path, "other columns (id, what)");
    }

    [Fact]
    public async Task AFileOfANewerVersionIsLeftAlone()
    {
        using (var newer = new PythonDatabase(Path)) newer.Run("PRAGMA user_version = 99");

        await RefusesAsync(Path, "newer Heat Up");
    }

    [Fact]
    public async Task ATruncatedDatabaseIsCalledDamaged()
    {
        await using (var store = await OpenAsync()) await store.SitAsync(Alice, 1, Noon, Idle());
        using (var file = File.OpenWrite(Path)) file.SetLength(file.Length / 2);

        await RefusesAsync(Path, "is damaged");
    }

    [Fact]
    public async Task ADatabaseOfAnotherEncodingIsRefused()
    {
        using (var other = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            other.Open();
            other.Execute($"PRAGMA encoding = 'UTF-16le'; {PythonDatabase.Table}");
        }

        await RefusesAsync(Path, "UTF-16le");
    }

    [Fact]
    public async Task APlaceWhereNobodyMayWriteIsRefused()
    {
        // Permissions don't bind a privileged user, who runs tests in containers; the kernel's own tree does.
        var path = OperatingSystem.IsLinux() ? "/sys/sessions.db" : ReadOnlyFile();

        await RefusesAsync(path, OperatingSystem.IsLinux() ? "can't be opened" : "read-only");

        string ReadOnlyFile()
        {
            File.WriteAllText(Path, "");
            File.SetAttributes(Path, FileAttributes.ReadOnly);
            return Path;
        }
    }

    [Theory]
    [InlineData(8, "read-only")]
    [InlineData(5, "locked by another process")]
    [InlineData(14, "can't be opened")]
    [InlineData(10, "could not be read or written")]
    [InlineData(13, "disk is full")]
    public void EveryFailureIsOneLineThatNamesTheFileAndSaysWhatToDo(int code, string what)
    {
        var failure = SqliteTrouble.Explain("/data/s.db", new SqliteException("first\nsecond", code));

        failure.Message.ShouldStartWith("DATABASE_PATH=/data/s.db ");
        failure.Message.ShouldContain(what);
        failure.Message.ShouldNotContain("\n");
        failure.Message.ShouldEndWith(".");
    }

    [Fact]
    public async Task AFullDiskLosesNothingAndTheStoreGoesOn()
    {
        await using var store = await OpenAsync();
        var run = await store.LiveAsync(Alice, 1, Noon);
        await LimitAsync(store, (await PagesAsync(store)) + 2);
        var remembered = 0;
        var failure = default(StoreException);
        while (failure is null)
        {
            try { await store.RememberAsync(run.Hold, Done(remembered + 1, Idle())); remembered++; }
            catch (StoreException full) { failure = full; }
            remembered.ShouldBeLessThan(10_000);
        }

        failure.Message.ShouldStartWith($"DATABASE_PATH={Path} can't grow: the disk is full.");
        (await store.TroubleAsync(Cancellation)).ShouldBe(failure.Message);
        (await store.TypedHistoryAsync(Alice)).Summary.TotalActions.ShouldBe(remembered);

        await LimitAsync(store, int.MaxValue);
        await store.RememberAsync(run.Hold, Done(remembered + 1, Idle()));
        (await store.TroubleAsync(Cancellation)).ShouldBeNull();
        (await store.TypedHistoryAsync(Alice)).Summary.TotalActions.ShouldBe(remembered + 1);
    }

    [Fact]
    public async Task AfterAFailureTheQuestionForTroubleTriesToWriteAgain()
    {
        await using var store = await OpenAsync();
        using var other = Lock();
        await store.Writer.WriteAsync(db => Set(db, "PRAGMA busy_timeout = 0"), Cancellation).AsTask().ShouldThrowAsync<StoreException>();
        other.Dispose();

        (await store.TroubleAsync(Cancellation)).ShouldNotBeNull().ShouldContain("locked");
        // The probe was in the queue before this write.
        await store.LiveAsync(Alice, 1, Noon);
        (await store.TroubleAsync(Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task ALockedDatabaseIsReadAllTheSameAndWrittenAfterwards()
    {
        await using var store = await OpenAsync();
        var run = await store.LiveAsync(Alice, 1, Noon, Idle());
        await store.Writer.WriteAsync(db => Set(db, "PRAGMA busy_timeout = 0"), Cancellation);
        using (Lock())
        {
            var failure = await Should.ThrowAsync<StoreException>(store.RememberAsync(run.Hold, Done(2, Idle())).AsTask());
            failure.Message.ShouldContain("locked by another process");
            (await store.TypedHistoryAsync(Alice)).Summary.TotalActions.ShouldBe(1);
        }

        await store.RememberAsync(run.Hold, Done(2, Idle()));
        (await store.TypedHistoryAsync(Alice)).Summary.TotalActions.ShouldBe(2);
    }

    [Fact]
    public async Task ARemovedFileIsTrouble()
    {
        await using var store = await OpenAsync();
        File.Delete(Path);

        (await Should.ThrowAsync<StoreException>(store.BeginAsync(Run(Alice), Cancellation).AsTask()))
            .Message.ShouldContain("removed");
        (await store.TroubleAsync(Cancellation)).ShouldNotBeNull().ShouldContain("removed");
    }

    [Fact]
    public async Task AFullDiskIsTroubleUntilAStepHasRoomAlsoIfSmallerThingsAreWritten()
    {
        await using var store = await OpenAsync();
        var run = await store.LiveAsync(Alice, 1, Noon);
        await LimitAsync(store, await PagesAsync(store));
        var large = new Idle(TimeSpan.FromSeconds(60), new string('x', 20_000));
        await Should.ThrowAsync<StoreException>(store.RememberAsync(run.Hold, Done(1, large)).AsTask());

        await store.EndAsync(run.Hold, RunEnd.NotRemembered("full"), Noon);
        for (var i = 0; i < 3; i++)
        {
            (await store.TroubleAsync(Cancellation)).ShouldNotBeNull().ShouldContain("disk is full");
            await store.LastProbe;
        }

        await LimitAsync(store, int.MaxValue);
        await store.TroubleAsync(Cancellation);
        await store.LastProbe;
        (await store.TroubleAsync(Cancellation)).ShouldBeNull();
        (await store.Writer.WriteAsync(db => db["SELECT count(*) FROM counters WHERE name = 'probe'"].Number(), Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task WhatWasRememberedIsSavedWhenAnotherFileTakesTheDatabasesPlaceAndThatFileIsLeftAlone()
    {
        var old = folder.File("old.db");
        await using (var store = await OpenAsync())
        {
            await store.SitAsync(Bob, 1, Noon, Idle());
            store.BackUp(old, cancellation: Cancellation);
            await store.SitAsync(Alice, 1, Noon, Idle(), Idle());
            var bytes = File.ReadAllBytes(old);

            File.Move(old, Path, overwrite: true);

            var failure = await Should.ThrowAsync<StoreException>(store.BeginAsync(Run(Alice) with { Sitting = 2 }, Cancellation).AsTask());
            failure.Message.ShouldContain("replaced by another file");
            (await store.TroubleAsync(Cancellation)).ShouldBe(failure.Message);
            await Should.ThrowAsync<StoreException>(store.BeginAsync(Run(Bob) with { Sitting = 2 }, Cancellation).AsTask());
            File.ReadAllBytes(Path).ShouldBe(bytes);
        }
        await using (var replacement = await OpenAsync())
        {
            (await replacement.RecallAsync(Alice, Cancellation)).TotalActions.ShouldBe(0);
            (await replacement.RecallAsync(Bob, Cancellation)).TotalActions.ShouldBe(1);
        }
        var rescued = Directory.GetFiles(folder.Path, "sessions.db.rescued-*").ShouldHaveSingleItem();
        await using var saved = await SqliteSessionStore.OpenAsync(
            rescued, TelegramMode.Sandbox, TimeProvider.System, NullLogger.Instance, Cancellation);
        (await saved.RecallAsync(Alice, Cancellation)).TotalActions.ShouldBe(2);
    }

    [Fact]
    public async Task AReplacedFileIsNoticedByTheQuestionForTroubleBeforeAnythingIsWritten()
    {
        await using var store = await OpenAsync();
        var old = folder.File("old.db");
        store.BackUp(old, cancellation: Cancellation);
        File.Move(old, Path, overwrite: true);

        (await store.TroubleAsync(Cancellation)).ShouldNotBeNull().ShouldContain("replaced");
    }

    [Fact]
    public async Task AFileThatIsPutBackIsUsedAgain()
    {
        await using var store = await OpenAsync();
        await store.SitAsync(Alice, 1, Noon, Idle());
        var aside = folder.File("aside.db");
        File.Move(Path, aside);
        (await Should.ThrowAsync<StoreException>(store.BeginAsync(Run(Bob), Cancellation).AsTask()))
            .Message.ShouldContain("All that was remembered until then is in");

        File.Move(aside, Path);

        await store.LiveAsync(Bob, 1, Noon, Idle());
        (await store.TroubleAsync(Cancellation)).ShouldBeNull();
    }

    [Theory]
    [InlineData("CREATE TABLE sessions (dc_id INTEGER PRIMARY KEY, auth_key BLOB); CREATE TABLE version (version INTEGER)")]
    [InlineData("CREATE TABLE invoices (number); PRAGMA user_version = 1")]
    [InlineData("CREATE TABLE invoices (number); PRAGMA user_version = 99")]
    [InlineData("CREATE TABLE counters (name, value)")]
    public async Task AnotherProgramsDatabaseIsNotChangedByAByte(string sql)
    {
        using (var other = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            other.Open();
            other.Execute(sql);
        }
        var bytes = File.ReadAllBytes(Path);

        await RefusesAsync(Path, "has no table session_history");

        File.ReadAllBytes(Path).ShouldBe(bytes);
        Directory.GetFiles(folder.Path).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task AClosedStoreSaysSo()
    {
        var store = await OpenAsync();
        await store.DisposeAsync();

        (await Should.ThrowAsync<StoreException>(store.BeginAsync(Run(Alice), Cancellation).AsTask())).Message.ShouldContain("closed");
        (await Should.ThrowAsync<StoreException>(store.RecallAsync(Alice, Cancellation).AsTask())).Message.ShouldContain("closed");
    }

    private static bool Set(SqliteDatabase db, string pragma)
    {
        db.Run(pragma);
        return true;
    }

    private static ValueTask<bool> LimitAsync(SqliteSessionStore store, int pages) =>
        store.Writer.WriteAsync(db => Set(db, $"PRAGMA max_page_count = {pages}"), Cancellation);

    private static ValueTask<int> PagesAsync(SqliteSessionStore store) =>
        store.Writer.WriteAsync(db => (int)db["PRAGMA page_count"].Number(), Cancellation);

    private SqliteConnection Lock()
    {
        var other = new SqliteConnection($"Data Source={Path};Pooling=False");
        other.Open();
        other.Execute("BEGIN IMMEDIATE");
        return other;
    }

    private async Task RefusesAsync(string path, string because)
    {
        var failure = await Should.ThrowAsync<StoreException>(
            SqliteSessionStore.OpenAsync(path, TelegramMode.Sandbox, TimeProvider.System, NullLogger.Instance, Cancellation));
        failure.Message.ShouldStartWith($"DATABASE_PATH={path} ");
        failure.Message.ShouldContain(because);
        failure.Message.ShouldNotContain("\n");
    }

    private Task<SqliteSessionStore> OpenAsync() =>
        SqliteSessionStore.OpenAsync(Path, TelegramMode.Sandbox, TimeProvider.System, NullLogger.Instance, Cancellation);
}
