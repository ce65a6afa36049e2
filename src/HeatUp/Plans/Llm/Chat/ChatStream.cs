using System.Text.Json;

namespace HeatUp.Plans.Llm;

/// <summary>
/// Takes an answer apart: one JSON value, several (a line each), or a stream of server-sent events, which some servers
/// send whether it is wanted or not.
/// </summary>
internal static class ChatStream
{
    private static readonly string[] Starts = ["data:", "event:", "id:", "retry:", ":"];
    private static readonly string[] LineEnds = ["\r\n", "\n", "\r"];

    /// <summary>The JSON values of a body in their order; null if it is something else.</summary>
    public static IReadOnlyList<JsonElement>? PiecesOf(string body)
    {
        var text = body.TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (!IsStream(text)) return ChatJson.Values(text) is { Count: > 0 } values ? values : null;
        var pieces = new List<JsonElement>();
        foreach (var data in EventsOf(text))
            if (data != "[DONE]" && ChatJson.Values(data) is { } piece)
                pieces.AddRange(piece);
        return pieces.Count > 0 ? pieces : null;
    }

    /// <summary>Whether a text begins as a stream of events does.</summary>
    public static bool IsStream(string text) => Array.Exists(
        Starts, start => text.StartsWith(start, StringComparison.Ordinal));

    private static IEnumerable<string> EventsOf(string text)
    {
        var lines = new List<string>();
        foreach (var line in text.Split(LineEnds, StringSplitOptions.None))
        {
            if (line.StartsWith("data:", StringComparison.Ordinal)) lines.Add(line["data:".Length..].TrimStart(' '));
            // Comments that keep a connection open can come as bare JSON's neighbours; and JSON has lines of its own.
            else if (line.StartsWith('{') || (lines.Count > 0 && line.Length > 0 && !IsStream(line))) lines.Add(line);
            // Servers forget the empty line between events; a value that is whole is one.
            if (lines.Count == 0 || (line.Length > 0 && !IsWhole(lines))) continue;
            yield return string.Join('\n', lines).Trim();
            lines.Clear();
        }
        if (lines.Count > 0) yield return string.Join('\n', lines).Trim();
    }

    private static bool IsWhole(List<string> lines) => lines.Count == 1 && lines[0].TrimEnd() is "[DONE]" or [.., '}'];
}
