using HeatUp.Channels;

namespace HeatUp.Runs.Validation;

/// <summary>A verdict, and when it was reached.</summary>
internal readonly record struct Finding(ChannelVerdict Verdict, DateTimeOffset At);

/// <summary>What a pass has found so far.</summary>
internal sealed class Findings
{
    private readonly int usable;
    private readonly int takenOutBefore;
    private readonly Dictionary<ChannelName, Finding> good = [];
    private readonly Dictionary<ChannelName, Finding> bad = [];
    private readonly List<TakenOut> takenOut = [];
    private readonly List<ChannelName> backAgain = [];
    private int stillOut;
    private int recounted;
    private int undecided;
    private int undecidedInARow;

    /// <param name="file">The file as the pass found it.</param>
    /// <param name="since">Channels that left the pool between then and now count too.</param>
    /// <param name="now">When the pass began.</param>
    public Findings(ChannelFile file, DateTimeOffset since, DateTimeOffset now)
    {
        takenOutBefore = since < now ? file.Entries.Count(entry => entry.Check?.FaultSince > since) : 0;
        usable = file.Channels.Length + takenOutBefore;
    }

    /// <summary>How many channels were looked up.</summary>
    public int Checked { get; private set; }

    private bool IsTooMany =>
        (takenOut.Count + takenOutBefore) * ValidationLimits.TakenOutPart > usable && takenOut.Count > 0;

    /// <summary>Takes a verdict, or null for none. Answers why the pass must end, or null.</summary>
    public ValidationStop? Add(ListedChannel entry, ChannelVerdict? verdict, DateTimeOffset at)
    {
        Checked++;
        undecidedInARow = verdict is null ? undecidedInARow + 1 : 0;
        if (verdict is null) undecided++;
        else Add(entry, new Finding(verdict, at));
        if (IsTooMany) return TooMany();
        return undecidedInARow < ValidationLimits.UndecidedMax
            ? null
            : new(ValidationStopCode.NoAnswers,
                $"{undecidedInARow} look-ups in a row were answered with errors that say nothing about their channels. "
                + "Check again later.");
    }

    /// <summary>What was found of channels that may stay or come back, which is written by this.</summary>
    public IReadOnlyDictionary<ChannelName, Finding> TakeGood()
    {
        var taken = good.ToDictionary();
        good.Clear();
        return taken;
    }

    /// <summary>The same and, unless they are too many, the channels that may not be used.</summary>
    public IReadOnlyDictionary<ChannelName, Finding> TakeAll()
    {
        var taken = TakeGood();
        return IsTooMany ? taken : taken.Concat(bad).ToDictionary();
    }

    public ValidationSummary Summary(ValidationStop? stop) => new(
        Checked, IsTooMany ? [] : takenOut, stillOut, backAgain, recounted, undecided, stop);

    private void Add(ListedChannel entry, Finding finding)
    {
        var (name, verdict) = (entry.Channel.Name, finding.Verdict);
        var isNewlyOut = entry.IsUsable && verdict.Fault is not null;
        if (isNewlyOut) takenOut.Add(new TakenOut(name, verdict.Fault!.Value, verdict.Detail));
        else if (verdict.Fault is not null) stillOut++;
        else if (!entry.IsUsable) backAgain.Add(name);
        if (verdict.Members is { } members && members != entry.Channel.Subscribers) recounted++;
        (isNewlyOut ? bad : good)[name] = finding;
    }

    private ValidationStop TooMany()
    {
        var before = takenOutBefore > 0 ? $", {takenOutBefore} that left it lately included" : "";
        return new(ValidationStopCode.TooMany,
            $"{takenOut.Count + takenOutBefore} of {usable} usable channels would have left the pool{before}, and "
            + $"{usable / ValidationLimits.TakenOutPart} (a fifth) may at most: more likely the network or the account "
            + $"is at fault than the channels. None of this pass has left it. The last was {takenOut[^1].Name}, "
            + $"{takenOut[^1].Fault.Word()}.");
    }
}
