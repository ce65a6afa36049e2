using System.Text.Json;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;

namespace HeatUp.Sessions;

/// <summary>
/// Counts the rows of a time that a store reads, one after the other: first those of the history, then the runs, each
/// followed by its steps in order. So every store counts alike. One caller.
/// </summary>
/// <param name="from">From then on, in microseconds since 1970.</param>
/// <param name="until">Before then.</param>
/// <param name="channel">Counts this channel's actions alone, and the plans that name it; null for all.</param>
/// <param name="names">Numbers the names.</param>
/// <param name="cancellation">Looked at now and then.</param>
internal sealed class AnalyticsPass(
    long from, long until, ChannelName? channel, NameTable names, CancellationToken cancellation)
{
    /// <summary>
    /// A step that ended so long after its run began, or after the run's end, is not counted: so that a step counts or
    /// doesn't whichever hours are counted together, only runs of the day before them must be looked at.
    /// </summary>
    public static readonly TimeSpan RunMax = TimeSpan.FromDays(1);

    private const int RowsBetweenLooks = 4_096;

    private const int ReasonMax = 120;
    private const int ReasonsMax = 10_000;

    private readonly int? only = channel is { } one ? names.ChannelOf(one) : null;
    private readonly Dictionary<long, HourTally> hours = [];
    private readonly List<(int Kind, int Channel)> plan = [];
    private readonly Dictionary<string, string> reasons = [];
    private (long Hour, HourTally? Tally) last = (long.MinValue, null);
    private (HourTally? Tally, int Session, string Origin, string Status, int Done, long StepsUntil) run;
    private int rows;

    public DateTimeOffset From { get; } = StoredTime.OfMicros(from);

    public DateTimeOffset Until { get; } = StoredTime.OfMicros(until);

    /// <summary>Runs that began earlier have no step in question.</summary>
    public DateTimeOffset RunsFrom => From - RunMax;

    /// <summary>What was counted, by hours since 1970; nothing of hours in which nothing happened.</summary>
    public IReadOnlyDictionary<long, HourTally> Close()
    {
        EndRun();
        foreach (var tally in hours.Values) tally.Close();
        return hours;
    }

    /// <summary>A row of the history.</summary>
    public void AddAction(long at, ReadOnlySpan<byte> session, ReadOnlySpan<byte> word, ReadOnlySpan<byte> data)
    {
        Look();
        if (!IsIn(at) || ActionKinds.Of(word) is var kind && kind < 0) return;
        var named = default(int?);
        // What names no channel that can be read tells nothing.
        if (kind != ActionKinds.Idle)
        {
            named = names.ChannelOf(ActionData.ChannelTextIn(data));
            if (named == NameTable.NoChannel) return;
        }
        if (only is null || named == only) At(at).Add(at, kind, names.SessionOf(session), named, isDone: true);
    }

    /// <summary>Begins a run, and ends the one before; what it did comes by <see cref="AddStep"/>.</summary>
    public void BeginRun(
        long startedAt, long? endedAt, string planner, string? fallback, ReadOnlySpan<byte> session,
        ReadOnlySpan<byte> actionsJson, string status, string? code, TokenUsage spent)
    {
        EndRun();
        ReadPlan(actionsJson);
        var isCounted = IsIn(startedAt) && (only is null || plan.Exists(one => one.Channel == only));
        run = (isCounted ? At(startedAt) : null, names.SessionOf(session), fallback is null ? planner : "fallback",
            status, 0, Math.Min(endedAt ?? long.MaxValue, startedAt + (long)RunMax.TotalMicroseconds));
        if (run.Tally is not { } tally) return;
        tally.Saw(run.Session);
        tally.Sittings[HourTally.QuarterOf(startedAt)]++;
        if (status != "running") tally.Ends[(status, code)] = tally.Ends.GetValueOrDefault((status, code)) + 1;
        tally.Tokens += spent;
        if (planner == "llm") tally.ByModel++;
    }

    /// <summary>A step of the run that was begun last.</summary>
    /// <param name="number">Its place in the plan; the first is 1.</param>
    /// <param name="outcome">How it ended, as a word.</param>
    /// <param name="message">What Telegram said, if it said no.</param>
    /// <param name="endedAt">When.</param>
    /// <param name="action">Its action, if the plan has another at its place; else empty.</param>
    public void AddStep(int number, string outcome, string? message, long endedAt, ReadOnlySpan<byte> action)
    {
        Look();
        var isDone = outcome == "done";
        if (isDone) run.Done++;
        if (!IsIn(endedAt) || endedAt > run.StepsUntil) return;
        var (kind, named) = action.IsEmpty && number <= plan.Count ? plan[number - 1] : ActionOf(action);
        if (kind < 0 || only is not null && named != only) return;
        var tally = At(endedAt);
        tally.Origins[run.Origin] = tally.Origins.GetValueOrDefault(run.Origin).With(isDone);
        if (isDone)
        {
            if (run.Origin == "llm") tally.DoneByModel++;
            return;
        }
        tally.Add(endedAt, kind, run.Session, named == NameTable.NoChannel ? null : named, isDone: false);
        var key = (outcome, ReasonOf(message), kind);
        tally.Refusals[key] = tally.Refusals.GetValueOrDefault(key) + 1;
    }

    /// <summary>Ends the run that was begun last: what its plan was worth is known.</summary>
    private void EndRun()
    {
        if (run.Tally is not { } tally || run.Status == "running" || plan.Count == 0) return;
        var isWhole = run.Done == plan.Count;
        var joins = plan.Count(one => one.Kind == ActionKinds.Join);
        var beginning = plan.Count == 1 ? WordOf(plan[0]) : $"{WordOf(plan[0])}, {WordOf(plan[1])}";
        tally.Lengths[plan.Count] = tally.Lengths.GetValueOrDefault(plan.Count).With(isWhole);
        tally.Joins[joins] = tally.Joins.GetValueOrDefault(joins).With(isWhole);
        tally.Beginnings[beginning] = tally.Beginnings.GetValueOrDefault(beginning).With(isWhole);
        tally.Ended(HashOf(plan));
    }

    private static string WordOf((int Kind, int Channel) action) =>
        action.Kind < 0 ? "" : ActionKinds.Words[action.Kind];

    // Of 64 bits: among millions of plans two different ones are hardly ever taken for one.
    private static ulong HashOf(List<(int Kind, int Channel)> plan)
    {
        var hash = 0xCBF2_9CE4_8422_2325;
        foreach (var (kind, channel) in plan)
        {
            hash = (hash ^ ((ulong)(uint)channel << 8 | (byte)kind)) * 0x9E37_79B9_7F4A_7C15;
            hash ^= hash >> 29;
        }
        return hash;
    }

    private void Look()
    {
        if (++rows % RowsBetweenLooks == 0) cancellation.ThrowIfCancellationRequested();
    }

    private bool IsIn(long at) => at >= from && at < until;

    private HourTally At(long at)
    {
        var hour = at / HourTally.MicrosOfHour;
        if (last.Hour == hour) return last.Tally!;
        if (!hours.TryGetValue(hour, out var tally)) hours[hour] = tally = new HourTally();
        last = (hour, tally);
        return tally;
    }

    private void ReadPlan(ReadOnlySpan<byte> json)
    {
        plan.Clear();
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) return;
            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject) plan.Add(ReadAction(ref reader));
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            // Somebody changed it by hand: it says nothing here.
            plan.Clear();
        }
    }

    private (int Kind, int Channel) ActionOf(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            return !json.IsEmpty && reader.Read() ? ReadAction(ref reader) : (-1, NameTable.NoChannel);
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            return (-1, NameTable.NoChannel);
        }
    }

    private (int Kind, int Channel) ReadAction(ref Utf8JsonReader json)
    {
        var (kind, named) = (-1, NameTable.NoChannel);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isKind, isChannel) = (json.ValueTextEquals("action"u8), json.ValueTextEquals("channel_username"u8));
            json.Read();
            if (isKind) kind = ActionKinds.Of(json.ValueSpan);
            if (isChannel)
                named = names.ChannelOf(json.TokenType == JsonTokenType.String ? json.GetString() : null);
            json.Skip();
        }
        return (kind, named);
    }

    /// <summary>What was said, without the number at its end, which differs from wait to wait.</summary>
    private string ReasonOf(string? message)
    {
        message ??= "";
        if (reasons.TryGetValue(message, out var reason)) return reason;
        var cut = message.TrimEnd("0123456789".ToCharArray());
        var isWait = cut.Length < message.Length && cut is [.., '_' or ' '];
        var text = ForeignText.Clean(isWait ? cut[..^1] : message, ReasonMax);
        // A server may say something else each time.
        if (reasons.Count < ReasonsMax) reasons[message] = text;
        return text;
    }
}
