using System.Text.Json;

namespace HeatUp.Plans.Llm;

/// <summary>
/// Takes an answer apart: one JSON value, several (a line each), or a stream of server-sent events, which some servers
/// send whether it is wanted or not.
/// </summary>
internal static class ChatStream
{
    /// <summary>The JSON values of a body in their order; null if it is something else.</summary>
    public static IReadOnlyList<JsonElement>? PiecesOf(string body)
    {
        var text = body.TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        var isStream = text.StartsWith("data:", StringComparison.Ordinal)
            || text.StartsWith("event:", StringComparison.Ordinal)
            || text.StartsWith("id:", StringComparison.Ordinal)
            || text.StartsWith("retry:", StringComparison.Ordinal)
            || text.StartsWith(':');
        if (!isStream) return ChatJson.Values(text) is { Count: > 0 } values ? values : null;
        var pieces = new List<JsonElement>();
        foreach (var data in EventsOf(text))
            if (data != "[DONE]" && ChatJson.Values(data) is { } piece)
                pieces.AddRange(piece);
        return pieces.Count > 0 ? pieces : null;
    }

    private static IEnumerable<string> EventsOf(string text)
    {
        var lines = new List<string>();
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.TrimEnd('\r');
            if (line.StartsWith("data:", StringComparison.Ordinal)) lines.Add(line["data:".Length..].TrimStart(' '));
            // Comments that keep a connection open can come as bare JSON's neighbours.
            else if (line.StartsWith('{')) lines.Add(line);
            // Servers forget the empty line between events; a value that is whole is one.
            if (lines.Count == 0 || (line.Length > 0 && !IsWhole(lines))) continue;
            yield return string.Join('\n', lines).Trim();
            lines.Clear();
        }
        if (lines.Count > 0) yield return string.Join('\n', lines).Trim();
    }

    private static bool IsWhole(List<string> lines) => lines.Count == 1 && lines[0].TrimEnd() is "[DONE]" or [.., '}'];
}
