using System.Globalization;
using System.Text;
using HeatUp.Channels;

namespace HeatUp.Plans;

/// <summary>The part of the prompt that is about one session.</summary>
internal sealed class SessionFacts(PlanRequest request, Persona persona)
{
    /// <summary>
    /// The most channels that are listed as joined. A session that follows more is told what it may join instead.
    /// </summary>
    private const int JoinedShownMax = 60;

    /// <summary>The most channels that are listed as those that may be joined.</summary>
    private const int JoinableShownMax = 30;

    /// <summary>The most categories that are named as interests.</summary>
    private const int InterestsShownMax = 3;

    /// <summary>The most channels that are named as suiting it best.</summary>
    private const int SuggestedShownMax = 10;

    private readonly StringBuilder text = new();
    private readonly IReadOnlyList<Channel> own = PromptChannels.Of(request.Pool).OwnOf(request, persona);

    public string Write()
    {
        if (request.Past.IsNew) WriteNew();
        else WriteReturning();
        WriteInterests();
        WriteOwn();
        var now = request.Now.UtcDateTime.ToString("dddd, yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        text.Append("It is now ").Append(now).Append(" UTC. Plan its sitting.");
        return text.ToString();
    }

    private void WriteNew() => text.Append(
        """
        This session is new: it is here for the first time, has done nothing yet and follows no channel.
        Let it look around as its interests suggest: it joins what makes it curious and has a first look there.

        """);

    private void WriteReturning()
    {
        var past = request.Past;
        text.Append("This session comes back. It was last active ").Append(LastActive(past.LastActivity))
            .Append(", and has done ").Append(Counted(past.TotalActions, "action"))
            .Append(" in ").Append(Counted(past.Sittings, "sitting")).Append(" so far.\n");
        WriteJoined(past.Joined);
        WriteRecent(past.Recent);
        text.Append("Go on from there: what it follows is read again, with something new now and then.\n");
    }

    private void WriteJoined(IReadOnlyList<Membership> joined)
    {
        if (joined.Count == 0) text.Append("It follows no channel yet.\n");
        if (joined.Count == 0) return;
        text.Append("It follows ").Append(Counted(joined.Count, "channel"))
            .Append(", not to be joined again (the newest first): ");
        text.AppendJoin(", ", joined.Take(JoinedShownMax).Select(membership => Numbered(membership.Channel)));
        if (joined.Count > JoinedShownMax) text.Append(" and ").Append(joined.Count - JoinedShownMax).Append(" more");
        text.Append(".\n");
        if (joined.Count > JoinedShownMax) WriteJoinable();
    }

    private void WriteJoinable()
    {
        var joined = request.Past.Joined.Select(membership => membership.Channel).ToHashSet();
        var listed = PromptChannels.Of(request.Pool).Shared.Concat(own);
        var joinable = listed.Where(channel => !joined.Contains(channel.Name))
            .OrderByDescending(channel => persona.InterestIn(channel.Category))
            .Take(JoinableShownMax).Select(channel => Numbered(channel.Name)).ToList();
        if (joinable.Count == 0) text.Append("There is no channel left to join.\n");
        else text.Append("Only these may be joined now: ").AppendJoin(", ", joinable).Append(".\n");
    }

    private void WriteRecent(IReadOnlyList<RecentAction> recent)
    {
        var told = recent.Take(Recollection.RecentMax).Select(Told).OfType<string>().ToList();
        if (told.Count > 0) text.Append("What it did last (the newest first): ").AppendJoin("; ", told).Append(".\n");
    }

    private void WriteInterests() => text.Append("Its interests, the strongest first: ")
        .AppendJoin(", ", request.Pool.Categories
            .OrderByDescending(persona.InterestIn)
            .Take(InterestsShownMax)
            .Select(category => Prompt.Quoted(category, Channel.CategoryLengthMax)))
        .Append(".\n");

    private void WriteOwn()
    {
        if (own.Count == 0) return;
        text.Append("The second list of channels, which may suit it:\n");
        Prompt.AppendList(text, request.Pool, own);
        text.Append('\n');
        var best = PromptChannels.Foremost(request, SuggestedShownMax).Select(Numbered).ToList();
        if (best.Count > 0) text.Append("Of both lists these suit it best: ").AppendJoin(", ", best).Append(".\n");
    }

    private string Numbered(ChannelName channel) => PoolNumbers.NumberOf(request.Pool, channel) is { } number
        ? $"{number} {channel}"
        : $"{channel} (no longer in the list)";

    private string? Told(RecentAction action) => action switch
    {
        { Kind: JoinChannel.Word, Channel: { } channel } => $"joined {channel} {Ago(action.At)}",
        { Kind: ReadMessages.Word, Channel: { } channel } => $"read {channel} {Ago(action.At)}",
        { Kind: Idle.Word } => $"took a break {Ago(action.At)}",
        _ => null,
    };

    private string LastActive(DateTimeOffset? time) => time is { } at ? Ago(at) : "longer ago than is remembered";

    private string Ago(DateTimeOffset time) => (request.Now - time) switch
    {
        { TotalMinutes: < 1 } => "just now",
        { TotalHours: < 1 } span => Counted((int)span.TotalMinutes, "minute") + " ago",
        { TotalDays: < 1 } span => Counted((int)span.TotalHours, "hour") + " ago",
        { TotalDays: < 60 } span => Counted((int)span.TotalDays, "day") + " ago",
        var span => Counted((int)(span.TotalDays / 30), "month") + " ago",
    };

    private static string Counted(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";
}
