using System.Globalization;

namespace HeatUp.Plans.Llm;

/// <summary>
/// Keeps a process's calls away from a server in trouble. Whoever meets the trouble waits for it; from then on all
/// others hear of it at once, until one of them tries again. Thread-safe.
/// </summary>
/// <param name="clock">Tells the time.</param>
internal sealed class LlmBreaker(TimeProvider clock)
{
    /// <summary>How long the first trouble holds; each further one in a row twice as long.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(15);

    /// <summary>The longest that it holds unless the server asks for more.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>The longest that a server can ask for.</summary>
    public static readonly TimeSpan AskedMax = TimeSpan.FromDays(1);

    private const int DoublingsMax = 10;

    private readonly Lock gate = new();
    private LlmFailure? failure;
    private DateTimeOffset since;
    private DateTimeOffset until;
    private bool isTried;
    private int inARow;

    /// <summary>
    /// Told of each trouble that begins or goes on, and with null that one is over; not of what was heard of elsewhere.
    /// Called on any thread; must be quick and not throw.
    /// </summary>
    public Action<LlmNews?>? OnNews { get; set; }

    /// <summary>The trouble that holds; null if there is none.</summary>
    public LlmTrouble? Trouble
    {
        get { lock (gate) return failure is null ? null : new(failure.ToString(), since, until); }
    }

    /// <summary>
    /// Whether a call may be made; else why not. Whoever may says afterwards what came of it: <see cref="Passed"/>,
    /// <see cref="Failed"/> or <see cref="GaveUp"/>.
    /// </summary>
    /// <param name="why">Why not; null if it may.</param>
    /// <param name="isTry">Whether it is the one that tries whether the trouble is over.</param>
    public bool MayCall(out LlmFailure? why, out bool isTry)
    {
        lock (gate)
        {
            (why, isTry) = (null, false);
            if (failure is null) return true;
            if (isTried || clock.GetUtcNow() < until)
            {
                why = new(failure.Code, string.Create(CultureInfo.InvariantCulture,
                    $"{failure.Detail} It isn't asked since {since:HH:mm:ss}, until {until:HH:mm:ss} UTC."));
                return false;
            }
            return isTried = isTry = true;
        }
    }

    /// <summary>The server is well.</summary>
    public void Passed()
    {
        bool wasHeld;
        lock (gate)
        {
            wasHeld = failure is not null;
            (failure, isTried, inARow) = (null, false, 0);
        }
        if (wasHeld) OnNews?.Invoke(null);
    }

    /// <summary>Another process has met trouble, or found that it is over.</summary>
    public void Hear(LlmNews? news)
    {
        lock (gate)
        {
            if (news is null) (failure, inARow) = (null, 0);
            else Hold(new LlmFailure(news.Code, news.Detail), Shorter(news.Rest, AskedMax));
        }
    }

    /// <summary>The server is in trouble, also after repetitions.</summary>
    public void Failed(LlmFailure met, bool isTry)
    {
        LlmNews news;
        lock (gate)
        {
            // Those who were under way when it began say nothing new, but for what the server asks.
            var isNews = isTry || inARow == 0;
            var doubled = First * (1 << Math.Min(inARow, DoublingsMax));
            if (isNews) inARow++;
            Hold(met, isNews ? Shorter(doubled, Longest) : TimeSpan.Zero);
            if (isTry) isTried = false;
            news = new LlmNews(met.Code, met.Detail, until - clock.GetUtcNow());
        }
        OnNews?.Invoke(news);
    }

    /// <summary>The server is to be left alone for a while; then the one who was told so asks again.</summary>
    public void Rests(LlmFailure met, TimeSpan rest)
    {
        lock (gate) Hold(met, rest);
        OnNews?.Invoke(new LlmNews(met.Code, met.Detail, rest));
    }

    /// <summary>Whoever tried doesn't know how the server is.</summary>
    public void GaveUp(bool isTry)
    {
        lock (gate)
            if (isTry)
                isTried = false;
    }

    private void Hold(LlmFailure met, TimeSpan atLeast)
    {
        var now = clock.GetUtcNow();
        if (failure is null) (since, until) = (now, now);
        failure = met;
        var asked = Shorter(met.RetryAfter ?? TimeSpan.Zero, AskedMax);
        var to = now + (asked > atLeast ? asked : atLeast);
        if (to > until) until = to;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

/// <summary>That the language model's server is in trouble and left alone.</summary>
/// <param name="Reason">Why: a code, a colon and a sentence, as in <see cref="PlanOrigin.FallbackReason"/>.</param>
/// <param name="Since">Since when.</param>
/// <param name="Until">When it is tried again; until then the built-in planner plans.</param>
public sealed record LlmTrouble(string Reason, DateTimeOffset Since, DateTimeOffset Until);

/// <summary>What one process tells the others of the language model's server.</summary>
/// <param name="Code">The reason for programs: one of <see cref="FallbackCode"/>.</param>
/// <param name="Detail">The reason for people.</param>
/// <param name="Rest">How long the server is left alone from now on, whatever each process's clock shows.</param>
public sealed record LlmNews(string Code, string Detail, TimeSpan Rest);
