using HeatUp.Channels;

namespace HeatUp.Runs.Validation;

/// <summary>What a pass has to look at: what sittings report first, then the longest unchecked.</summary>
internal sealed class ValidationWork
{
    private readonly ChannelValidation validation;
    private readonly Dictionary<ChannelName, ListedChannel> entries;
    private readonly Queue<ListedChannel> due;
    private readonly Queue<ListedChannel> reported = new();
    private readonly HashSet<ChannelName> seen = [];
    private readonly DateTimeOffset begunAt;

    public ValidationWork(ChannelFile file, ValidationOptions options, ChannelValidation validation, DateTimeOffset now)
    {
        (this.validation, begunAt) = (validation, now);
        entries = file.Entries.ToDictionary(entry => entry.Channel.Name);
        due = new(file.Entries
            .Where(entry => options.NotSince is null || entry.Check is null || entry.Check.At <= options.NotSince)
            .OrderBy(entry => entry.Check?.At ?? DateTimeOffset.MinValue)
            .Take(options.Limit));
        Found = new Findings(file, now - options.CountedBack, now);
        TakeReports();
        Count = due.Concat(reported).DistinctBy(entry => entry.Channel.Name).Count();
    }

    /// <summary>How many channels there are to look at, as far as is known at the beginning.</summary>
    public int Count { get; }

    public Findings Found { get; }

    /// <summary>The next channel to look at; null if there is none.</summary>
    public ListedChannel? Next()
    {
        TakeReports();
        while (reported.TryDequeue(out var next) || due.TryDequeue(out next))
            if (seen.Add(next.Channel.Name))
                return next;
        return null;
    }

    /// <summary>
    /// A channel that is fine for a look-up and refuses a session all the same would be reported at every sitting.
    /// </summary>
    private void TakeReports()
    {
        foreach (var name in validation.TakeReports())
            if (entries.TryGetValue(name, out var entry)
                && !(entry.Check?.At > begunAt - ValidationLimits.ReportedAgainAfter))
                reported.Enqueue(entry);
    }
}
