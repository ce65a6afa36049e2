using HeatUp.Channels;
using HeatUp.Channels.Sources;

namespace Heat.Api;

/// <summary>What a fetch or an import did to the file of channels.</summary>
/// <param name="Source">Where the channels came from, as their entries say.</param>
/// <param name="File">The file.</param>
/// <param name="DryRun">Whether nothing was to be written.</param>
/// <param name="Written">Whether the file has changed.</param>
/// <param name="Stopped">Whether somebody stopped it before it was done.</param>
/// <param name="Total">How many channels the file has with them.</param>
/// <param name="Parts">What it did, for each category of a directory or for the file.</param>
/// <param name="Calls">The calls that it cost; absent for an import.</param>
public sealed record MergeAnswer(
    string Source, string File, bool DryRun, bool Written, bool Stopped, int Total,
    IReadOnlyList<MergePartAnswer> Parts, CallsAnswer? Calls = null)
{
    public static MergeAnswer Of(
        string source, string file, bool isDry, bool isWritten, bool isStopped, ChannelMerge merge) => new(
            source, file, isDry, isWritten, isStopped, merge.Entries.Count,
            [.. merge.Parts.Select(MergePartAnswer.Of)]);
}

/// <summary>What a part of a source did.</summary>
/// <param name="Title">The category, or the file.</param>
/// <param name="Found">How many channels it has.</param>
/// <param name="New">Those that are new.</param>
/// <param name="Changed">The entries that changed.</param>
/// <param name="NotFound">The entries of this source and category that it doesn't have any more; they stay.</param>
/// <param name="Remarks">What is wrong with single items.</param>
/// <param name="PassedOver">The items that are no channels for the pool, by reason.</param>
/// <param name="Failure">Why there is nothing; absent if it worked.</param>
public sealed record MergePartAnswer(
    string Title, int Found, IReadOnlyList<string> New, IReadOnlyList<ChangedAnswer> Changed,
    IReadOnlyList<string> NotFound, IReadOnlyList<string> Remarks, IReadOnlyList<PassedOverAnswer> PassedOver,
    string? Failure)
{
    public static MergePartAnswer Of(MergedPart merged) => new(
        merged.Part.Title, merged.Part.Channels.Count, [.. merged.New.Select(name => name.Value)],
        [.. merged.Changed.Select(one => new ChangedAnswer(one.Name.Value, one.Fields))],
        [.. merged.NotFound.Select(name => name.Value)], merged.Part.Remarks,
        [.. merged.Part.PassedOver.Select(PassedOverAnswer.Of)], merged.Part.Failure);
}

/// <summary>Items that are no channels for the pool.</summary>
/// <param name="Reason">Why, as a word.</param>
/// <param name="Count">How many.</param>
public sealed record PassedOverAnswer(string Reason, long Count)
{
    public static PassedOverAnswer Of(PassedOver one) => new(one.Reason.Word(), one.Count);
}

/// <summary>An entry that changed.</summary>
/// <param name="Username">The channel.</param>
/// <param name="Fields">The fields that did.</param>
public sealed record ChangedAnswer(string Username, IReadOnlyList<string> Fields);

/// <summary>The calls that a fetch cost.</summary>
/// <param name="Made">How many it made.</param>
/// <param name="Used">How many were made in the last 30 days, with these.</param>
/// <param name="Limit">The most in 30 days.</param>
/// <param name="Left">How many are left.</param>
public sealed record CallsAnswer(int Made, int Used, long Limit, long Left)
{
    public static CallsAnswer Of(CallAllowance before, int made) =>
        new(made, before.Used + made, before.Limit, Math.Max(0, before.Left - made));
}

/// <summary>What a fetch would do.</summary>
/// <param name="Calls">The calls that it would make, without the token.</param>
/// <param name="Used">The calls of the last 30 days; absent if TGStat could not be asked.</param>
/// <param name="Limit">The most in 30 days.</param>
/// <param name="Left">How many are left.</param>
/// <param name="SpentAtTgstat">What TGStat counts in this period; absent if it doesn't say.</param>
/// <param name="LimitAtTgstat">What it allows.</param>
/// <param name="Refusal">Why it may not; absent if it may.</param>
public sealed record FetchPlanAnswer(
    IReadOnlyList<PlannedCallAnswer> Calls, int? Used, long? Limit, long? Left, long? SpentAtTgstat,
    long? LimitAtTgstat, string? Refusal)
{
    public static FetchPlanAnswer Of(TgstatPlan plan) => new(
        [.. plan.Searches.Select(search => new PlannedCallAnswer(search.Title, $"/{search.Call}"))],
        plan.Allowance?.Used, plan.Allowance?.Limit, plan.Allowance?.Left, plan.Allowance?.SpentAtTgstat,
        plan.Allowance?.LimitAtTgstat, plan.Refusal);
}

/// <summary>A call that costs.</summary>
/// <param name="Category">The category that its channels get.</param>
/// <param name="Call">The method with its parameters.</param>
public sealed record PlannedCallAnswer(string Category, string Call);
