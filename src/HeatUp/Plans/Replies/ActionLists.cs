using HeatUp.Primitives;
using System.Collections.Frozen;
using System.Text.Json;

namespace HeatUp.Plans.Replies;

/// <summary>Finds the list of actions in a JSON value: bare, under a name, wrapped, or as a text.</summary>
internal static class ActionLists
{
    /// <summary>The most values around a list.</summary>
    public const int WrappersMax = 5;

    private static readonly FrozenSet<string> Names =
        FrozenSet.Create("actions", "actionplan", "plan", "steps", "sitting", "result", "response");

    /// <summary>Whether it is a plan's list as far as form goes: long enough, of nothing but known actions.</summary>
    public static bool IsWhole(IReadOnlyList<JsonElement> list) =>
        list.Count >= PlanLimits.ActionsMin && list.All(ReplyAction.IsKnown);

    /// <summary>The last whole list, because models that think aloud show drafts first; else the last.</summary>
    public static IReadOnlyList<JsonElement>? Best(IReadOnlyList<IReadOnlyList<JsonElement>> lists) =>
        lists.LastOrDefault(IsWhole) ?? (lists.Count > 0 ? lists[^1] : null);

    /// <summary>The list of actions in a value; null if it has none.</summary>
    public static IReadOnlyList<JsonElement>? In(JsonElement value, int wrappersLeft) => value.ValueKind switch
    {
        _ when wrappersLeft == 0 => null,
        JsonValueKind.Array => OfArray(value, wrappersLeft),
        JsonValueKind.Object => OfObject(value, wrappersLeft),
        JsonValueKind.String => Best(ReplyJson.ListsIn(value.GetString()!, wrappersLeft - 1)),
        _ => null,
    };

    private static IReadOnlyList<JsonElement>? OfObject(JsonElement value, int wrappersLeft)
    {
        JsonElement[] members = [.. value.EnumerateObject().Select(property => property.Value)];
        if (IsWhole(members)) return members;
        if (ReplyAction.IsKnown(value)) return null;
        var named = value.EnumerateObject()
            .Where(property => Names.Contains(ReplyAction.Plain(property.Name)))
            .Select(property => Named(property.Value, wrappersLeft))
            .FirstOrDefault(list => list is not null);
        if (named is not null) return named;
        // Under a name that nobody agreed on, only what looks like a plan is one.
        return Best([.. members.Select(member => In(member, wrappersLeft - 1))
            .Where(list => list is not null && list.Any(ReplyAction.IsKnown))!]);
    }

    /// <summary>A list that is called one counts also if it holds no objects.</summary>
    private static IReadOnlyList<JsonElement>? Named(JsonElement value, int wrappersLeft) =>
        In(value, wrappersLeft - 1) ?? (value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : null);

    /// <summary>The items if there are objects among them, or the list in what wraps it.</summary>
    private static IReadOnlyList<JsonElement>? OfArray(JsonElement array, int wrappersLeft)
    {
        JsonElement[] items = [.. array.EnumerateArray()];
        if (items.Any(ReplyAction.IsKnown)) return items;
        JsonElement[] unquoted = [.. items.Select(ObjectIn).OfType<JsonElement>()];
        if (IsWhole(unquoted) && unquoted.Length == items.Length) return unquoted;
        var wrapped = Best(
            [.. items.Select(item => In(item, wrappersLeft - 1)).OfType<IReadOnlyList<JsonElement>>()]);
        if (wrapped is not null && (items.Length == 1 || IsWhole(wrapped))) return wrapped;
        return items.Any(item => item.ValueKind == JsonValueKind.Object) ? items : null;
    }

    /// <summary>The object that a JSON string holds.</summary>
    public static JsonElement? ObjectIn(JsonElement item) =>
        item.ValueKind == JsonValueKind.String && item.GetString()!.TrimStart() is ['{', ..] text
            && LooseJson.Read(text, 0, out var value, out _) == Found.Value ? value : null;
}
