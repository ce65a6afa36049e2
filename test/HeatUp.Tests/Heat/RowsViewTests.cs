using System.Text.RegularExpressions;
using Heat.Shell;

namespace HeatUp.Tests.Heat;

/// <summary>An answer's rows, whoever reads them: no way loses a character.</summary>
public sealed partial class RowsViewTests
{
    private const string Reason = "A long reason, with words enough to be wrapped wherever somebody looks at it closely.";

    [Fact]
    public void InAPipeCellsHaveTabsBetweenThemAndNothingIsPadded()
    {
        var output = new StringWriter();
        Sample().Write(Terminal.Of(output, new StringWriter(), null));

        output.ToString().ReplaceLineEndings("\n").ShouldBe(
            $"channel\tsubscribers\treason\n@durov\t12000\t{Reason}\n@x\t\ta tab and a line\n");
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    public void OnNoTerminalACharacterIsLost(int columns)
    {
        var shown = Shown(columns);

        var lines = shown.Split('\n');
        lines.ShouldAllBe(line => line.Length <= columns);
        foreach (var text in (string[])["@durov", "12,000", "@x", "unknown"]) shown.ShouldContain(text);
        var words = shown.Split([' ', '\n', '│'], StringSplitOptions.RemoveEmptyEntries);
        Reason.Split(' ').ShouldBeSubsetOf(words);
    }

    [Fact]
    public void WhereATableHasNoRoomItIsAList()
    {
        Shown(80).ShouldContain("│ channel │");
        Shown(40).Split('\n').Select(line => line.TrimEnd()).Take(3).ShouldBe(
            ["channel      @durov", "subscribers  12,000", "reason       A long reason, with words"]);
    }

    [Fact]
    public void ANameThatIsWiderThanTheTerminalIsFolded()
    {
        var name = $"@{new string('x', 100)}";
        var rows = new RowsView(new("channel"), new("about", Wraps: true));
        rows.Add(name, "");
        var output = new StringWriter();

        rows.Write(Terminal.Of(output, new StringWriter(), 40));

        output.ToString().Count(letter => letter == 'x').ShouldBe(100);
    }

    [Fact]
    public void ALocaleWithoutUtf8GetsAscii()
    {
        var output = new StringWriter();
        var terminal = Terminal.Of(output, new StringWriter(), 80, isAscii: true);
        var rows = new RowsView(new("name"), new("about"));
        rows.Add("мария", "ready …");

        rows.Write(terminal);
        terminal.Remark("✓ done — all");

        output.ToString().ShouldAllBe(letter => letter < 128);
        output.ToString().ShouldContain(@"| \u{43c}\u{430}\u{440}\u{438}\u{44f} | ready ... |");
        output.ToString().ShouldContain("+ done - all");
    }

    private static string Shown(int columns)
    {
        var output = new StringWriter();
        Sample().Write(Terminal.Of(output, new StringWriter(), columns));
        return Colour().Replace(output.ToString().ReplaceLineEndings("\n"), "");
    }

    /// <summary>There are colours or none, as the environment of the tests has it.</summary>
    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Colour();

    private static RowsView Sample()
    {
        var rows = new RowsView(new("channel"), new("subscribers", IsNumber: true), new("reason", Wraps: true));
        rows.Add("@durov", Cell.Of(12_000), Reason);
        rows.Add("@x", new Cell("[grey]unknown[/]", ""), "a tab\tand a\nline");
        return rows;
    }
}
