using System.Runtime.CompilerServices;
using System.Text.Json;
using HeatUp.Channels;
using HeatUp.Plans;

namespace HeatUp.Tests.Plans;

/// <summary>What tests of plans are about unless they say otherwise.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Now = new(2024, 1, 10, 12, 34, 56, TimeSpan.Zero);

    public static readonly Seed Seed = new(42);

    /// <summary>The channels that are shipped.</summary>
    public static ChannelPool ShippedPool { get; } = ReadShipped();

    public static SessionId Session { get; } = SessionId.Parse("alice");

    public static Channel Channel(
        string name, string category = "News", string description = "News.", long? subscribers = null) =>
        new(ChannelName.Parse(name), description, category, subscribers, null);

    /// <summary>A pool of @durov, @telegram and channels @channel0001 on, in categories in turn.</summary>
    public static ChannelPool PoolOf(int channels, params string[] categories) => ChannelPool.Of(
        Enumerable.Range(1, channels).Select(i => Channel($"@channel{i:0000}", categories[i % categories.Length])));

    public static PlanRequest New(ChannelPool? pool = null, string session = "alice") =>
        new(Recollection.OfNobody(SessionId.Parse(session)), pool ?? ShippedPool, Now);

    /// <summary>A session that follows these channels since ten days, and was last active two days ago.</summary>
    public static PlanRequest Returning(ChannelPool? pool = null, params string[] follows) => new(
        new Recollection(Session, 3, 15, Now.AddDays(-2), [.. follows.Select(name => Follows(name))], []),
        pool ?? ShippedPool,
        Now);

    public static Membership Follows(string name, double readDaysAgo = 2) =>
        new(ChannelName.Parse(name), Now.AddDays(-10), Now.AddDays(-readDaysAgo));

    /// <summary>A plan's actions as text, for comparing.</summary>
    public static string Text(Plan plan) => string.Join("; ", plan.Actions.Select(Text));

    public static string Text(PlannedAction action) =>
        $"{action.Kind} {ActionJson.ChannelOf(action)} {ActionJson.DurationOf(action)?.TotalSeconds}"
            .Replace("  ", " ").TrimEnd();

    private static ChannelPool ReadShipped([CallerFilePath] string here = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "channels_data.json");
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        return ChannelPool.Of(json.RootElement.EnumerateArray().Select(Listed));
    }

    private static Channel Listed(JsonElement entry)
    {
        var subscribers = entry.GetProperty("subscribers");
        return Channel(
            entry.GetProperty("username").GetString()!,
            entry.GetProperty("category").GetString()!,
            ForeignText.Clean(
                entry.GetProperty("description").GetString(), HeatUp.Channels.Channel.DescriptionLengthMax),
            subscribers.ValueKind == JsonValueKind.Number ? subscribers.GetInt64() : null);
    }
}
