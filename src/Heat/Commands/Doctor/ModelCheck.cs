using Heat.Configuration;
using Heat.Hosting;
using HeatUp.Plans.Llm;
using HeatUp.Sessions;

namespace Heat.Commands.Doctor;

/// <summary>Whether the language model can be reached; where that may cost something, whether it plans.</summary>
internal static class ModelCheck
{
    private const string What = "model";

    // Whoever looks at everything doesn't wait for one thing as long as for a plan.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Finding>> RunAsync(
        Settings settings, bool callsModel, CancellationToken cancellation)
    {
        if (settings.Llm is not { } model)
            return [Finding.Ok(What, "None is set: the built-in planner makes the plans.")];
        return [callsModel
            ? await TryAsync(settings, model, cancellation)
            : await LookAsync(model, cancellation)];
    }

    private static async Task<Finding> LookAsync(LlmSettings model, CancellationToken cancellation)
    {
        var place = ModelTrial.Place(model);
        var patience = model.Timeout < Patience ? model.Timeout : Patience;
        var look = await LlmCheck.LookAsync(
            (model with { Timeout = patience }).ToOptions(), TimeProvider.System, cancellation);
        return look switch
        {
            { Problem: { } problem } => Finding.Problem(What, $"{place}: {problem}",
                "Correct LLM_BASE_URL, LLM_API_KEY or LLM_MODEL; until then the built-in planner stands in."),
            { HasModel: false } => Finding.Problem(What, $"{place} answers, but has no model {model.Model}.",
                "Set LLM_MODEL to one that it has."),
            { HasModel: null } => Finding.Ok(
                What, $"{place} answers, but lists no models; 'heat doctor --llm' tries {model.Model}."),
            _ => Finding.Ok(What, $"{place} has {model.Model}; 'heat doctor --llm' tries it."),
        };
    }

    private static async Task<Finding> TryAsync(
        Settings settings, LlmSettings model, CancellationToken cancellation)
    {
        var place = ModelTrial.Place(model);
        try
        {
            var result = await ModelTrial.RunAsync(settings, model, cancellation);
            return result.Problem is { } problem
                ? Finding.Problem(What, $"{place}, model {model.Model}: {problem}", "'heat llm check' shows more.")
                : Finding.Ok(What, $"{place}, model {model.Model}: it can plan.");
        }
        catch (StoreException failure)
        {
            return Finding.Warning(What, $"It was tried, but what that took can't be counted. {failure.Message}");
        }
    }
}
