using HeatUp.Primitives;
using System.Text.Json;

namespace HeatUp.Plans.Replies;

/// <summary>
/// Finds the list of actions in a reply: JSON somewhere in a text, in one of the shapes that models like.
/// </summary>
internal static class ReplyJson
{
    // How often a text is quoted at most.
    private const int UnquotedMax = 3;

    // Whatever the text: a thousand brackets that each reach to its end must not take a second.
    private const int CharactersWalkedMax = 64 * ReplyReader.LengthMax;

    /// <summary>
    /// The items of the last whole list of actions in the text. If it has none, <paramref name="defect"/> says why.
    /// </summary>
    public static IReadOnlyList<JsonElement> ActionsIn(string text, out string? defect) =>
        ActionsIn(text, out _, out defect);

    /// <summary>The same, and all lists that there are, in their order.</summary>
    public static IReadOnlyList<JsonElement> ActionsIn(
        string text, out IReadOnlyList<IReadOnlyList<JsonElement>> all, out string? defect)
    {
        var found = ListsIn(text, ActionLists.WrappersMax, out var loose, out var damage);
        // A text that is a JSON string itself, as some servers wrap it once more, or twice.
        for (var (inner, left) = (text, UnquotedMax); found.Count == 0 && left > 0 && IsEscaped(inner); left--)
        {
            if (LooseJson.Unquoted(inner) is not { } unquoted) break;
            found = ListsIn(inner = unquoted, ActionLists.WrappersMax, out _, out _);
        }
        all = found;
        defect = null;
        if (ActionLists.Best(found) is { } best) return best;
        // One object a line is a plan too, but not the objects that are left of a broken list: that would be a guess.
        if (damage is null && loose.Count > 0) return loose;
        defect = damage ?? "The reply holds no plan.";
        return [];
    }

    private static bool IsEscaped(string text) => text.Contains("\\\"", StringComparison.Ordinal)
        || text.Contains("\\u0022", StringComparison.Ordinal);

    /// <summary>Whether a text holds a list of actions that is long enough for a plan.</summary>
    public static bool HasPlan(string text) =>
        text.Length <= ReplyReader.LengthMax && ActionLists.IsWhole(ActionsIn(text, out _));

    /// <summary>The lists of actions in a text, in their order.</summary>
    internal static List<IReadOnlyList<JsonElement>> ListsIn(string text, int wrappersLeft) =>
        ListsIn(text, wrappersLeft, out _, out _);

    private static List<IReadOnlyList<JsonElement>> ListsIn(
        string text, int wrappersLeft, out IReadOnlyList<JsonElement> loose, out string? damage)
    {
        var values = ValuesIn(text, out damage);
        loose = [.. values.Where(ReplyAction.IsAction)];
        return [.. values.Select(value => ActionLists.In(value, wrappersLeft)).OfType<IReadOnlyList<JsonElement>>()];
    }

    private static List<JsonElement> ValuesIn(string text, out string? damage)
    {
        damage = null;
        var values = new List<JsonElement>();
        var walked = 0;
        for (var at = NextStart(text, 0); at >= 0 && walked < CharactersWalkedMax;)
        {
            var found = LooseJson.Read(text, at, out var value, out var end);
            if (found == Found.Value) values.Add(value);
            if (found == Found.Broken) damage ??= "The reply's JSON is broken.";
            if (found == Found.CutOff) damage ??= "The reply's JSON is cut off.";
            walked += end - at;
            at = NextStart(text, end);
        }
        return values;
    }

    private static int NextStart(string text, int from)
    {
        var next = text.AsSpan(from).IndexOfAny('{', '[');
        return next < 0 ? -1 : from + next;
    }
}
