using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using HeatUp.Channels;

namespace HeatUp.Plans;

/// <summary>
/// What a language model is told. First what is the same for all sessions, byte for byte, so that a provider's prompt
/// cache has it; then one session's facts, the clock last. A session's name is never told.
/// </summary>
public static class Prompt
{
    // A model that is told of a defect needs no more of it.
    private const int DefectLengthMax = 300;

    private static readonly ConditionalWeakTable<ChannelPool, string> SystemMessages = [];
    private static readonly ConditionalWeakTable<ChannelPool, string> OwnersSystemMessages = [];

    private static readonly JsonSerializerOptions Readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The rules, the schema of the reply and the pool in canonical order: the same text for every session with one
    /// pool.
    /// </summary>
    public static string SystemMessage(ChannelPool pool) =>
        SystemMessages.GetValue(pool, pool => WriteSystemMessage(pool, PromptRules.Text));

    /// <summary>
    /// The same for a real account: it says what the model is, an assistant that reads for the account's owner.
    /// </summary>
    public static string OwnersSystemMessage(ChannelPool pool) =>
        OwnersSystemMessages.GetValue(pool, pool => WriteSystemMessage(pool, PromptRules.OwnersText));

    /// <summary>What is to be planned: the session's past and interests, and the time.</summary>
    public static string SessionMessage(PlanRequest request, Persona persona) =>
        new SessionFacts(request, persona).Write();

    /// <summary>Asks for a better plan, once.</summary>
    /// <param name="defects">What was wrong with the last one.</param>
    public static string RepairMessage(IReadOnlyList<string> defects)
    {
        var text = new StringBuilder("This plan can't be used:\n");
        foreach (var defect in defects) text.Append("- ").Append(Harmless(defect, DefectLengthMax)).Append('\n');
        text.Append("Reply with the whole plan once more, corrected, as one JSON object and nothing else.");
        return text.ToString();
    }

    /// <summary>
    /// A text of strangers on one line, without the characters that mark roles and sections in prompts: nothing in it
    /// can end the data that it stands in, nor look like a model's control token.
    /// </summary>
    internal static string Harmless(string text, int lengthMax) => ForeignText.Clean(text, lengthMax)
        .Replace('<', '‹').Replace('>', '›').Replace('[', '(').Replace(']', ')').Replace('|', '/').Replace('`', '\'');

    /// <summary>A text of strangers as a JSON string.</summary>
    internal static string Quoted(string text, int lengthMax) =>
        JsonSerializer.Serialize(Harmless(text, lengthMax), Readable);

    /// <summary>Lists channels of a pool as data, a line each, under the pool's numbers.</summary>
    internal static void AppendList(StringBuilder text, ChannelPool pool, IEnumerable<Channel> channels)
    {
        text.Append("<channels>\n");
        foreach (var channel in channels) AppendLine(text, PoolNumbers.NumberOf(pool, channel.Name), channel);
        text.Append("</channels>");
    }

    private static string WriteSystemMessage(ChannelPool pool, string rules)
    {
        var text = new StringBuilder(rules).Append('\n');
        var channels = PromptChannels.Of(pool);
        AppendList(text, pool, channels.Shared);
        if (!channels.IsWhole) text.Append('\n').Append(PromptRules.MoreChannels);
        return text.ToString();
    }

    private static void AppendLine(StringBuilder text, int? number, Channel channel) => text
        .Append('[').Append(number)
        .Append(",\"").Append(channel.Name).Append('"')
        .Append(',').Append(Quoted(channel.Category, Channel.CategoryLengthMax))
        .Append(',').Append(channel.Subscribers is { } subscribers ? subscribers.ToString() : "null")
        .Append(',').Append(Quoted(channel.Description, Channel.DescriptionLengthMax))
        .Append("]\n");
}
