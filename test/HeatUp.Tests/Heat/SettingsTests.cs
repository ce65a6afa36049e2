using global::Heat.Configuration;
using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Tests.House;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging;

namespace HeatUp.Tests.Heat;

public sealed class SettingsTests : IDisposable
{
    private static readonly string[] Live = ["TELEGRAM_MODE=live", "TELEGRAM_API_ID=17", "TELEGRAM_API_HASH=f00d"];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WithoutAnySettingTheDefaultsHold() => Load().ShouldSatisfyAllConditions(
        settings => settings.SessionHistoryDays.ShouldBe(30),
        settings => settings.DatabasePath.ShouldBe("sessions.db"),
        settings => settings.ChannelsFile.ShouldBe(new ChannelsPlace("channels_data.json", HasBuiltin: true)),
        settings => settings.Pace.ShouldBe(Pace.Real),
        settings => settings.Seed.ShouldBe(new Seed(1)),
        settings => settings.SandboxFaults.ToString().ShouldBeEmpty(),
        settings => settings.MaxConcurrentSittings.ShouldBe(10_000),
        settings => settings.Urls.ShouldBe(["http://127.0.0.1:8080"]),
        settings => settings.ApiToken.ShouldBeNull(),
        settings => settings.LogLevel.ShouldBe(LogLevel.Information),
        settings => settings.LogFormat.ShouldBe(LogFormat.Text),
        settings => settings.Telemetry.ShouldBeEmpty(),
        settings => settings.Tgstat.ShouldBe(new TgstatSettings(new Uri("https://api.tgstat.ru"), null)),
        settings => settings.Llm.ShouldBeNull(),
        settings => settings.LlmDailyTokenBudget.ShouldBeNull());

    [Fact]
    public void EverySettingIsRead() => Load(
        "SESSION_HISTORY_DAYS=7", "DATABASE_PATH=a.db", "CHANNELS_FILE=c.json", "PACE=0.5", "SEED=18446744073709551615",
        "SANDBOX_FAULTS=offline:0.01", "MAX_CONCURRENT_SITTINGS=1000000", "API_TOKEN=t0ken",
        "LOG_LEVEL=none", "LOG_FORMAT=JSON",
        "ASPNETCORE_URLS=http://*:80; http://[::1]:0", "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317",
        "TGSTAT_BASE_URL=http://localhost:9", "TGSTAT_API_TOKEN=tg", "LLM_DAILY_TOKEN_BUDGET=5000000000")
        .ShouldSatisfyAllConditions(
            settings => settings.SessionHistoryDays.ShouldBe(7),
            settings => settings.DatabasePath.ShouldBe("a.db"),
            settings => settings.ChannelsFile.ShouldBe("c.json"),
            settings => settings.Pace.ShouldBe(new Pace(0.5)),
            settings => settings.Seed.ShouldBe(new Seed(ulong.MaxValue)),
            settings => settings.SandboxFaults.ToString().ShouldBe("offline:0.01"),
            settings => settings.MaxConcurrentSittings.ShouldBe(1_000_000),
            settings => settings.ApiToken!.Reveal().ShouldBe("t0ken"),
            settings => settings.LogLevel.ShouldBe(LogLevel.None),
            settings => settings.LogFormat.ShouldBe(LogFormat.Json),
            settings => settings.Urls.ShouldBe(["http://*:80", "http://[::1]:0"]),
            settings => settings.Telemetry["OTEL_EXPORTER_OTLP_ENDPOINT"].ShouldBe("http://collector:4317"),
            settings => settings.Tgstat.BaseUrl.ShouldBe(new Uri("http://localhost:9")),
            settings => settings.Tgstat.ApiToken!.Reveal().ShouldBe("tg"),
            settings => settings.LlmDailyTokenBudget.ShouldBe(5_000_000_000));

    [Theory]
    [InlineData("API_TOKEN_READ=l00k", "it does nothing without API_TOKEN")]
    [InlineData("API_TOKEN=same;API_TOKEN_READ=same", "it must be another text than API_TOKEN")]
    public void ATokenForLookingNeedsOneForActingAndIsAnother(string settings, string problem) =>
        Should.Throw<SettingsException>(() => Load(settings.Split(';'))).Message.ShouldContain(problem);

    [Theory]
    [InlineData("SESSION_HISTORY_DAYS", "a whole number, 1 to 3650", "0", "-1", "3651", "abc", "1.5", "1e3", "9e99")]
    [InlineData("PACE", "a number, 0 (no waiting) to 1000", "-0.1", "1001", "fast", "0,5", "NaN", "Infinity")]
    [InlineData("SEED", "a whole number, 0 to 18446744073709551615", "-1", "18446744073709551616", "0x7", "seven")]
    [InlineData("MAX_CONCURRENT_SITTINGS", "a whole number, 1 to 1000000", "0", "1000001", "many")]
    [InlineData("LLM_DAILY_TOKEN_BUDGET", "a whole number, 1 or more", "0", "-5", "1.5", "unlimited")]
    [InlineData("LLM_TIMEOUT_SECONDS", "a whole number, 1 to 600", "0", "601", "1m")]
    [InlineData("LLM_BASE_URL", "an absolute http or https address", "localhost:11434", "/v1", "ftp://host/v1")]
    [InlineData("TGSTAT_BASE_URL", "an absolute http or https address", "api.tgstat.ru", "no address")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "an absolute http or https address", "collector:4317", "4317")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "an absolute http or https address", "collector:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc or http/protobuf", "http", "http/json", "GRPC")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "a whole number, 1 to 2147483647", "0", "5s")]
    [InlineData("LOG_LEVEL", "one of Trace, Debug, Information", "verbose", "2", "debug,error", "infos")]
    [InlineData("LOG_FORMAT", "text or json", "xml", "1")]
    [InlineData("TELEGRAM_MODE", "sandbox, test or live", "real", "1", "live,test")]
    [InlineData("TELEGRAM_API_ID", "a whole number, 1 to 2147483647", "0", "abc")]
    [InlineData("ASPNETCORE_URLS", "one or more http addresses", "127.0.0.1:8080", "https://127.0.0.1:8080", ";",
        "http://127.0.0.1:99999", "http://127.0.0.1:port", "http://127.0.0.1:80/path", "http://unix:/tmp/heat")]
    public void AWrongValueIsNamedWithWhatIsAllowed(string name, string allowed, params string[] wrong)
    {
        foreach (var value in wrong)
            Problems($"{name}={value}").ShouldHaveSingleItem().ShouldStartWith($"{name}={value}: it must be {allowed}");
    }

    [Fact]
    public void AllWrongValuesAreNamedAtOnce() =>
        Problems("PACE=fast", "SEED=x", "LOG_LEVEL=loud").Select(problem => problem.Split('=')[0])
            .ShouldBe(["PACE", "SEED", "LOG_LEVEL"], ignoreOrder: true);

    [Theory]
    [InlineData("Trace", LogLevel.Trace)]
    [InlineData("information", LogLevel.Information)]
    [InlineData("DEBUG", LogLevel.Debug)]
    [InlineData("INFO", LogLevel.Information)]
    [InlineData("WARNING", LogLevel.Warning)]
    [InlineData("WARN", LogLevel.Warning)]
    [InlineData("ERROR", LogLevel.Error)]
    [InlineData("CRITICAL", LogLevel.Critical)]
    public void LogLevelsHaveTheNamesOfDotnetAndOfPython(string name, LogLevel level) =>
        Load($"LOG_LEVEL={name}").LogLevel.ShouldBe(level);

    [Fact]
    public void AnEmptyTextIsASettingThatIsNotSet() =>
        Load("SESSION_HISTORY_DAYS=", "API_TOKEN=  ", "DATABASE_URL=", "LLM_BASE_URL=")
            .ToString().ShouldBe(Load().ToString());

    [Fact]
    public void ADatabaseOfPostgresIsNamedAndRefusedWithoutItsPassword()
    {
        Load("DATABASE_URL=postgres://heat:pa55word@db:5433/heat?sslmode=require").Database
            .ShouldBe("postgres://db:5433/heat");
        Load().Database.ShouldBe("sessions.db");
        Problems("DATABASE_URL=postgres://heat:pa55word@db:http/heat").ShouldBe([
            "DATABASE_URL=***: it can't be read: its port must be a number from 1 to 65535."]);
    }

    [Theory]
    [InlineData("10.0.0.5:11111", "certificates")]
    [InlineData("0.0.0.0:11111", "an address of this machine and a port")]
    [InlineData("127.0.0.1", "an address of this machine and a port")]
    [InlineData("db:11111", "an address of this machine and a port")]
    public void NodesListenForEachOtherOnAnAddressOfTheirsAndBeyondTheMachineWithCertificates(string listen, string why) =>
        Problems($"CLUSTER_LISTEN={listen}").ShouldHaveSingleItem().ShouldContain(why);

    [Fact]
    public void CertificatesOfNodesGoTogether()
    {
        Problems("CLUSTER_CERTIFICATE=node.pem").ShouldHaveSingleItem().ShouldContain("set all three, or none");
        Load("CLUSTER_LISTEN=10.0.0.5:11111", "CLUSTER_CERTIFICATE=a", "CLUSTER_KEY=b", "CLUSTER_AUTHORITY=c")
            .Cluster.ToEndPoint().Port.ShouldBe(11111);
    }

    [Fact]
    public void APaceBelowOneIsForTheSandboxOnly()
    {
        Load("PACE=0", "TELEGRAM_MODE=sandbox").Pace.ShouldBe(Pace.None);
        Problems([.. Live, "PACE=0.9"]).ShouldBe(["PACE=0.9: it must be 1 or more outside the sandbox."]);
        Load([.. Live, "PACE=1"]).Pace.ShouldBe(Pace.Real);
        Should.Throw<SettingsException>(() => LoadAt("0", Live)).Message.ShouldContain("--pace 0");
        LoadAt("0", "PACE=1").Pace.ShouldBe(Pace.None);
    }

    [Theory]
    [InlineData("live", false)]
    [InlineData("TEST", true)]
    public void TheRealTelegramIsReadWithWhoAsksIt(string mode, bool isTest) =>
        Load([.. Live[1..], $"TELEGRAM_MODE={mode}", "TDLIB_PATH=/opt/td"]).Telegram.ShouldNotBeNull().ShouldSatisfyAllConditions(
            telegram => (telegram.IsTest, telegram.ApiId, telegram.LibraryPath).ShouldBe((isTest, 17, "/opt/td")),
            telegram => telegram.ApiHash.Reveal().ShouldBe("f00d"),
            telegram => telegram.DatabaseKey.ShouldBeNull(),
            telegram => $"{telegram}".ShouldNotContain("f00d"));

    [Fact]
    public void OutsideTheSandboxAnApiIdIsNeededAndTheLineSaysWhereFrom()
    {
        Load("TELEGRAM_API_ID=17").Telegram.ShouldBeNull();

        var problems = Problems("TELEGRAM_MODE=live");

        problems.Select(problem => problem.Split(' ')[0]).ShouldBe(["TELEGRAM_API_ID", "TELEGRAM_API_HASH"]);
        problems.ShouldAllBe(problem => problem.Contains("my.telegram.org", StringComparison.Ordinal));
    }

    [Fact]
    public void SandboxFaultsAreForTheSandboxOnly() =>
        Problems([.. Live, "SANDBOX_FAULTS=offline:0.01"]).ShouldHaveSingleItem()
            .ShouldStartWith("SANDBOX_FAULTS=offline:0.01: it must not be set outside the sandbox");

    [Fact]
    public void ADatabaseKeyIsOfThirtyTwoBytesAndNeverShown()
    {
        var bytes = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
        foreach (var good in new[] { Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes), Convert.ToBase64String(bytes) })
        {
            Load([.. Live, $"TDLIB_DATABASE_KEY={good}"]).Telegram!.DatabaseKey!.Reveal().ShouldBe(good);
            TelegramRules.TryReadKey(good, out var read).ShouldBeTrue();
            read.ShouldBe(bytes);
        }
        foreach (var wrong in new[] { "secret", Convert.ToBase64String(bytes[1..]), Convert.ToHexString(bytes) + "00" })
            Problems($"TDLIB_DATABASE_KEY={wrong}").ShouldBe([
                "TDLIB_DATABASE_KEY=***: it must be a key of 32 bytes: 64 hexadecimal digits, or their base64."]);
    }

    [Fact]
    public void TheEnvironmentWinsOverDotEnvAndDotEnvOverTheDefault()
    {
        folder.Write(".env", "PACE=2\nSESSION_HISTORY_DAYS=9\nSEED=5\n");

        Load("PACE=3", "SEED=").ShouldSatisfyAllConditions(
            settings => settings.Pace.ShouldBe(new Pace(3)),
            settings => settings.SessionHistoryDays.ShouldBe(9),
            settings => settings.Seed.ShouldBe(new Seed(5)));
    }

    [Fact]
    public void DotEnvIsReadAsPeopleWriteIt()
    {
        folder.Write(".env", "\uFEFF# mine\r\n\r\n export PACE = 2 # slow\r\nDATABASE_PATH='my data.db'\r\n"
            + "CHANNELS_FILE=\"c.json\"\r\nAPI_TOKEN=a#b$c\r\n");

        Load().ShouldSatisfyAllConditions(
            settings => settings.Pace.ShouldBe(new Pace(2)),
            settings => settings.DatabasePath.ShouldBe("my data.db"),
            settings => settings.ChannelsFile.ShouldBe("c.json"),
            settings => settings.ApiToken!.Reveal().ShouldBe("a#b$c"));
    }

    [Fact]
    public void BrokenLinesOfDotEnvAreNamedByNumberAndNotShown()
    {
        var file = folder.Write(
            ".env", "PACE=2\nAPI_TOKEN: secret\nLLM_API_KEY=\"secret\n=secret\nA NAME=secret\nSEED=x\n");

        var problems = Problems();
        problems.Count.ShouldBe(5);
        foreach (var number in new[] { 2, 3, 4, 5 })
            problems.ShouldContain($"{file}, line {number}: it must be NAME=value, a comment (#) or empty.");
        problems.ShouldContain(problem => problem.StartsWith("SEED=x: ", StringComparison.Ordinal));
        problems.ShouldAllBe(problem => !problem.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void ADotEnvInAnotherEncodingIsAProblem()
    {
        var file = folder.Write(".env", [.. "API_TOKEN="u8, 0xCD, 0xEE]);

        Problems().ShouldHaveSingleItem().ShouldStartWith($"{file}: it can't be read as UTF-8 text");
    }

    [Fact]
    public void TheExampleListsEverySettingWithItsDefault()
    {
        var problems = new List<string>();
        var listed = DotEnvFile.Read(Path.Combine(Tree.Root, ".env.example"), problems);
        var reader = EnvironmentReader.Of(listed.Where(line => line.Value.Length > 0).Select(line => (line.Key, line.Value)));
        SettingsRules.Read(reader);

        problems.ShouldBeEmpty();
        listed.OrderBy(setting => setting.Key, StringComparer.Ordinal).ShouldBe(reader.Defaults);
    }

    [Fact]
    public void EverySettingOfTheExampleHasItsSentence()
    {
        var lines = Tree.Text(".env.example").Split('\n');
        for (var i = 0; i < lines.Length; i++)
            if (lines[i].Contains('=', StringComparison.Ordinal) && !lines[i].StartsWith('#'))
                lines[i - 1].ShouldMatch("^# [A-Z].*\\.$", $".env.example, line {i}");
    }

    [Fact]
    public void TheExampleWorksAsItIs()
    {
        folder.Write(".env", Tree.Text(".env.example"));

        Load().ToString().ShouldBe(LoadFrom("/no/such/folder").ToString());
    }

    private Settings Load(params string[] environment) => LoadFrom(folder.Path, environment);

    /// <summary>The settings with <c>--pace</c>.</summary>
    private Settings LoadAt(string pace, params string[] environment) => Settings.Load(new SettingSources(
        [new GivenOption("--pace", SettingsRules.PaceName, pace)], Variables(environment), folder.File(".env"), null));

    private static Settings LoadFrom(string folder, params string[] environment) =>
        Settings.Load(folder, Variables(environment));

    private static Dictionary<string, string> Variables(string[] environment) =>
        environment.ToDictionary(line => line.Split('=')[0], line => line.Split('=', 2)[1]);

    private IReadOnlyList<string> Problems(params string[] environment) =>
        Should.Throw<SettingsException>(() => Load(environment)).Problems;
}
