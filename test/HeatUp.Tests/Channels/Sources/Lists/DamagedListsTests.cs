using HeatUp.Testing.Lists;

namespace HeatUp.Tests.Channels.Sources.Lists;

/// <summary>Lists that were damaged on the way.</summary>
public sealed class DamagedListsTests
{
    private const int Count = 3_000;

    [Fact]
    public async Task NoDamageMakesAnExceptionOrAWrongName()
    {
        for (var i = 0; i < Count; i++)
            (await ListTrial.RunAsync(new Seed(7).Fork(i))).Fault.ShouldBeNull($"list {i}");
    }

    [Theory]
    [InlineData("\"active\":false,")]
    [InlineData("\"")]
    [InlineData("\"\"\",")]
    [InlineData(",\"\n")]
    [InlineData("@a,\"x\n")]
    [InlineData("{\"a\":[")]
    [InlineData("{\"a\":{},")]
    [InlineData("[{\"username\":\"")]
    [InlineData("<b>")]
    [InlineData("<table><tr><td>")]
    [InlineData("<a href=https://t.me/long_demo")]
    [InlineData("&#64;")]
    [InlineData("username,")]
    [InlineData("INSERT INTO a VALUES ('\n")]
    [InlineData("| channel | link\n")]
    [InlineData("<a>\n")]
    [InlineData("[a](https://")]
    [InlineData("@a/b")]
    [InlineData("\n")]
    public async Task ALongListCostsNoMoreThanItsLength(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 400_000 / piece.Length));
        foreach (var file in new[] { "a.csv", "a.json", "a.ndjson", "a.txt", "a.html" })
        {
            var start = TimeProvider.System.GetTimestamp();
            _ = await ListOf.ReadAsync(file, $"username,title\n{text}");
            _ = await ListOf.ReadAsync(file, text);
            TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(ListTrial.TimeMax, file);
        }
    }

    public static TheoryData<string, string, string> Beginnings => new()
    {
        { "INSERT INTO a VALUES (1,'x');\nCREATE TABLE t (", "\n", "" },
        { "<table><tr>" + string.Concat(Enumerable.Repeat("<td rowspan=999999999>text", 400)), "<tr>", "" },
        { "[[\"x\"", ",\"x\"", ",\"username\"],[\"a\"]]" },
        { "INSERT INTO a VALUES (1", ",2", ");" },
    };

    [Theory]
    [MemberData(nameof(Beginnings))]
    public async Task ALongListCostsNoMoreThanItsLengthHoweverItBegins(string begin, string piece, string end)
    {
        var text = begin + string.Concat(Enumerable.Repeat(piece, 800_000 / piece.Length)) + end;
        var start = TimeProvider.System.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();

        foreach (var file in new[] { "a.csv", "a.json", "a.txt", "a.html" }) _ = await ListOf.ReadAsync(file, text);

        TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(ListTrial.TimeMax);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(2_000_000_000);
    }

    [Fact]
    public async Task ADumpThatIsCutInItsLastRowOrNamesATableTwiceKeepsTheRest()
    {
        var part = await ListOf.ReadAsync("a.sql", """
            CREATE TABLE Channels (id int, username text, about text);
            CREATE TABLE channels (id int, username text, about text);
            INSERT INTO channels VALUES (1,'cut_one','ask @nobody_else'),
            (2,'cut_two','by\n@nobody_more'),
            (3,'cut_three
            """);

        ListOf.Shown(part).ShouldBe("@cut_one||ask @nobody_else\n@cut_two||by @nobody_more");
    }

    [Fact]
    public async Task ATableInATextMayBeLong()
    {
        var rows = string.Concat(Enumerable.Range(0, 12_000).Select(number => $"| long_{number / 2}x | {number / 2} |\n"));

        var part = await ListOf.ReadAsync("a.txt", $"Channels of mine:\n\n| channel | subscribers |\n|---|---|\n{rows}");

        part.Channels.Count.ShouldBe(6_000);
        part.Channels[5_999].Subscribers.ShouldBe(5_999);
    }

    [Fact]
    public async Task ACellThatStandsInSeveralRowsIsThereInEach()
    {
        var part = await ListOf.ReadAsync("a.html", """
            <table><tr><th>channel</th><th>category</th></tr>
            <tr><td>@span_one</td><td rowspan="2">News</td></tr>
            <tr><td>@span_two</td></tr></table>
            """);

        ListOf.Shown(part).ShouldBe("@span_one|||News\n@span_two|||News");
    }

    [Fact]
    public void DamageIsTheSameForTheSameSeed() =>
        ListMutations.Of(new Seed(7)).Bytes.ShouldBe(ListMutations.Of(new Seed(7)).Bytes);
}
