using System.Text;
using System.Text.Json;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;

namespace HeatUp.Sessions;

/// <summary>
/// Counts the rows that a store reads for a question, one after the other: first those of the history, then the runs,
/// each followed by its steps in order. So every store answers alike. One caller.
/// </summary>
internal sealed class AnalyticsTally(AnalyticsQuestion question)
{
    /// <summary>How long before the time in question a run may have begun whose steps are in it.</summary>
    public static readonly TimeSpan RunMax = TimeSpan.FromDays(1);

    private const string ByAnotherProgram = "unknown";
    private const int ReasonMax = 120;
    private const int ReasonsMax = 10_000;
    private const long MicrosOfQuarter = 15L * 60 * 1_000_000;

    private readonly long from = StoredTime.Micros(question.From);
    private readonly long until = StoredTime.Micros(question.Until);
    private readonly HashSet<string> sessions = [], names = [];
    private readonly Dictionary<DateOnly, DayCounts> days = [];
    private readonly Counts[] actions = New(3), hours = New(24), weekdays = New(7);
    private readonly Dictionary<ChannelName, ChannelCounts> channels = [];
    private readonly Dictionary<string, Counts> origins = [];
    private readonly Dictionary<(string, string, string), long> refusals = [];
    private readonly Dictionary<(string, string?), long> ends = [];
    private readonly SortedDictionary<int, Counts> lengths = [], joins = [];
    private readonly Dictionary<string, Counts> beginnings = [];
    private readonly List<(string Kind, ChannelName? Channel)> plan = [];
    private readonly Dictionary<string, string> reasons = [];
    private long sittings, made, byModel, doneByModel, quarter = long.MinValue;
    private TokenUsage tokens;
    private DateTime local;
    private (bool Counts, string Session, string Origin, string Status, int Done) run;

    /// <summary>Runs that began earlier have no step in question.</summary>
    public DateTimeOffset RunsFrom => question.From - RunMax;

    /// <summary>A row of the history.</summary>
    public void AddAction(long at, ReadOnlySpan<byte> session, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        if (at < from || at >= until || KindOf(kind) is not { } action) return;
        var channel = default(ChannelName?);
        // What names no channel that can be read tells nothing.
        if (action != Idle.Word)
        {
            if (!ActionData.TryReadChannel(data, out var name)) return;
            channel = name;
        }
        if (question.Channel is { } only && channel != only) return;
        sessions.Add(NameOf(session));
        Add(at, action, channel, isDone: true);
    }

    /// <summary>Begins a run; what it did comes by <see cref="AddStep"/>, and <see cref="EndRun"/> closes it.</summary>
    public void BeginRun(
        long startedAt, string planner, string? fallback, ReadOnlySpan<byte> session, ReadOnlySpan<byte> actionsJson,
        string status, string? code, TokenUsage spent)
    {
        ReadPlan(actionsJson);
        var isNamed = question.Channel is not { } only || plan.Exists(one => one.Channel == only);
        run = (isNamed && startedAt >= from && startedAt < until, NameOf(session),
            fallback is null ? planner : "fallback", status, 0);
        if (!run.Counts) return;
        sessions.Add(run.Session);
        sittings++;
        DayAt(startedAt).Sittings++;
        if (status != "running")
            ends[(status, code)] = ends.GetValueOrDefault((status, code)) + 1;
        tokens += spent;
        if (planner == "llm") byModel++;
    }

    /// <summary>A step of the run that was begun last.</summary>
    /// <param name="number">Its place in the plan; the first is 1.</param>
    /// <param name="outcome">How it ended, as a word.</param>
    /// <param name="message">What Telegram said, if it said no.</param>
    /// <param name="endedAt">When.</param>
    /// <param name="action">Its action, if the plan has another at its place; else empty.</param>
    public void AddStep(int number, string outcome, string? message, long endedAt, ReadOnlySpan<byte> action)
    {
        var isDone = outcome == "done";
        if (isDone) run.Done++;
        if (endedAt < from || endedAt >= until) return;
        var (kind, channel) = action.IsEmpty && number <= plan.Count ? plan[number - 1] : ActionOf(action);
        if (kind.Length == 0 || question.Channel is { } only && channel != only) return;
        Of(origins, run.Origin).Add(isDone);
        if (isDone && run.Origin == "llm") doneByModel++;
        if (isDone) return;
        sessions.Add(run.Session);
        Add(endedAt, kind, channel, isDone: false);
        var key = (outcome, ReasonOf(message), kind);
        refusals[key] = refusals.GetValueOrDefault(key) + 1;
    }

    /// <summary>Ends the run that was begun last: what its plan was worth is known.</summary>
    public void EndRun()
    {
        if (!run.Counts || run.Status == "running" || plan.Count == 0) return;
        made++;
        var isWhole = run.Done == plan.Count;
        Of(lengths, plan.Count).Add(isWhole);
        Of(joins, plan.Count(one => one.Kind == JoinChannel.Word)).Add(isWhole);
        Of(beginnings, string.Join(", ", plan.Take(2).Select(one => one.Kind))).Add(isWhole);
    }

    public Analytics Result(ChannelPool pool)
    {
        var done = actions.Sum(one => one.Done);
        var told = origins.Values.Sum(one => one.Done);
        if (done > told) origins[ByAnotherProgram] = new() { Done = done - told, Tried = done - told };
        return new(
            question.From, question.Until, question.Zone.Id, sessions.Count, sittings, done,
            actions.Sum(one => one.Tried - one.Done), [.. Days()],
            [.. Kinds.Select((kind, at) => actions[at].Rate(kind))],
            [.. hours.Select((one, hour) => one.Rate($"{hour:00}"))],
            [.. Enumerable.Range(1, 7).Select(day => weekdays[day % 7].Rate(((DayOfWeek)(day % 7)).ToString()))],
            [.. Channels(pool)], [.. Categories(pool)], [.. Rates(origins)],
            [.. refusals.Select(one => new RefusalCount(one.Key.Item1, one.Key.Item2, one.Key.Item3, one.Value))
                .OrderByDescending(one => one.Count).ThenBy(one => one.Reason, StringComparer.Ordinal)
                .ThenBy(one => one.Action, StringComparer.Ordinal).ThenBy(one => one.Outcome, StringComparer.Ordinal)],
            [.. ends.Select(one => new SittingEnds(one.Key.Item1, one.Key.Item2, one.Value))
                .OrderByDescending(one => one.Count).ThenBy(one => one.Status, StringComparer.Ordinal)
                .ThenBy(one => one.Code, StringComparer.Ordinal)],
            new(made, [.. lengths.Select(one => one.Value.Rate($"{one.Key}"))],
                [.. joins.Select(one => one.Value.Rate($"{one.Key}"))], [.. Rates(beginnings)],
                byModel, tokens, Per(byModel), Per(doneByModel)));
    }

    private static readonly string[] Kinds = [JoinChannel.Word, ReadMessages.Word, Idle.Word];

    private static string? KindOf(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("join_channel"u8) ? Kinds[0]
        : word.SequenceEqual("read_messages"u8) ? Kinds[1]
        : word.SequenceEqual("idle"u8) ? Kinds[2] : null;

    private double? Per(long count) => count == 0 ? null : Math.Round((double)tokens.Total / count, 1);

    private void Add(long at, string kind, ChannelName? channel, bool isDone)
    {
        var day = DayAt(at);
        day.Add(kind, isDone);
        actions[Array.IndexOf(Kinds, kind)].Add(isDone);
        hours[local.Hour].Add(isDone);
        weekdays[(int)local.DayOfWeek].Add(isDone);
        if (channel is { } name) Of(channels, name).Add(kind, isDone);
    }

    /// <summary>A session's name, made once.</summary>
    private string NameOf(ReadOnlySpan<byte> utf8)
    {
        Span<char> room = stackalloc char[SessionId.LengthMax * 2];
        if (utf8.Length > room.Length) return Encoding.UTF8.GetString(utf8);
        ReadOnlySpan<char> name = room[..Encoding.UTF8.GetChars(utf8, room)];
        var lookup = names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(name, out var known)) return known;
        lookup.Add(name);
        return lookup.TryGetValue(name, out known) ? known : name.ToString();
    }

    /// <summary>The day of a time, whose local hour is at hand afterwards.</summary>
    private DayCounts DayAt(long at)
    {
        // No zone changes within a quarter of an hour.
        var now = at / MicrosOfQuarter;
        if (now != quarter)
            (quarter, local) = (now, TimeZoneInfo.ConvertTime(StoredTime.OfMicros(at), question.Zone).DateTime);
        return Of(days, DateOnly.FromDateTime(local));
    }

    private IEnumerable<AnalyticsDay> Days()
    {
        var first = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(question.From, question.Zone).DateTime);
        var last = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(question.Until.AddTicks(-1), question.Zone).DateTime);
        for (var day = first; day <= last; day = day.AddDays(1))
            yield return Of(days, day).At(day);
    }

    private IEnumerable<ChannelActivity> Channels(ChannelPool pool) => channels
        .Select(one => new ChannelActivity(one.Key.Value, pool.Find(one.Key)?.Category,
            one.Value.Joins, one.Value.Reads, one.Value.Failed))
        .OrderByDescending(one => one.Joins + one.Reads).ThenByDescending(one => one.Failed)
        .ThenBy(one => one.Channel, StringComparer.OrdinalIgnoreCase);

    private IEnumerable<SuccessRate> Categories(ChannelPool pool) => channels
        .GroupBy(one => pool.Find(one.Key)?.Category ?? "not in the pool", one => one.Value)
        .Select(one => SuccessRate.Of(one.Key, one.Sum(of => of.Joins + of.Reads),
            one.Sum(of => of.Joins + of.Reads + of.Failed)))
        .OrderByDescending(one => one.Tried).ThenBy(one => one.Name, StringComparer.Ordinal);

    private static IEnumerable<SuccessRate> Rates(Dictionary<string, Counts> counts) =>
        counts.Select(one => one.Value.Rate(one.Key))
            .OrderByDescending(one => one.Tried).ThenBy(one => one.Name, StringComparer.Ordinal);

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

    private static (string Kind, ChannelName? Channel) ActionOf(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            return !json.IsEmpty && reader.Read() ? ReadAction(ref reader) : ("", null);
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            return ("", null);
        }
    }

    private static (string Kind, ChannelName? Channel) ReadAction(ref Utf8JsonReader json)
    {
        var (kind, channel) = ("", default(ChannelName?));
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isKind, isChannel) = (json.ValueTextEquals("action"u8), json.ValueTextEquals("channel_username"u8));
            json.Read();
            if (isKind) kind = KindOf(json.ValueSpan) ?? "";
            if (isChannel && ChannelName.TryParse(json.GetString(), out var name)) channel = name;
            json.Skip();
        }
        return (kind, channel);
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

    private static T Of<TKey, T>(IDictionary<TKey, T> counts, TKey key) where T : new()
    {
        if (!counts.TryGetValue(key, out var one)) counts[key] = one = new T();
        return one;
    }

    private static Counts[] New(int count) => [.. Enumerable.Range(0, count).Select(_ => new Counts())];

    private sealed class Counts
    {
        public long Done { get; set; }

        public long Tried { get; set; }

        public void Add(bool isDone)
        {
            Tried++;
            if (isDone) Done++;
        }

        public SuccessRate Rate(string name) => SuccessRate.Of(name, Done, Tried);
    }

    private class ChannelCounts
    {
        public long Joins { get; private set; }

        public long Reads { get; private set; }

        public long Done { get; private set; }

        public long Failed { get; private set; }

        public void Add(string kind, bool isDone)
        {
            if (!isDone) Failed++;
            else
            {
                Done++;
                if (kind == JoinChannel.Word) Joins++;
                if (kind == ReadMessages.Word) Reads++;
            }
        }
    }

    private sealed class DayCounts : ChannelCounts
    {
        public long Sittings { get; set; }

        public AnalyticsDay At(DateOnly day) => new(day, Sittings, Done, Failed, Joins, Reads);
    }
}
