using global::Heat.Accounts;
using global::Heat.Configuration;
using global::Heat.Hosting;
using HeatUp.Sessions;
using HeatUp.TdLib;
using HeatUp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace HeatUp.Tests.Heat;

/// <summary>The parts put together, or nothing left open.</summary>
public sealed class HeatServicesTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AServiceThatCannotBePutTogetherClosesItsDatabase()
    {
        // No service reads an address such as this one: the settings would have refused it.
        var settings = Settings() with { Urls = ["http://127.0.0.1:0", "nonsense"], MaxConcurrentSittings = 0 };

        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => HeatService.BuildAsync(settings, TimeProvider.System));

        File.Exists(settings.DatabasePath).ShouldBeTrue();
        File.Exists(settings.DatabasePath + "-wal").ShouldBeFalse("who closes a database last takes its log in");
    }

    [Fact]
    public async Task WhatIsNotAskedForIsNotMade()
    {
        await using (var services = HeatServices.Build(Settings(), StoreUse.Sit, (_, _, _) => throw new TdLibraryException("touched")))
            services.GetRequiredService<TelegramInUse>().Accounts.ShouldBeNull("in the sandbox there are none");

        Directory.EnumerateFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task AQuestionMakesNoDatabase()
    {
        await using var services = HeatServices.Build(Settings(), StoreUse.Ask);

        Should.Throw<StoreException>(services.GetRequiredService<ISessionStore>).Message.ShouldContain("There is no database");
        Directory.EnumerateFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task ALibraryThatIsMissingIsSaidBeforeAFileIsMade()
    {
        var settings = Settings() with
        {
            Telegram = new TelegramSettings(false, 17, TestSecret.Of("f00d"), null, null, NoRealData.AccountsIn(folder)),
        };

        await Should.ThrowAsync<TdLibraryException>(() => HeatService.BuildAsync(
            settings, TimeProvider.System, (_, _, _) => throw new TdLibraryException("It is not there.")));

        File.Exists(settings.DatabasePath).ShouldBeFalse();
    }

    private Settings Settings() => global::Heat.Configuration.Settings.Load(folder.Path, []) with
    {
        DatabasePath = folder.File("sessions.db"),
        Urls = ["http://127.0.0.1:0"],
    };
}
