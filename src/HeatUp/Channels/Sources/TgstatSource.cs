using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace HeatUp.Channels.Sources;

/// <summary>
/// TGStat's directory: one search for each category. What is free is asked first, so that a fetch that can't succeed
/// costs nothing. For one caller at a time.
/// </summary>
public sealed class TgstatSource : IChannelSource, IDisposable
{
    /// <summary>What entries say that came from here.</summary>
    public const string SourceName = "tgstat";

    /// <summary>The most channels of one search: TGStat gives no further pages.</summary>
    public const int ChannelsPerSearchMax = 100;

    private const int FailuresInARowMax = 2;

    private readonly TgstatOptions options;
    private readonly ICallLedger ledger;
    private readonly TimeProvider clock;
    private readonly Action<TgstatProgress> onProgress;
    private readonly TgstatServer server;
    private TgstatProgress progress = new("TGStat", 0, 0);
    private TgstatPlan? plan;
    private long limit;
    private long left;

    /// <param name="options">How to ask.</param>
    /// <param name="ledger">Counts the calls; it stays its owner's.</param>
    /// <param name="clock">What waits and limits go by.</param>
    /// <param name="onProgress">Hears how far it is; null for nobody.</param>
    public TgstatSource(
        TgstatOptions options, ICallLedger ledger, TimeProvider clock, Action<TgstatProgress>? onProgress = null)
    {
        (this.options, this.ledger, this.clock) = (options, ledger, clock);
        this.onProgress = onProgress ?? (_ => { });
        server = new TgstatServer(options, clock,
            (wait, why) => this.onProgress(progress with { Wait = wait, Why = why }));
    }

    /// <inheritdoc/>
    public string Name => SourceName;

    /// <summary>How many calls were made that count.</summary>
    public int Calls { get; private set; }

    /// <summary>Asks what is free: the usage, the codes. Says what a fetch would do, or why it may not.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<TgstatPlan> PrepareAsync(CancellationToken cancellation)
    {
        Tell(new("TGStat", 0, 0));
        var (usage, failure) = await ForFreeAsync("usage/stat", cancellation);
        if (failure is not null) return plan = new([], null, failure);
        var read = TgstatUsage.Read(usage!.Value);
        var calls = await ledger.CallsAsync(cancellation);
        var allowance = CallAllowance.Of(calls, read, options.Budget);
        (limit, left) = (allowance.Limit, allowance.Left);
        if (!read.HasService)
            return plan = new([], allowance, TgstatErrors.Of("no_active_subscription", server.Mask).Sentence);
        var problem = await CodeProblemAsync("countries", options.Country, cancellation)
            ?? await CodeProblemAsync("languages", options.Language, cancellation);
        if (problem is not null) return plan = new([], allowance, problem);
        var (searches, unknown) = await SearchesAsync(cancellation);
        return plan = new(searches, allowance, unknown ?? ShortageOf(searches.Count, allowance, calls, read));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourcePart> FetchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var (searches, _, refusal) = plan ?? await PrepareAsync(cancellation);
        if (refusal is not null) yield return new("TGStat", [], [], refusal);
        if (refusal is not null) yield break;
        var failures = 0;
        string? end = null;
        for (var i = 0; i < searches.Count; i++)
        {
            if (end is not null)
            {
                yield return new(searches[i].Title, [], [], $"Not asked, because {end}");
                continue;
            }
            if (i > 0 && options.Pause > TimeSpan.Zero) await Task.Delay(options.Pause, clock, cancellation);
            Tell(new(searches[i].Title, i + 1, searches.Count));
            var (part, failure) = await SearchAsync(searches[i], cancellation);
            failures = failure is { IsOfTransport: true } ? failures + 1 : 0;
            end = failure?.EndsAll ?? (failures < FailuresInARowMax ? null
                : $"{FailuresInARowMax} searches in a row failed, and each try may cost a call.");
            yield return part;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => server.Dispose();

    private async Task<(SourcePart Part, TgstatFailure? Failure)> SearchAsync(
        TgstatSearch search, CancellationToken cancellation)
    {
        var (response, failure) = await server.AskAsync(search.Call, PermitAsync, cancellation);
        return failure is null
            ? (TgstatItems.Read(search.Title, response!.Value, server.Mask), null)
            : (new(search.Title, [], [], failure.Sentence), failure);
    }

    /// <summary>Counts a call before it is made; each repetition is one.</summary>
    private async ValueTask<TgstatFailure?> PermitAsync(CancellationToken cancellation)
    {
        try
        {
            // Repetitions may have used what the plan had counted on, or another machine.
            if (left <= 0 || !await ledger.TryAddAsync(limit, cancellation))
                return new("No call is left in 30 days.") { EndsAll = "no call is left in 30 days." };
            left--;
            Calls++;
            return null;
        }
        catch (IOException failure)
        {
            return new(failure.Message) { EndsAll = "calls can't be counted." };
        }
    }

    private async Task<(System.Text.Json.JsonElement? Response, string? Failure)> ForFreeAsync(
        string call, CancellationToken cancellation)
    {
        var (response, failure) = await server.AskAsync(call, static _ => default, cancellation);
        return (response, failure?.Sentence);
    }

    /// <summary>Why a code that somebody named can't be used: a wrong one would cost calls that find nothing.</summary>
    private async Task<string?> CodeProblemAsync(string list, string? code, CancellationToken cancellation)
    {
        if (code is null) return null;
        var (response, failure) = await ForFreeAsync($"database/{list}", cancellation);
        if (failure is not null) return failure;
        var known = TgstatCode.Read(response!.Value, server.Mask);
        var isKnown = known.Any(one => one.Code.Equals(code, StringComparison.OrdinalIgnoreCase));
        if (isKnown || known.Count == 0) return null;
        return $"'{ForeignText.Clean(code, 40)}' is none of TGStat's {list}: {Shown(known)}.";
    }

    private async Task<(IReadOnlyList<TgstatSearch> Searches, string? Problem)> SearchesAsync(
        CancellationToken cancellation)
    {
        var (response, failure) = await ForFreeAsync("database/categories", cancellation);
        if (failure is not null) return ([], failure);
        var known = TgstatCode.Read(response!.Value, server.Mask);
        var names = options.Categories.Count > 0
            ? options.Categories
            : [.. TgstatCategory.Usual.Select(category => category.Title)];
        var searches = new List<TgstatSearch>();
        foreach (var name in names)
        {
            if (SearchFor(name, known) is not { } search)
                return ([], $"'{ForeignText.Clean(name, 40)}' is no category. There are "
                    + $"{string.Join(", ", TgstatCategory.Usual.Select(category => category.Title))}; "
                    + $"and TGStat's own: {Shown(known)}.");
            if (!searches.Contains(search)) searches.Add(search);
        }
        return (searches, null);
    }

    private TgstatSearch? SearchFor(string name, List<TgstatCode> known)
    {
        if (TgstatCategory.Find(name) is not { } category)
            return known.Find(one => one.Is(name)) is { Code.Length: > 0 } own
                ? new(own.Title, CallFor("category", own.Code))
                : null;
        var code = category.Codes.FirstOrDefault(code => known.Any(one => one.Code == code));
        if (code is not null) return new(category.Title, CallFor("category", code));
        var isRussian = options.Language is null or "russian" or "ru";
        return new(category.Title, CallFor("q", isRussian ? category.RussianWord : category.Word));
    }

    private string CallFor(string parameter, string value)
    {
        var call = new StringBuilder($"channels/search?{parameter}={Uri.EscapeDataString(value)}")
            .Append(CultureInfo.InvariantCulture,
                $"&country={Uri.EscapeDataString(options.Country ?? TgstatOptions.CountryDefault)}");
        if (options.Language is { } language)
            call.Append(CultureInfo.InvariantCulture, $"&language={Uri.EscapeDataString(language)}");
        return call.Append(CultureInfo.InvariantCulture, $"&peer_type=channel&limit={ChannelsPerSearchMax}").ToString();
    }

    private static string? ShortageOf(int count, CallAllowance allowance, CallsMade calls, TgstatUsage usage)
    {
        if (count <= allowance.Left) return null;
        var asked = $"{count} {(count == 1 ? "call is" : "calls are")} needed, and {allowance.Left} of "
            + $"{allowance.Limit} in 30 days {(allowance.Left == 1 ? "is" : "are")} left.";
        var fewer = allowance.Left > 0 ? " Or ask for fewer categories with --category." : "";
        return $"{asked} {WhenFree(count, allowance, calls, usage)}{fewer}";
    }

    private static string WhenFree(int count, CallAllowance allowance, CallsMade calls, TgstatUsage usage)
    {
        var isTgstats = usage.Limit - usage.Spent < count;
        if (isTgstats)
            return $"TGStat counts {usage.Spent} of {usage.Limit} spent in this period of your subscription"
                + (usage.EndsAt is { } end ? $", which ends on {Time(end)}." : ".");
        return calls.FreeAt(count, allowance.Limit) is { } free
            ? $"They are free again on {Time(free)}."
            : $"That many are never free: raise --budget to {count} or more.";
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Shown(List<TgstatCode> codes) => string.Join(", ", codes.Take(60).Select(one => one.Code));

    private void Tell(TgstatProgress now) => onProgress(progress = now);
}
