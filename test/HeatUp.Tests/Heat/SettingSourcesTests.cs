using global::Heat.Configuration;
using HeatUp.Runs;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>Where settings come from, and which source wins.</summary>
public sealed class SettingSourcesTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string FolderFile => folder.File(".env");

    private string UserFile => folder.File("config.env");

    [Theory]
    [InlineData("1", "2", "3", "4", nameof(SettingOrigin.Option), 1)]
    [InlineData(null, "2", "3", "4", nameof(SettingOrigin.Environment), 2)]
    [InlineData(null, null, "3", "4", nameof(SettingOrigin.Folder), 3)]
    [InlineData(null, null, null, "4", nameof(SettingOrigin.User), 4)]
    [InlineData(null, null, null, null, nameof(SettingOrigin.Default), 1)]
    [InlineData(null, "", "  ", "4", nameof(SettingOrigin.User), 4)]
    [InlineData("1", null, null, "4", nameof(SettingOrigin.Option), 1)]
    public void TheFirstSourceThatSaysASettingWins(
        string? option, string? environment, string? inFolder, string? ofUser, string origin, double pace)
    {
        if (inFolder is not null) folder.Write(".env", $"PACE={inFolder}\n");
        if (ofUser is not null) folder.Write("config.env", $"PACE={ofUser}\n");

        var settings = Load(option, environment is null ? [] : [$"PACE={environment}"]);

        settings.Pace.ShouldBe(new Pace(pace));
        SourceOf(settings, "PACE").Origin.ToString().ShouldBe(origin);
    }

    [Fact]
    public void EachValueTellsWhereItComesFrom()
    {
        folder.Write(".env", "SEED=5\n");
        folder.Write("config.env", "SEED=6\nLOG_LEVEL=debug\n");

        var settings = Load("2", "DATABASE_PATH=a.db");

        SourceOf(settings, "PACE").ShouldBe(new SettingSource(SettingOrigin.Option, "--pace"));
        SourceOf(settings, "DATABASE_PATH").ShouldBe(SettingSource.Environment);
        SourceOf(settings, "SEED").ShouldBe(new SettingSource(SettingOrigin.Folder, FolderFile));
        SourceOf(settings, "LOG_LEVEL").ShouldBe(new SettingSource(SettingOrigin.User, UserFile));
        SourceOf(settings, "SESSION_HISTORY_DAYS").ShouldBe(SettingSource.Default);
    }

    [Fact]
    public void EverySettingIsToldWithItsValue()
    {
        var values = Load(null, "PACE= 0.5 ").Values;

        values.Select(value => value.Name).ShouldBe(values.Select(value => value.Name).Order(StringComparer.Ordinal));
        values.Single(value => value.Name == "PACE").Shown.ShouldBe("0.5");
        values.Single(value => value.Name == "DATABASE_PATH").Shown.ShouldBe("sessions.db");
        values.Single(value => value.Name == "LLM_MODEL").Shown.ShouldBeEmpty();
    }

    [Fact]
    public void SecretsAreToldMaskedWhateverFileTheyComeFrom()
    {
        folder.Write(".env", "API_TOKEN=hush1\nLLM_MODEL=m\n");
        folder.Write("config.env", "LLM_BASE_URL=http://localhost/v1?key=hush4\nLLM_API_KEY=hush2\nTELEGRAM_API_HASH=hush3\n");

        var values = Load(null).Values;

        foreach (var name in new[] { "API_TOKEN", "LLM_API_KEY", "TELEGRAM_API_HASH" })
            values.Single(value => value.Name == name).Shown.ShouldBe("***");
        values.Single(value => value.Name == "OPENAI_API_KEY").Shown.ShouldBeEmpty("nobody has set it");
        values.ShouldAllBe(value => !value.ToString().Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public void AWrongValueIsNamedWithTheFileItComesFrom()
    {
        folder.Write(".env", "PACE=fast\n");
        folder.Write("config.env", "PACE=ignored\nSEED=x\n");

        Problems(null).ShouldBe([
            $"PACE=fast: it must be a number, 0 (no waiting) to 1000. See {FolderFile}.",
            $"SEED=x: it must be a whole number, 0 to 18446744073709551615. See {UserFile}."], ignoreOrder: true);
    }

    [Theory]
    [InlineData("-1", "--pace -1: it must be a number, 0 (no waiting) to 1000.")]
    [InlineData("", "--pace : it must be a number, 0 (no waiting) to 1000.")]
    public void AWrongOptionIsNamedAsItWasGiven(string pace, string problem)
    {
        folder.Write(".env", "PACE=2\n");

        Problems(pace).ShouldBe([problem]);
    }

    [Theory]
    [InlineData("LLM_BASE_URL=http://evil.example/v1", "OPENAI_API_KEY=sk-mine", "LLM_MODEL=m")]
    [InlineData("LLM_BASE_URL=http://evil.example/v1", "LLM_API_KEY=sk-mine", "LLM_MODEL=m")]
    [InlineData("TGSTAT_BASE_URL=http://evil.example", "TGSTAT_API_TOKEN=sk-mine")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://evil.example", "OTEL_EXPORTER_OTLP_HEADERS=key=sk-mine")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://evil.example", "OTEL_EXPORTER_OTLP_HEADERS=key=sk-mine")]
    public void AFolderIsNotSentWhatItsUserHasSetElsewhere(string ofFolder, string key, params string[] others)
    {
        folder.Write(".env", $"{ofFolder}\n");
        var line = Problems(null, [key, .. others]).ShouldHaveSingleItem();
        line.ShouldStartWith($"{ofFolder}: it is said by this folder, and would be sent {key.Split('=')[0]}, ");
        line.ShouldContain("which is said by the environment");
        line.ShouldEndWith($"See {FolderFile}.");
        line.ShouldNotContain("sk-mine");

        folder.Write("config.env", $"{key}\n");
        Problems(null, others).ShouldHaveSingleItem().ShouldContain(UserFile);

        // In one place, or to an address that the user says: as ever.
        folder.Write(".env", $"{ofFolder}\n{key}\n");
        Load(null, others);
        folder.Write(".env", $"{key}\n");
        Load(null, [ofFolder, .. others]);
        folder.Write(".env", $"{ofFolder}\n");
        Load(null, [ofFolder, .. others]);
    }

    [Fact]
    public void AFolderCannotNameCodeThatIsLoaded()
    {
        string[] live = ["TELEGRAM_MODE=test", "TELEGRAM_API_ID=1", "TELEGRAM_API_HASH=a"];
        folder.Write(".env", "TDLIB_PATH=./libtdjson.so\n");

        Problems(null, live).ShouldHaveSingleItem().ShouldStartWith("TDLIB_PATH=./libtdjson.so: it must not be said by a folder");
        Load(null, "TELEGRAM_MODE=sandbox").Telegram.ShouldBeNull();

        folder.Write("config.env", "TDLIB_PATH=/mine/libtdjson.so\n");
        folder.Write(".env", "");
        Load(null, live).Telegram.ShouldNotBeNull().LibraryPath.ShouldBe("/mine/libtdjson.so");
    }

    [Fact]
    public void WhatLooksLikeASettingAndIsNoneIsSaidWithTheNearestName()
    {
        folder.Write(".env", "DATABSE_PATH=a.db\nMY_OWN_THING=1\n");
        folder.Write("config.env", "MY_OWN_THING=1\nPACE=2\n");

        Sources(null, ["SEEED=3", "loglevel=debug", "HOME=/", "PATH=/bin", "PWD=/", "LANG=C", "SHLVL=1", "TERM=xterm", "PAGER=less",
                "OTEL_EXPORTER_OTLP_ENDPOIN=x", "ASPNETCORE_URL=x", "DOTNET_ROOT=/", "LC_ALL=C", "SEED=1"])
            .Misspelt([.. Load(null).Values.Select(value => value.Name)]).ShouldBe([
                "SEEED is no setting; did you mean SEED?",
                "loglevel is no setting; did you mean LOG_LEVEL?",
                $"DATABSE_PATH is no setting; did you mean DATABASE_PATH? See {FolderFile}.",
                $"MY_OWN_THING is no setting. See {UserFile}."]);
    }

    [Fact]
    public void BrokenLinesOfBothFilesAreNamedByFileAndNumber()
    {
        folder.Write(".env", "# mine\nAPI_TOKEN: secret\n");
        folder.Write("config.env", "PACE=1\n\nLLM_API_KEY=\"secret\n");

        Problems(null).ShouldBe([
            $"{UserFile}, line 3: it must be NAME=value, a comment (#) or empty.",
            $"{FolderFile}, line 2: it must be NAME=value, a comment (#) or empty."], ignoreOrder: true);
    }

    [Fact]
    public void AUsersFileInAnotherEncodingIsAProblem()
    {
        folder.Write("config.env", [.. "API_TOKEN="u8, 0xCD, 0xEE]);

        Problems(null).ShouldHaveSingleItem().ShouldStartWith($"{UserFile}: it can't be read as UTF-8 text");
    }

    [Fact]
    public void AUsersFileThatIsClosedToItsUserIsAProblem()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Everything is open to this user.");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows closes files in another way.");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.Write("config.env", "PACE=2\n"), UnixFileMode.None);

        Problems(null).ShouldHaveSingleItem().ShouldStartWith($"{UserFile}: it can't be read");
    }

    [Theory]
    [InlineData("XDG_CONFIG_HOME", "config", "config/heat-up/config.env")]
    [InlineData("HOME", "home", "home/.config/heat-up/config.env")]
    public async Task TheUsersFileLiesInTheUsersConfigurationFolder(string variable, string place, string file)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems know a user's folders without these variables.");
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(file))!);
        folder.Write(file, "PACE=fast\n");

        var ended = await HeatProcess.RunAsync(
            folder, ["sessions"], (NoRealData.ConfigurationVariable, ""), (variable, folder.File(place)));

        ended.Code.ShouldBe(2);
        ended.Error.ShouldContain($"PACE=fast: it must be a number, 0 (no waiting) to 1000. See {folder.File(file)}.");
    }

    [Theory]
    [InlineData("home")]
    [InlineData("/dev/null")]
    public async Task AUserWithoutAPlaceHasNoFile(string home)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems know a user's folders without these variables.");
        Directory.CreateDirectory(folder.File("home/.config/heat-up"));
        folder.Write("home/.config/heat-up/config.env", "PACE=fast\n");

        var ended = await HeatProcess.RunAsync(
            folder, ["channels", "list", "--json"], (NoRealData.ConfigurationVariable, "home/.config"), ("HOME", home));

        ended.Code.ShouldBe(0, ended.Error);
    }

    [Fact]
    public async Task NoFileMovesTheUsersFile()
    {
        folder.Write(".env", $"XDG_CONFIG_HOME={folder.Path}\nHOME={folder.Path}\n");
        Directory.CreateDirectory(folder.File("heat-up"));
        folder.Write("heat-up/config.env", "PACE=fast\n");

        var ended = await HeatProcess.RunAsync(folder, ["channels", "list", "--json"]);

        ended.Code.ShouldBe(0, ended.Error);
    }

    [Fact]
    public void TestsHaveNoUsersFile() => File.Exists(UserPlaces.SettingsFile()).ShouldBeFalse();

    private static SettingSource SourceOf(Settings settings, string name) =>
        settings.Values.Single(value => value.Name == name).Source;

    private Settings Load(string? pace, params string[] environment) => Settings.Load(Sources(pace, environment));

    private SettingSources Sources(string? pace, string[] environment) => new(
        [new GivenOption("--pace", SettingsRules.PaceName, pace)],
        environment.ToDictionary(line => line.Split('=')[0], line => line.Split('=', 2)[1]), FolderFile, UserFile);

    private IReadOnlyList<string> Problems(string? pace, params string[] environment) =>
        Should.Throw<SettingsException>(() => Load(pace, environment)).Problems;
}
