using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.House;

/// <summary>
/// Runs the commands that the documents show, one after the other, and compares what they answer. A block that needs
/// something else (a network, a model's server, a phone) has a remark before it: <c>not run: why</c>.
/// </summary>
public sealed partial class DocumentsTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Documents => [.. Tree.Files(".md").Where(file =>
        file == "README.md" || file.StartsWith("docs/", StringComparison.Ordinal)
            && BlocksOf(Tree.Text(file)).Any(block => block.IsRun))];

    public void Dispose() => folder.Dispose();

    [Theory(Timeout = 240_000)]
    [MemberData(nameof(Documents))]
    public async Task WhatADocumentShowsIsWhatHappens(string document)
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        var blocks = BlocksOf(Tree.Text(document)).Where(block => block.IsRun).ToList();
        Prepare();
        if (document == "docs/operating.md") await HeatProcess.RunAsync(folder, ["warmup", "carol", "--pace", "0"]);
        await using var heat = blocks.Any(block => block.Text.Contains("127.0.0.1:8080", StringComparison.Ordinal))
            ? await HeatProcess.ServeAsync(folder, ("PACE", "0"), ("CHANNELS_FILE", folder.File("channels_data.json")))
            : null;
        foreach (var block in blocks)
            foreach (var (command, expected) in block.Commands())
            {
                var ended = await HeatProcess.RunShellAsync(folder, Here(command, heat));

                var said = Folded(ended.Out + ended.Error).Replace(folder.Path, "/srv/heat", StringComparison.Ordinal);
                if (expected is null) ended.Code.ShouldBe(0, $"{document}:{block.Line}: {command}\n{said}");
                else Pattern(expected).IsMatch(said).ShouldBeTrue(
                    $"{document}:{block.Line}: {command}\nshows {Folded(expected)}\nsaid  {said}");
                // What follows shows what came of the sitting; its events end with it.
                if (heat is not null && Begun().Match(said) is { Success: true } begun)
                    await heat.Client.GetStringAsync($"/warmups/{begun.Groups["run"].Value}/events", Cancellation);
            }
    }

    [Theory]
    [InlineData("$ a\nx … y\n", "a: x … y")]
    [InlineData("$ a\n$ b\n1\n2\n", "a: ; b: 1\n2")]
    public void AConsolesBlockIsCommandsWithAnswers(string text, string commands) => string.Join("; ",
        new Block(1, "console", text, IsRun: true).Commands().Select(one => $"{one.Command}: {one.Expected}")).ShouldBe(commands);

    [Theory]
    [InlineData("12 of 3,400 (a) …", "7 of 1 (a) and more", true)]
    [InlineData("12 of 3,400 (a)", "7 of 1 (b)", false)]
    [InlineData("run 66aba2d1 ends", "run 00ff00ff ends", true)]
    public void NumbersAndNamesOfRunsMayDiffer(string shown, string said, bool isSame) =>
        Pattern(shown).IsMatch(said).ShouldBe(isSame);

    private static string Here(string command, HeatProcess? heat)
    {
        // As large as it must be to be the same.
        var local = InAClone().Replace(command, "heat").Replace("--sessions 10000 --days 30", "--sessions 100 --days 3")
            .Replace("--sessions 1000 --days 30", "--sessions 100 --days 3").Replace("1..1000", "1..2").Replace("--pace 0.2", "--pace 0");
        return heat is null
            ? local
            : local.Replace("127.0.0.1:8080", heat.Client.BaseAddress!.Authority, StringComparison.Ordinal);
    }

    private static List<Block> BlocksOf(string text)
    {
        var blocks = new List<Block>();
        foreach (Match match in Fence().Matches(text))
            blocks.Add(new Block(
                text[..match.Index].Count(c => c == '\n') + 1, match.Groups["kind"].Value, match.Groups["text"].Value,
                IsRun: !match.Groups["not"].Success));
        return blocks;
    }

    private static Regex Pattern(string expected)
    {
        var pattern = new StringBuilder();
        foreach (Match part in Parts().Matches(Folded(expected)))
            pattern.Append(part.Value switch
            {
                "…" => ".*?",
                // A document's lines end where they are full.
                " " => @"\s*",
                [>= '0' and <= '9', ..] => "[0-9a-f,.:]+",
                var text => Regex.Escape(text),
            });
        return new Regex($"^{pattern}$", RegexOptions.Singleline);
    }

    private static string Folded(string text) => Spaces().Replace(text, " ").Trim();

    /// <summary>What the documents take for there.</summary>
    private void Prepare()
    {
        foreach (var scenario in Tree.Files(".json").Where(file => file.StartsWith("docs/", StringComparison.Ordinal)))
            Write(scenario, Tree.Text(scenario));
        Write("channels_data.json", Tree.Text("channels_data.json"));
        Write("list.csv", "name,title,members\n@nasa,NASA,120000\n@bbcnews,BBC,300000\n");
        Write("links.txt", "https://t.me/nature\n@science\n");
        Write("ch.json", """[{"username":"nasa","category":"Science"},{"username":"bbc_news","category":"News"},{"name":"y"},"""
            + """{"username":"@NASA"}]""");
        Write("ratings.tsv", string.Concat(
            Enumerable.Range(0, 400).Select(i => $"{i / 8}\t{i % 8 * (i % 3 + 1)}\t5\t{i}\n")));
        using var zipped = new GZipStream(File.Create(folder.File("list.ndjson.gz")), CompressionLevel.Fastest);
        zipped.Write("{\"username\":\"durov\",\"title\":\"Durov\"}\n"u8);
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        File.WriteAllText(folder.File(name), text);
    }

    /// <summary>Commands in a document.</summary>
    /// <param name="Line">Where it begins.</param>
    /// <param name="Kind"><c>sh</c>: commands; <c>console</c>: commands after a dollar, and what they answer.</param>
    /// <param name="Text">What it shows.</param>
    /// <param name="IsRun">Whether it is to be run.</param>
    private sealed record Block(int Line, string Kind, string Text, bool IsRun)
    {
        public IEnumerable<(string Command, string? Expected)> Commands() => Kind == "sh"
            ? [($"set -e -o pipefail\n{Text}", null)]
            : Text.Split("\n$ ").Select(part => part.TrimStart('$', ' ').Split('\n', 2))
                .Select(part => (part[0], (string?)(part.Length > 1 ? part[1].Trim() : "")));
    }

    [GeneratedRegex("\"run_id\":\"(?<run>[0-9a-f]{32})\",\"status\":\"started\"")]
    private static partial Regex Begun();

    [GeneratedRegex(@"(?<not><!-- not run: [^>]+ -->\n+)?```(?<kind>sh|console)\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"dotnet run (-c Release )?--project src/Heat( --)?")]
    private static partial Regex InAClone();

    [GeneratedRegex(@"…| |\b[0-9][0-9a-f,.:]*|[^… 0-9]+|.")]
    private static partial Regex Parts();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
