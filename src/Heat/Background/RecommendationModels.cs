using HeatUp.Channels.Recommendations;
using HeatUp.Sessions;

namespace Heat.Background;

/// <summary>
/// At the start and once an hour, makes a new model of what goes together if enough has been joined and read since the
/// last. Requests go on with the old one meanwhile, on the processors that this leaves free.
/// </summary>
internal sealed partial class RecommendationModels(
    ISessionStore store, Recommender recommender, IHostApplicationLifetime service,
    TimeProvider clock, ILogger<RecommendationModels> log)
    : Recurring(TimeSpan.FromHours(1), service, clock, log)
{
    /// <summary>A model is made anew when so much of the whole is new.</summary>
    private const double ChangeMin = 0.01;

    private static readonly int Threads = Math.Max(1, Environment.ProcessorCount / 2);

    private readonly TimeProvider clock = clock;
    private readonly ILogger log = log;
    private long weighed;

    /// <summary>All that the sessions of a store follow and have read.</summary>
    public static async Task<Interactions> InteractionsOfAsync(ISessionStore store, CancellationToken cancellation)
    {
        var interactions = new Interactions();
        await foreach (var (session, channel) in store.InteractionsAsync(cancellation))
            interactions.Add(session, channel);
        return interactions;
    }

    protected override async Task DoAsync(CancellationToken cancellation)
    {
        var interactions = await InteractionsOfAsync(store, cancellation);
        if (Math.Abs(interactions.Added - weighed) <= ChangeMin * weighed) return;
        var startedAt = clock.GetTimestamp();
        var model = await Task.Run(() => RecommendationModel.Of(interactions, Threads), cancellation);
        recommender.Model = model;
        weighed = interactions.Added;
        Made(log, model.SessionCount, model.ChannelCount, clock.GetElapsedTime(startedAt).TotalSeconds);
    }

    [LoggerMessage(32, LogLevel.Information,
        "Recommendations: {Channels} channels of {Sessions} sessions weighed in {Seconds:F1} s")]
    private static partial void Made(ILogger log, int sessions, int channels, double seconds);
}
