using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>What commands write on terminals of all kinds, into pipes and files.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    public async Task ATerminalOfAnyWidthShowsAllThatAPipeGets(int columns)
    {
        await HeatProcess.RunAsync(folder, ["warmup", "alice", "--pace", "0"]);
        foreach (var command in (string[][])[["history", "alice"], ["sessions"], ["channels"], ["recommend", "alice"], ["config", "--all"]])
        {
            var shown = await HeatProcess.RunOnTerminalAsync(folder, columns, [.. command, "--no-progress"]);
            var piped = await HeatProcess.RunAsync(folder, command);

            shown.Code.ShouldBe(0, shown.Out);
            shown.Out.ShouldNotContain("…");
            var letters = Letters(shown.Out);
            foreach (var line in piped.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
                // Terminals show numbers and times in their own way, and a folded cell stands beside others.
                foreach (var word in line.Split('\t', ' ').Where(word => word.Length > 3 && word.All(char.IsAsciiLetter)))
                    letters.ShouldContain(word, customMessage: $"{columns}: {string.Join(' ', command)}: {line}");
        }
    }

    [Fact]
    public async Task ALocaleWithoutUtf8GetsAsciiAndProgramsGetTheirJsonAllTheSame()
    {
        (string, string) locale = ("LC_ALL", "C");
        await HeatProcess.RunAsync(folder, ["warmup", "мария", "--pace", "0"]);

        foreach (var command in (string[][])[["warmup", "мария", "--pace", "0"], ["sessions"], ["channels"], ["--help"]])
        {
            (await HeatProcess.RunOnTerminalAsync(folder, 80, command, locale)).Out.ShouldAllBe(letter => letter < 128);
            (await HeatProcess.RunAsync(folder, command, locale)).Out.ShouldAllBe(letter => letter < 128);
        }
        (await HeatProcess.RunAsync(folder, ["sessions"], locale)).Out.ShouldContain(@"\u{43c}\u{430}\u{440}\u{438}\u{44f}");
        (await HeatProcess.RunAsync(folder, ["sessions", "--json"], locale)).Out.ShouldContain("мария");
        (await HeatProcess.RunAsync(folder, ["sessions"], ("LC_ALL", ""), ("LANG", "ru_RU.UTF-8"))).Out.ShouldContain("мария");
    }

    [Fact]
    public async Task NoColorAndNoProgressAreHeeded()
    {
        await HeatProcess.RunAsync(folder, ["db", "init"]);
        const string colour = "\u001b\\[(38;[0-9;]+|[0-9;]*[39][0-9])m";

        var usual = await HeatProcess.RunOnTerminalAsync(folder, 80, ["warmup", "alice", "--pace", "0.01"]);
        var plain = await HeatProcess.RunOnTerminalAsync(
            folder, 80, ["warmup", "alice", "--pace", "0.01", "--no-progress"], ("NO_COLOR", "1"));

        usual.Out.ShouldMatch(colour);
        usual.Out.ShouldContain("waiting …");
        plain.Out.ShouldNotMatch(colour);
        plain.Out.ShouldNotContain("waiting …");
        plain.Out.ShouldContain("✓ 1");
    }

    [Fact]
    public async Task WithoutProgressASimulationIsQuiet()
    {
        var ended = await HeatProcess.RunAsync(
            folder, ["simulate", "--sessions", "3", "--days", "1", "--out", "a", "--no-progress"]);
        var checking = await HeatProcess.RunAsync(folder, ["simulate", "--check", "--seeds", "1", "--no-progress"]);

        ended.Code.ShouldBe(0, ended.Error);
        ended.Error.ShouldBeEmpty();
        checking.Code.ShouldBe(0, checking.Error);
    }

    [Theory]
    [InlineData("There is no file ", "db", "import", "missing.ndjson")]
    [InlineData("There is no file ", "channels", "import", "missing.csv")]
    [InlineData("There is no file ", "channels", "evaluate", "--interactions", "missing.tsv")]
    [InlineData(" is a folder. Name a file in it", "db", "import", ".")]
    [InlineData("it is a directory", "channels", "import", ".")]
    [InlineData("The folder of ", "db", "import", "missing/all.ndjson")]
    [InlineData("There is neither a run nor a database at ", "report", "missing")]
    [InlineData("does not exist", "db", "export", "missing/all.ndjson")]
    [InlineData("/proc/self/a", "simulate", "--sessions", "1", "--days", "1", "--out", "/proc/self/a")]
    [InlineData("/proc/self/a", "db", "export", "/proc/self/a")]
    public async Task NoSentenceIsTheRuntimesOwn(string says, params string[] command)
    {
        await HeatProcess.RunAsync(folder, ["db", "init"]);
        File.Copy(Repository.File("channels_data.json"), folder.File("pool.json"));

        var ended = await HeatProcess.RunAsync(folder, command, ("CHANNELS_FILE", folder.File("pool.json")));

        ended.Code.ShouldBeOneOf(1, 104);
        ended.Error.ShouldContain(says);
        foreach (var raw in (string[])["Could not find", "Access to the path", "denied", "No such file", "   at "])
            ended.Error.ShouldNotContain(raw);
    }

    private static string Letters(string text) => string.Concat(
        System.Text.RegularExpressions.Regex.Replace(text, "\u001b\\[[0-9;?]*[A-Za-z]", "").Where(char.IsAsciiLetter));
}
