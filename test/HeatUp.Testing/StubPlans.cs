using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace HeatUp.Testing;

/// <summary>Good plans for prompts: what a well-behaved model would answer, without one.</summary>
internal sealed partial class StubPlans
{
    private readonly ConcurrentDictionary<string, int> poolSizes = new();

    /// <summary>
    /// A plan of five actions that joins a channel if the session doesn't follow all, and reads. Which ones depends on
    /// the session's facts only: the same prompt gets the same plan.
    /// </summary>
    public string For(StubRequest request)
    {
        var size = poolSizes.GetOrAdd(request.System, SizeOf);
        var facts = request.Messages[0];
        var luck = Hash(facts);
        var read = (int)(luck % (uint)size) + 1;
        var joined = ToJoin(facts, size, read);
        var actions = new List<string>();
        if (joined > 0) actions.Add(Action("join_channel", joined, null));
        actions.Add(Action("read_messages", joined > 0 ? joined : read, 3 + luck / 7 % 28));
        actions.Add(Action("idle", null, 2 + luck / 11 % 14));
        actions.Add(Action("read_messages", read, 3 + luck / 13 % 28));
        return $$"""{"actions":[{{string.Join(',', actions)}}]}""";
    }

    private static string Action(string action, int? channel, uint? seconds) =>
        $$"""{"reason":"It fits.","action":"{{action}}","channel":{{channel?.ToString() ?? "null"}}"""
        + $$""","duration_seconds":{{seconds?.ToString() ?? "null"}}}""";

    private static int SizeOf(string system)
    {
        var start = system.LastIndexOf("<channels>", StringComparison.Ordinal) + "<channels>".Length;
        var end = system.LastIndexOf("</channels>", StringComparison.Ordinal);
        return system[start..end]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Max(line => JsonSerializer.Deserialize<JsonElement[]>(line)![0].GetInt32());
    }

    private static int ToJoin(string facts, int size, int start)
    {
        if (facts.Contains("no channel left to join", StringComparison.Ordinal)) return 0;
        var offer = facts.IndexOf("Only these may be joined", StringComparison.Ordinal);
        if (offer >= 0) return NumbersIn(facts[offer..]).First();
        var followed = NumbersIn(facts).ToHashSet();
        return Enumerable.Range(0, size)
            .Select(step => (start + step) % size + 1)
            .FirstOrDefault(number => !followed.Contains(number));
    }

    private static IEnumerable<int> NumbersIn(string facts) =>
        NumberedChannel().Matches(facts).Select(match => int.Parse(match.Groups[1].ValueSpan));

    private static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(text)) hash = (hash ^ b) * 16777619u;
        return hash;
    }

    [GeneratedRegex(@"\b(\d+) @\w+")]
    private static partial Regex NumberedChannel();
}
