using System.Globalization;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Plans.Llm;

namespace HeatUp.Simulations;

/// <summary>
/// What a run with a language model will probably take, reckoned before it starts from its own prompts: one call for
/// each sitting, none repeated or repaired, three characters to a token.
/// </summary>
/// <param name="Sittings">How many sittings, and calls.</param>
/// <param name="Tokens">
/// Tokens sent and received. Cached is the first part of the prompt, which all sessions share, in every call but the
/// first: providers that keep no prompt cache charge it as the rest.
/// </param>
/// <param name="Cost">What that costs; null without prices.</param>
/// <param name="CostUncached">What it costs without a prompt cache; null without prices.</param>
/// <param name="Currency">Of the costs; null without prices.</param>
/// <param name="Concurrency">How many calls at once this is about.</param>
/// <param name="Latency">How long a call is assumed to take.</param>
/// <param name="Duration">How long the calls take.</param>
public sealed record LlmEstimate(
    long Sittings, TokenUsage Tokens, double? Cost, double? CostUncached, string? Currency, int Concurrency,
    TimeSpan Latency, TimeSpan Duration)
{
    /// <summary>How long a call takes if nobody knows better. Assumed.</summary>
    public static readonly TimeSpan LatencyDefault = TimeSpan.FromSeconds(3);

    /// <summary>How many tokens a reply has: a plan's size. Assumed.</summary>
    public const int OutputTokensPerCall = 300;

    // What a session that comes back is like, in the middle of a run. Assumed.
    private const int FollowedTypically = 8;
    private const int SittingsTypically = 10;
    private const int ActionsTypically = 45;

    /// <summary>Reckons.</summary>
    /// <param name="scenario">What is simulated.</param>
    /// <param name="pool">With which channels.</param>
    /// <param name="prices">What tokens cost; null if nobody said.</param>
    /// <param name="concurrency">How many calls at once; 1 or more.</param>
    /// <param name="latency">How long a call takes.</param>
    public static LlmEstimate Of(
        Scenario scenario, ChannelPool pool, TokenPrices? prices, int concurrency, TimeSpan latency)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        var sittings = (long)Math.Round(ScenarioNeeds.SittingsOf(scenario, scenario.Sessions));
        var first = Math.Min(sittings, scenario.Sessions);
        var shared = CallCost.TokensOf(Prompt.SystemMessage(pool));
        var input = sittings * shared
            + first * SessionTokens(scenario, pool, PastOf(pool, scenario.Start, isNew: true))
            + (sittings - first) * SessionTokens(scenario, pool, PastOf(pool, scenario.Start, isNew: false));
        var tokens = new TokenUsage(input, sittings * OutputTokensPerCall, Math.Max(sittings - 1, 0) * shared);
        return new LlmEstimate(
            sittings, tokens, prices?.CostOf(tokens), prices?.CostOf(tokens with { Cached = 0 }), prices?.Currency,
            concurrency, latency, latency * Math.Ceiling((double)sittings / concurrency));
    }

    /// <summary>The estimate as a few plain sentences.</summary>
    public override string ToString()
    {
        var share = Tokens.Input == 0 ? 0 : (double)Tokens.Cached / Tokens.Input;
        var text = string.Create(CultureInfo.InvariantCulture,
            $"""
            About {Counted.Of(Sittings, "sitting")}, with one call to the language model each.
            About {Tokens.Input:N0} tokens sent and {Tokens.Output:N0} received; {share:P0} of those sent are the same
            in every call, and cached if the provider caches prompts. A repaired plan takes a second call.
            """).Replace("\n", " ");
        var cost = Cost is null ? "What that costs is unknown: the scenario has no prices." : string.Create(
            CultureInfo.InvariantCulture,
            $"That costs about {Cost:N2} {Currency}, or {CostUncached:N2} {Currency} without a cache.");
        var atOnce = Concurrency == 1 ? "One call after the other" : $"With {Concurrency:N0} calls at once";
        return $"{text}\n{cost}\n{atOnce}, {Latency.TotalSeconds:0.###} s each, it takes about {Told(Duration)}.";
    }

    private static long SessionTokens(Scenario scenario, ChannelPool pool, Recollection past)
    {
        var request = new PlanRequest(past, pool, scenario.Start);
        return CallCost.TokensOf(Prompt.SessionMessage(request, Persona.Of(scenario.Seed, past.Session)));
    }

    private static Recollection PastOf(ChannelPool pool, DateTimeOffset now, bool isNew)
    {
        var session = Population.NameOf(0);
        if (isNew) return Recollection.OfNobody(session);
        var yesterday = now.AddDays(-1);
        var followed = pool.All.Take(FollowedTypically).ToList();
        return new Recollection(
            session, SittingsTypically, ActionsTypically, yesterday,
            [.. followed.Select(channel => new Membership(channel.Name, yesterday, yesterday))],
            [.. followed.Take(Recollection.RecentMax)
                .Select(channel => new RecentAction(ReadMessages.Word, channel.Name, yesterday))]);
    }

    private static string Told(TimeSpan time) => time switch
    {
        { TotalMinutes: < 2 } => Counted.Of((long)Math.Round(time.TotalSeconds), "second"),
        { TotalHours: < 2 } => $"{time.TotalMinutes:0} minutes",
        { TotalDays: < 2 } => $"{time.TotalHours:0.#} hours",
        _ => $"{time.TotalDays:0.#} days",
    };
}
