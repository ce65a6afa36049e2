using System.Text.Json;
using HeatUp.Plans;
using HeatUp.Runs;

namespace HeatUp.Sessions.Archive;

/// <summary>An ended run as an object of an archive's line.</summary>
internal static class RunJson
{
    public static void Write(Utf8JsonWriter json, RunRecord run)
    {
        json.WriteStartObject("run"u8);
        json.WriteString("run_id"u8, run.Id.ToString());
        json.WriteString("session_id"u8, run.Session.Value);
        json.WriteNumber("sitting"u8, run.Sitting);
        json.WriteString("planner"u8, run.Plan.Origin.Planner.Word());
        WriteText(json, "fallback_reason", run.Plan.Origin.FallbackReason);
        json.WriteNumber("tokens_in"u8, run.Plan.Origin.Tokens.Input);
        json.WriteNumber("tokens_out"u8, run.Plan.Origin.Tokens.Output);
        json.WriteNumber("tokens_cached"u8, run.Plan.Origin.Tokens.Cached);
        json.WriteString("status"u8, run.Status.Word());
        WriteText(json, "end_code", run.End?.Code);
        WriteText(json, "end_detail", run.End?.Detail);
        json.WriteString("started_at"u8, StoredTime.Text(run.StartedAt));
        if (run.EndedAt is { } ended) json.WriteString("ended_at"u8, StoredTime.Text(ended));
        json.WriteStartArray("plan"u8);
        foreach (var action in run.Plan.Actions) ActionJson.Write(json, action);
        json.WriteEndArray();
        json.WriteStartArray("steps"u8);
        foreach (var step in run.Steps) Write(json, step);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write(Utf8JsonWriter, RunRecord)"/> wrote.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static RunRecord Read(JsonElement json)
    {
        if (!RunId.TryParse(TextOf(json, "run_id"), out var id))
            throw new FormatException("run_id is not a run's name.");
        if (!SessionId.TryParse(TextOf(json, "session_id"), out var session, out var problem))
            throw new FormatException(problem);
        if (!Enum.TryParse<RunStatus>(TextOf(json, "status"), ignoreCase: true, out var status)
            || status == RunStatus.Running || !Enum.IsDefined(status))
            throw new FormatException("status is not that of an ended run.");
        var end = new RunEnd(status, TextOf(json, "end_code"), TextOf(json, "end_detail"));
        var run = new RunRecord(
            id, session, json.GetProperty("sitting"u8).GetInt32(), PlanOf(json),
            ArchiveLine.TimeOf(json.GetProperty("started_at"u8)),
            [.. json.GetProperty("steps"u8).EnumerateArray().Select(StepOf)],
            end, ArchiveLine.TimeOf(json.GetProperty("ended_at"u8)));
        return ProblemOf(run) is { } wrong ? throw new FormatException(wrong) : run;
    }

    /// <summary>What no run of ours can be, and what no database would take.</summary>
    private static string? ProblemOf(RunRecord run) =>
        run.Sitting < 1 ? "sitting is not 1 or more."
        : !run.Steps.Select(step => step.Number).SequenceEqual(Enumerable.Range(1, run.Steps.Count))
            ? "steps are not numbered 1, 2, 3 and so on."
        : run.Steps.Count > run.Plan.Actions.Count ? "It has more steps than its plan has actions."
        : run.EndedAt < run.StartedAt ? "It ended before it started."
        : null;

    private static Plan PlanOf(JsonElement json)
    {
        var tokens = new TokenUsage(
            NumberOf(json, "tokens_in"), NumberOf(json, "tokens_out"), NumberOf(json, "tokens_cached"));
        var planner = TextOf(json, "planner") == "llm" ? PlannerKind.Llm : PlannerKind.Builtin;
        return new Plan(
            [.. json.GetProperty("plan"u8).EnumerateArray().Select(ActionJson.Read)],
            new PlanOrigin(planner, TextOf(json, "fallback_reason"), tokens));
    }

    private static void Write(Utf8JsonWriter json, Step step)
    {
        json.WriteStartObject();
        json.WriteNumber("step"u8, step.Number);
        json.WritePropertyName("action"u8);
        ActionJson.Write(json, step.Action);
        json.WriteString("outcome"u8, step.Outcome.Word);
        if (step.Outcome.Error is { } error)
        {
            json.WriteNumber("error_code"u8, error.Code);
            json.WriteString("error_message"u8, error.Message);
        }
        if (step.Outcome is Outcome.Done done) json.WriteNumber("posts_read"u8, done.PostsRead);
        if (step.Outcome is Outcome.MustWait wait) json.WriteString("wait_until"u8, StoredTime.Text(wait.Until));
        json.WriteString("started_at"u8, StoredTime.Text(step.StartedAt));
        json.WriteString("ended_at"u8, StoredTime.Text(step.EndedAt));
        json.WriteEndObject();
    }

    private static Step StepOf(JsonElement json) => new(
        json.GetProperty("step"u8).GetInt32(),
        ActionJson.Read(json.GetProperty("action"u8)),
        OutcomeOf(json),
        ArchiveLine.TimeOf(json.GetProperty("started_at"u8)),
        ArchiveLine.TimeOf(json.GetProperty("ended_at"u8)));

    private static Outcome OutcomeOf(JsonElement json)
    {
        var error = new TelegramError((int)NumberOf(json, "error_code"), TextOf(json, "error_message") ?? "");
        DateTimeOffset? until = json.TryGetProperty("wait_until"u8, out var wait) ? ArchiveLine.TimeOf(wait) : null;
        return OutcomeWords.Read(TextOf(json, "outcome"), error, (int)NumberOf(json, "posts_read"), until);
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null) json.WriteString(name, text);
    }

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long NumberOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.GetInt64() : 0;
}
