using System.Text.Json;
using HeatUp.Channels;

namespace HeatUp.Plans.Replies;

/// <summary>
/// Reads what a language model answered, whatever it is: tolerant of form (fences, prose around, wrappers, numbers as
/// texts, unknown fields, any order), never a guess at meaning. What the actions must keep is <see cref="PlanCheck"/>'s
/// matter.
/// </summary>
public static class ReplyReader
{
    /// <summary>The longest reply that is read, in characters: a hundred times what a plan needs.</summary>
    public const int LengthMax = 64 * 1024;

    private static readonly EqualityComparer<JsonElement> JsonEquality =
        EqualityComparer<JsonElement>.Create(JsonElement.DeepEquals, json => (int)json.ValueKind);

    /// <summary>The most plans of one reply that are read.</summary>
    private const int PlansReadMax = 10;

    /// <summary>The actions of a reply, and what is wrong with it. Does not throw, whatever the text.</summary>
    public static Reply Read(string? text, ChannelPool pool) => ReadAll(text, pool).First();

    /// <summary>
    /// The reply's plan, and then the others that it holds, the last first: of several, the last may be the one that
    /// breaks a rule.
    /// </summary>
    internal static IEnumerable<Reply> ReadAll(string? text, ChannelPool pool)
    {
        if (string.IsNullOrWhiteSpace(text)) return [Reply.Useless("The reply is empty.")];
        if (text.Length > LengthMax)
            return [Reply.Useless($"The reply has {text.Length} characters; it may have {LengthMax}.")];
        var items = ReplyJson.ActionsIn(text, out var all, out var defect);
        if (defect is not null) return [Reply.Useless(defect)];
        return all.Where(ActionLists.IsWhole).Reverse().Where(list => list != items).Prepend(items)
            .Take(PlansReadMax).Select(list => Read(list, pool));
    }

    private static Reply Read(IReadOnlyList<JsonElement> items, ChannelPool pool)
    {
        // Only the number is named when it is wrong: nobody reads the defects of ten thousand items.
        if (PlanCheck.CountDefect(items.Count) is { } countDefect) return Reply.Useless(countDefect);
        // A model that repeats its prompt, or a server that sends the request back, has planned nothing.
        if (items.SequenceEqual(PromptRules.ExampleActions, JsonEquality))
            return Reply.Useless("The plan is the prompt's example.");
        var actions = new PlannedAction?[items.Count];
        var defects = new List<string>();
        for (var i = 0; i < actions.Length; i++)
        {
            actions[i] = ReplyAction.Read(items[i], pool, out var defect);
            if (defect is not null) defects.Add($"Action {i + 1} {defect}");
        }
        return new Reply(actions, defects);
    }
}

/// <summary>What was read from a language model's answer.</summary>
/// <param name="Actions">The actions in their order; null in the place of one that can't be read.</param>
/// <param name="Defects">One sentence for each thing that can't be read; empty if all could.</param>
public sealed record Reply(IReadOnlyList<PlannedAction?> Actions, IReadOnlyList<string> Defects)
{
    internal static Reply Useless(string defect) => new([], [defect]);
}
