using Heat.Api;
using Heat.Configuration;
using Heat.Reports;
using Heat.Shell;
using HeatUp;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;
using Spectre.Console;

namespace Heat.Commands;

/// <summary>
/// A sitting as a person watches it: what is remembered, the plan as it comes true, and what came of it.
/// </summary>
internal sealed class SittingView(Terminal terminal, Settings settings, TimeProvider clock)
{
    private const int JoinedShown = 5;

    /// <summary>Room for a reading of a channel with a name of ordinary length.</summary>
    private const int ActionWidth = 40;

    /// <summary>On a terminal that is narrower, a reason stands below its action.</summary>
    private const int BesideMin = ActionWidth + 32;

    private readonly IAnsiConsole console = terminal.Out;

    public void Recalled(Recollection past, int sitting)
    {
        console.MarkupLineInterpolated($"[bold]{past.Session.Value}[/] · sitting {sitting}");
        if (past.IsNew)
        {
            console.MarkupLine("[grey]recall[/]  nothing: its first time");
            return;
        }
        console.MarkupLineInterpolated($"[grey]recall[/]  {Past(past)}");
    }

    /// <summary>Shows the plan of a run, and its steps as they happen.</summary>
    public async Task ShowAsync(RunRecord begun, IAsyncEnumerable<RunEvent> events)
    {
        var plan = begun.Plan;
        var actions = Counted.Of(plan.Actions.Count, "action");
        console.MarkupLineInterpolated($"[grey]plan[/]    {actions} by {Planner(plan.Origin)}");
        if (!terminal.ShowsProgress || !console.Profile.Capabilities.Interactive) await ShowAsync(events, null);
        else await console.Status().Spinner(Spinner.Known.Dots).StartAsync("…", status => ShowAsync(events, status));
    }

    private async Task ShowAsync(IAsyncEnumerable<RunEvent> events, StatusContext? status)
    {
        await foreach (var happening in events)
        {
            if (happening is RunEvent.StepStarted started && status is not null)
                status.Status(Markup.Escape($"{started.Number}  {Describe(started.Action)} …"));
            if (happening is RunEvent.StepEnded(var step))
            {
                Write(step);
                status?.Status("waiting …");
            }
        }
    }

    /// <summary>Sums up a run that has ended.</summary>
    public void Summarize(RunRecord run)
    {
        var (summary, end) = (ExecutionSummary.Of(run), run.End!);
        var joined = summary.JoinedChannels.Count == 0 ? "" : $", joined {string.Join(", ", summary.JoinedChannels)}";
        var (done, all) = (summary.SuccessfulActions, summary.TotalActions);
        console.MarkupLineInterpolated(
            $"[grey]run[/]     {end.Status.Word()}: {done} of {Counted.Of(all, "action")} done{joined}");
        if (end.Detail is { } detail) console.MarkupLineInterpolated($"        [yellow]{detail}[/]");
        console.MarkupLineInterpolated(
            $"[grey]remember[/] in {settings.Database}; see 'heat history {run.Session.Value}'");
        console.WriteLine();
    }

    private string Past(Recollection past)
    {
        var last = past.LastActivity is { } time ? $", last active {Ago.Of(clock.GetUtcNow() - time)}" : "";
        var names = past.Joined.Take(JoinedShown).Select(membership => membership.Channel.Value);
        var more = past.Joined.Count > JoinedShown ? $" and {past.Joined.Count - JoinedShown} more" : "";
        var follows = past.Joined.Count == 0 ? "no channel yet" : string.Join(", ", names) + more;
        return $"{Counted.Of(past.TotalActions, "action")}{last}; follows {follows}";
    }

    private static string Planner(PlanOrigin origin) => origin switch
    {
        { Planner: PlannerKind.Llm, Tokens: var tokens } =>
            $"the language model ({tokens.Input} tokens in, {tokens.Cached} of them cached, {tokens.Output} out)",
        { FallbackReason: { } reason } => $"the built-in planner, because {reason}",
        _ => "the built-in planner",
    };

    private void Write(Step step)
    {
        var (isDone, said) = step.Outcome switch
        {
            Outcome.Done { PostsRead: > 0 } done => (true, Counted.Of(done.PostsRead, "post")),
            Outcome.Done => (true, ""),
            var other => (false, $"{other.Word}: {other.Error}"),
        };
        var reason = said.Length > 0 ? $"{said}. {step.Action.Reason}" : step.Action.Reason;
        var mark = isDone ? "✓" : "✗";
        if (terminal.IsPiped) terminal.WriteLine($"{mark} {step.Number}\t{Describe(step.Action)}\t{reason}");
        else console.Write(Row($"[{(isDone ? "green" : "red")}]{mark}[/] {step.Number}", step.Action, reason));
    }

    /// <summary>A row of columns, so that a long reason is wrapped below itself.</summary>
    private Grid Row(string mark, PlannedAction action, string reason)
    {
        var (what, why) = (Markup.Escape(Describe(action)), $"[grey]{Markup.Escape(reason)}[/]");
        var row = new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0));
        var last = new GridColumn().Padding(0, 0, 0, 0);
        return console.Profile.Width < BesideMin
            ? row.AddColumn(last).AddRow(mark, reason.Length > 0 ? $"{what}\n{why}" : what)
            : row.AddColumn(new GridColumn().NoWrap().Padding(0, 0, 2, 0)).AddColumn(last)
                .AddRow(mark, what.PadRight(ActionWidth), why);
    }

    private static string Describe(PlannedAction action) => action switch
    {
        JoinChannel join => $"join  {join.Channel}",
        ReadMessages read => $"read  {read.Channel} for {read.Duration.TotalSeconds} s",
        Idle idle => $"idle  for {idle.Duration.TotalSeconds} s",
        _ => action.Kind,
    };
}
