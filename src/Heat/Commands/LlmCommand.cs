using System.CommandLine;
using System.Globalization;
using Heat.Api;
using Heat.Configuration;
using Heat.Hosting;
using Heat.Shell;
using HeatUp.Plans.Llm;
using Spectre.Console;

namespace Heat.Commands;

/// <summary><c>heat llm</c>: the language model that plans.</summary>
internal static class LlmCommand
{
    public static Command Build(Terminal terminal) =>
        new("llm", "Looks after the language model that plans.") { Check(terminal) };

    private static Command Check(Terminal terminal)
    {
        var json = Options.Json();
        var command = new Command("check",
            "Makes two small calls and says what the server speaks, how fast it is, and what a plan will cost.")
        { json }.WithExamples(
                "heat llm check",
                "heat llm check --json",
                "LLM_BASE_URL=http://127.0.0.1:11434/v1 LLM_MODEL=llama3.1 heat llm check");
        command.SetAction(async (parsed, cancellation) =>
        {
            var settings = Settings.Load();
            if (settings.Llm is not { } model)
            {
                terminal.Complain(
                    "No language model is set, so the built-in planner plans. Set LLM_BASE_URL, or LLM_API_KEY.");
                return ExitCode.Failed;
            }
            var result = await terminal.WhileAsync(
                $"Asking {ModelTrial.Place(model)}", () => ModelTrial.RunAsync(settings, model, cancellation));
            if (parsed.GetValue(json)) terminal.WriteJson(AnswerOf(result, model), ApiJson.Readable.LlmCheckAnswer);
            else Show(result, model, terminal.Out);
            if (result.Problem is null) return ExitCode.Done;
            terminal.Complain(result.Problem);
            return ExitCode.Failed;
        });
        return command;
    }

    private static LlmCheckAnswer AnswerOf(LlmCheckResult result, LlmSettings model)
    {
        var canPlan = result.Problem is null;
        return new(
            ModelTrial.Place(model), model.Model, canPlan, result.Problem,
            HasAnswered(result) ? result.Dialect : null, result.Words is "" ? null : result.Words,
            [.. result.Latencies.Select(time => Math.Round(time.TotalSeconds, 3))],
            TokenAnswer.Of(result.Tokens), canPlan ? TokenAnswer.Of(result.PlanTokens) : null, result.IsMeasured);
    }

    private static bool HasAnswered(LlmCheckResult result) => result.Tokens != default || result.Problem is null;

    private static void Show(LlmCheckResult result, LlmSettings model, IAnsiConsole console)
    {
        console.MarkupLineInterpolated($"[bold]server[/]   {ModelTrial.Place(model)}, model {model.Model}");
        if (HasAnswered(result))
            console.MarkupLineInterpolated($"[bold]speaks[/]   {result.Dialect}");
        if (result.Words.Length > 0) console.MarkupLineInterpolated($"[bold]says[/]     {result.Words}");
        console.MarkupLineInterpolated(
            $"[bold]latency[/]  {string.Join(", then ", result.Latencies.Select(Seconds))}");
        if (result.Problem is not null) return;
        var (plan, how) = (result.PlanTokens, result.IsMeasured ? "" : ", guessed: the server counts no tokens");
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture,
            $"[bold]a plan[/]   about {plan.Input:N0} tokens in and {plan.Output:N0} out{how}");
        console.MarkupLineInterpolated($"[green]It can plan.[/]");
    }

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
