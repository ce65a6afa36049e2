using System.CommandLine;
using Heat.Accounts;
using Heat.Api;
using Heat.Configuration;
using Heat.Shell;
using Spectre.Console;

namespace Heat.Commands.Doctor;

/// <summary><c>heat doctor</c>: looks at everything that Heat Up depends on, and says what to do.</summary>
internal static class DoctorCommand
{
    public const string Name = "doctor";

    public static Command Build(Terminal terminal, LibraryLoader library)
    {
        var llm = new Option<bool>("--llm")
        {
            Description = "Try the language model with the two small calls of 'heat llm check', which may cost",
        };
        var json = Options.Json();
        var command = new Command(Name,
            "Looks at the settings, the database, the disk, the clock, the channels, the language model, Telegram's "
            + "library and the address to listen on, and says what to do. Changes nothing. The exit code is 1 if there "
            + "is a problem.")
        { llm, json }.WithExamples(
            "heat doctor",
            "heat doctor --llm",
            "heat doctor --json");
        command.SetAction(async (parsed, cancellation) =>
        {
            var examination = new Examination(SettingSources.OfProcess([]), library, parsed.GetValue(llm));
            var findings = await terminal.WhileAsync(
                "Looking at everything …", () => examination.RunAsync(cancellation));
            var worst = findings.Max(finding => finding.Status);
            if (parsed.GetValue(json))
                terminal.WriteJson(
                    new DoctorAnswer(worst.Word(), [.. findings.Select(finding => finding.ToAnswer())]),
                    ApiJson.Readable.DoctorAnswer);
            else Show(findings, worst, terminal);
            return worst == FindingStatus.Problem ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static void Show(IReadOnlyList<Finding> findings, FindingStatus worst, Terminal terminal)
    {
        var rows = new RowsView(new("what"), new("state"), new("found", Wraps: true));
        foreach (var finding in findings) rows.Add(finding.What, State(finding.Status), Text(finding));
        rows.Write(terminal);
        var (problems, warnings) = (Count(FindingStatus.Problem), Count(FindingStatus.Warning));
        terminal.Remark(worst == FindingStatus.Ok
            ? "All is well."
            : $"{Counted.Of(problems, "problem")}, {Counted.Of(warnings, "warning")}.");

        int Count(FindingStatus status) => findings.Count(finding => finding.Status == status);
    }

    private static Cell Text(Finding finding) => finding.Advice is not { } advice
        ? finding.Says
        : new Cell(
            $"{Markup.Escape(finding.Says)}\n[bold]{Markup.Escape(advice)}[/]", $"{finding.Says} {advice}");

    private static Cell State(FindingStatus status) => status switch
    {
        FindingStatus.Ok => new Cell("[green]OK[/]", "ok"),
        FindingStatus.Warning => new Cell("[yellow]warning[/]", "warning"),
        _ => new Cell("[red]problem[/]", "problem"),
    };
}
