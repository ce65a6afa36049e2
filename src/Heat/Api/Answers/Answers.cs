using System.Text.Json.Serialization;
using HeatUp;
using HeatUp.Channels;
using HeatUp.Channels.Recommendations;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace Heat.Api;

/// <summary>An action of a plan.</summary>
/// <param name="Action">`join_channel`, `read_messages` or `idle`.</param>
/// <param name="ChannelUsername">The channel; absent for a break.</param>
/// <param name="DurationSeconds">How long it takes; absent for a join.</param>
/// <param name="Reason">Why the planner wants it.</param>
internal sealed record ActionAnswer(string Action, string? ChannelUsername, int? DurationSeconds, string Reason)
{
    public static ActionAnswer Of(PlannedAction action) => new(
        action.Kind,
        ActionJson.ChannelOf(action)?.Value,
        (int?)ActionJson.DurationOf(action)?.TotalSeconds,
        action.Reason);
}

/// <summary>What Telegram said when it said no.</summary>
/// <param name="Code">Its number, such as 406.</param>
/// <param name="Message">Its text, such as `CHANNEL_PRIVATE`.</param>
internal sealed record TelegramErrorAnswer(int Code, string Message)
{
    public static TelegramErrorAnswer? Of(TelegramError? error) =>
        error is null ? null : new(error.Code, error.Message);
}

/// <summary>A step: an action with its outcome.</summary>
/// <param name="Step">Its place in the plan; the first is 1.</param>
/// <param name="Action">`join_channel`, `read_messages` or `idle`.</param>
/// <param name="ChannelUsername">The channel; absent for a break.</param>
/// <param name="DurationSeconds">How long it was planned to take; absent for a join.</param>
/// <param name="Success">Whether it was done.</param>
/// <param name="Outcome">`done`, `refused`, `must_wait` or `account_lost`.</param>
/// <param name="PostsRead">How many posts it marked read; absent unless it read.</param>
/// <param name="Error">What Telegram said; absent if it was done.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended, and was remembered.</param>
internal sealed record StepAnswer(
    int Step,
    string Action,
    string? ChannelUsername,
    int? DurationSeconds,
    bool Success,
    string Outcome,
    int? PostsRead,
    TelegramErrorAnswer? Error,
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt)
{
    public static StepAnswer Of(Step step) => new(
        step.Number,
        step.Action.Kind,
        ActionJson.ChannelOf(step.Action)?.Value,
        (int?)ActionJson.DurationOf(step.Action)?.TotalSeconds,
        step.IsDone,
        step.Outcome.Word,
        step is { Action: ReadMessages, Outcome: Outcome.Done done } ? done.PostsRead : null,
        TelegramErrorAnswer.Of(step.Outcome.Error),
        step.StartedAt,
        step.EndedAt);
}

/// <summary>What came of a sitting.</summary>
/// <param name="TotalActions">How many actions were planned.</param>
/// <param name="SuccessfulActions">How many were done.</param>
/// <param name="FailedActions">How many were tried and not done.</param>
/// <param name="JoinedChannels">The channels that it joined.</param>
/// <param name="Results">The steps.</param>
/// <param name="Errors">What went wrong, a sentence each.</param>
internal sealed record ExecutionSummary(
    int TotalActions,
    int SuccessfulActions,
    int FailedActions,
    IReadOnlyList<string> JoinedChannels,
    IReadOnlyList<StepAnswer> Results,
    IReadOnlyList<string> Errors)
{
    public static ExecutionSummary Of(RunRecord run) => new(
        run.Plan.Actions.Count,
        run.Steps.Count(step => step.IsDone),
        run.Steps.Count(step => !step.IsDone),
        [.. run.Steps.Where(step => step.IsDone)
            .Select(step => step.Action).OfType<JoinChannel>().Select(join => join.Channel.Value)],
        [.. run.Steps.Select(StepAnswer.Of)],
        [.. ErrorsOf(run)]);

    private static IEnumerable<string> ErrorsOf(RunRecord run)
    {
        foreach (var step in run.Steps)
            if (step.Outcome.Error is { } error)
                yield return $"Step {step.Number}, {step.Action.Kind} {ActionJson.ChannelOf(step.Action)}: {error}";
        if (run.End?.Detail is { } detail) yield return detail;
    }
}

/// <summary>A sitting that has begun, or one that is done.</summary>
/// <param name="SessionId">Whose.</param>
/// <param name="RunId">Its run, for `/warmups/{run_id}`.</param>
/// <param name="Status">`started`; of a sitting that was waited for, its final status.</param>
/// <param name="Message">The same for people.</param>
/// <param name="Planner">`llm` or `builtin`.</param>
/// <param name="FallbackReason">Why the built-in planner stood in for the language model; absent if it didn't.</param>
/// <param name="ActionPlan">What will be done, in this order.</param>
/// <param name="ExecutionSummary">What came of it; absent unless it was waited for.</param>
internal sealed record WarmupAnswer(
    string SessionId,
    string RunId,
    string Status,
    string Message,
    string Planner,
    string? FallbackReason,
    IReadOnlyList<ActionAnswer> ActionPlan,
    ExecutionSummary? ExecutionSummary)
{
    public static WarmupAnswer Started(RunRecord run) => Of(run, "started",
        $"Sitting {run.Sitting} of {run.Session} has begun: {run.Plan.Actions.Count} actions. "
        + $"Watch it at /warmups/{run.Id}.", null);

    public static WarmupAnswer Ended(RunRecord run) => Of(run, run.Status.Word(),
        run.End?.Detail ?? $"Sitting {run.Sitting} of {run.Session} is done.", Api.ExecutionSummary.Of(run));

    private static WarmupAnswer Of(RunRecord run, string status, string message, ExecutionSummary? summary) => new(
        run.Session.Value, run.Id.ToString(), status, message, run.Plan.Origin.Planner.Word(),
        run.Plan.Origin.FallbackReason, [.. run.Plan.Actions.Select(ActionAnswer.Of)], summary);
}

/// <summary>A run as it stands.</summary>
/// <param name="RunId">Its name.</param>
/// <param name="SessionId">Whose.</param>
/// <param name="Sitting">The sitting's number; a session's first is 1.</param>
/// <param name="Status">`running`, `completed`, `failed`, `cancelled` or `interrupted`.</param>
/// <param name="EndCode">Why it ended early, for programs; absent if it didn't.</param>
/// <param name="EndDetail">Why it ended early, for people; absent if it didn't.</param>
/// <param name="Planner">`llm` or `builtin`.</param>
/// <param name="FallbackReason">Why the built-in planner stood in for the language model; absent if it didn't.</param>
/// <param name="Tokens">What the plan cost.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended; absent while it runs.</param>
/// <param name="ActionPlan">What is to be done, in this order.</param>
/// <param name="ExecutionSummary">What came of it so far.</param>
internal sealed record RunAnswer(
    string RunId,
    string SessionId,
    int Sitting,
    string Status,
    string? EndCode,
    string? EndDetail,
    string Planner,
    string? FallbackReason,
    TokenAnswer Tokens,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    IReadOnlyList<ActionAnswer> ActionPlan,
    ExecutionSummary ExecutionSummary)
{
    public static RunAnswer Of(RunRecord run) => new(
        run.Id.ToString(), run.Session.Value, run.Sitting, run.Status.Word(), run.End?.Code, run.End?.Detail,
        run.Plan.Origin.Planner.Word(), run.Plan.Origin.FallbackReason, TokenAnswer.Of(run.Plan.Origin.Tokens),
        run.StartedAt, run.EndedAt, [.. run.Plan.Actions.Select(ActionAnswer.Of)], ExecutionSummary.Of(run));
}

/// <summary>Tokens of language-model calls.</summary>
/// <param name="Input">Tokens sent, the cached ones included.</param>
/// <param name="Output">Tokens received.</param>
/// <param name="Cached">Tokens sent that the provider had in its prompt cache.</param>
internal sealed record TokenAnswer(long Input, long Output, long Cached)
{
    public static TokenAnswer Of(TokenUsage tokens) => new(tokens.Input, tokens.Output, tokens.Cached);
}

/// <summary>That a step begins.</summary>
/// <param name="Step">Its place in the plan; the first is 1.</param>
/// <param name="Action">What is to be done.</param>
/// <param name="At">When.</param>
internal sealed record StepStartedAnswer(int Step, ActionAnswer Action, DateTimeOffset At);

/// <summary>
/// The sessions of the last days, sent as they are found: there may be more than memory should hold.
/// </summary>
/// <param name="Days">How many days back.</param>
/// <param name="Sessions">The sessions, by name.</param>
internal sealed record SessionsAnswer(int Days, IAsyncEnumerable<SessionAnswer> Sessions)
{
    private int count;

    /// <summary>How many sessions. It stands after them, since it is known when the last has been sent.</summary>
    [JsonRequired]
    public int Count { get => count; init => count = value; }

    public static SessionsAnswer Of(int days, IAsyncEnumerable<SessionActivity> active)
    {
        SessionsAnswer answer = null!;
        return answer = new(days, active.Select(activity =>
        {
            answer.count++;
            return SessionAnswer.Of(activity);
        }));
    }
}

/// <summary>A session that did something lately.</summary>
/// <param name="SessionId">Its name.</param>
/// <param name="TotalActions">How many actions it did.</param>
/// <param name="LastActivity">When it did the newest.</param>
internal sealed record SessionAnswer(string SessionId, long TotalActions, DateTimeOffset LastActivity)
{
    public static SessionAnswer Of(SessionActivity activity) =>
        new(activity.Session, activity.Actions, activity.LastActivity);
}

/// <summary>Channels that may suit a session.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Count">How many.</param>
/// <param name="Recommendations">The channels, the best first; none that the session follows.</param>
/// <param name="Model">What they were made from.</param>
/// <param name="Note">What must be known of them; absent if nothing.</param>
public sealed record RecommendationsAnswer(
    string SessionId, int Count, IReadOnlyList<RecommendationAnswer> Recommendations, ModelAnswer Model, string? Note);

/// <summary>A channel that may suit a session.</summary>
/// <param name="ChannelUsername">The channel.</param>
/// <param name="Score">How well; it compares the channels of one answer.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record RecommendationAnswer(string ChannelUsername, double Score, string Reason)
{
    public static RecommendationAnswer Of(Recommendation one) =>
        new(one.Channel.Value, Math.Round(one.Score, 4), one.Reason);
}

/// <summary>What recommendations were made from.</summary>
/// <param name="Sessions">How many sessions' history; 0 if none was weighed yet.</param>
/// <param name="Channels">How many channels were weighed against each other.</param>
public sealed record ModelAnswer(int Sessions, int Channels);

/// <summary>That a session was forgotten.</summary>
/// <param name="SessionId">Its name.</param>
/// <param name="Status">`forgotten`.</param>
internal sealed record ForgottenAnswer(string SessionId, string Status);

/// <summary>The pool: the channels that plans may use.</summary>
/// <param name="Count">How many.</param>
/// <param name="Categories">Their categories.</param>
/// <param name="Channels">The channels, by name.</param>
/// <param name="Warnings">What was wrong with the channels file when it was last read.</param>
/// <param name="Invalid">How many channels of the file are out of the pool, because a look-up found a fault.</param>
/// <param name="LastValidatedAt">When a channel was last looked up; null if none was.</param>
/// <param name="File">The file that they stand in; null while those that come along are used.</param>
internal sealed record ChannelsAnswer(
    int Count,
    IReadOnlyList<string> Categories,
    IReadOnlyList<ChannelAnswer> Channels,
    IReadOnlyList<string> Warnings,
    int Invalid,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? LastValidatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? File)
{
    public static ChannelsAnswer Of(ChannelPoolFile file)
    {
        var (pool, entries) = (file.Current, file.Entries);
        return new(
            pool.All.Length, pool.Categories, [.. pool.All.Select(ChannelAnswer.Of)], file.Warnings,
            entries.Count(entry => !entry.IsUsable), entries.Max(entry => entry.Check?.At),
            file.IsBuiltin ? null : file.FullPath);
    }
}

/// <summary>A channel.</summary>
/// <param name="Username">Its name with one `@`.</param>
/// <param name="Description">What it is about.</param>
/// <param name="Category">What kind of channel it is.</param>
/// <param name="Subscribers">How many follow it; null if unknown.</param>
/// <param name="TgstatUrl">A link to it or to its page in the directory; null if there is none.</param>
internal sealed record ChannelAnswer(
    string Username,
    string Description,
    string Category,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? Subscribers,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? TgstatUrl)
{
    public static ChannelAnswer Of(Channel channel) => new(
        channel.Name.Value, channel.Description, channel.Category, channel.Subscribers, channel.TgstatUrl);
}

/// <summary>The service.</summary>
/// <param name="Service">`Heat Up`.</param>
/// <param name="Status">`running`.</param>
/// <param name="Version">Its version.</param>
internal sealed record ServiceAnswer(string Service, string Status, string Version);

/// <summary>Whether the service and what it depends on work.</summary>
/// <param name="Status">`ok`; `degraded` if sittings go on with less; `down` if none can run.</param>
/// <param name="RunningSittings">How many sittings run now.</param>
/// <param name="Dependencies">`store`, `planner` and `telegram`; of a node also `cluster`.</param>
/// <param name="Nodes">The nodes that share the database; absent if it is a file.</param>
public sealed record HealthAnswer(
    string Status, int RunningSittings, IReadOnlyDictionary<string, DependencyAnswer> Dependencies,
    IReadOnlyList<NodeAnswer>? Nodes = null);

/// <summary>A node of the cluster.</summary>
/// <param name="Node">Its name: where it listens for the other nodes, and which start it is.</param>
/// <param name="IsThis">Whether it is the one that answers.</param>
/// <param name="Urls">Where its service listens.</param>
/// <param name="Since">When it joined.</param>
/// <param name="ClockAheadSeconds">How far its clock is ahead of the database's, in seconds; negative if it is behind,
/// absent if it hasn't told.</param>
/// <param name="Sittings">How many sittings it runs.</param>
public sealed record NodeAnswer(
    string Node, bool IsThis, IReadOnlyList<string> Urls, DateTimeOffset Since, double? ClockAheadSeconds,
    long Sittings);

/// <summary>A dependency's state.</summary>
/// <param name="Status">`ok`, `degraded` or `down`.</param>
/// <param name="Kind">Which implementation it is, such as `sqlite`.</param>
/// <param name="Detail">What is wrong; absent if nothing is.</param>
/// <param name="Since">Since when a language model's server is not asked, for its trouble; else absent.</param>
/// <param name="Until">When it is tried again.</param>
public sealed record DependencyAnswer(
    string Status, string Kind, string? Detail, DateTimeOffset? Since = null, DateTimeOffset? Until = null);
