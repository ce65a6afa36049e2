using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HeatUp.Sessions;

/// <summary>The answer to a question for a session's history, for programs: the same that the API gives.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Summary">What it comes to.</param>
/// <param name="History">What was done, the newest first.</param>
public sealed record SessionHistory(
    string SessionId, HistorySummary Summary, IReadOnlyList<HistoryAction> History)
{
    /// <summary>Asks a store for what a session did since a time.</summary>
    /// <exception cref="StoreException">The store can't be read.</exception>
    public static async ValueTask<SessionHistory> ReadAsync(
        ISessionStore store, SessionId session, DateTimeOffset since, CancellationToken cancellation = default)
    {
        var answer = new ArrayBufferWriter<byte>(4_096);
        await store.WriteHistoryAsync(session, since, answer, cancellation);
        return JsonSerializer.Deserialize(answer.WrittenSpan, SessionHistoryJson.Default.SessionHistory)!;
    }
}

/// <summary>What a history comes to.</summary>
/// <param name="IsNew">Whether nothing at all is remembered of the session.</param>
/// <param name="TotalActions">How many actions the history holds.</param>
/// <param name="JoinedChannels">The channels that were joined in it, each once, the newest join first.</param>
/// <param name="LastActivity">When the newest of all remembered actions was done; null if none is remembered.</param>
/// <param name="RecentActions">The newest actions, at most five.</param>
public sealed record HistorySummary(
    bool IsNew,
    int TotalActions,
    IReadOnlyList<string> JoinedChannels,
    DateTimeOffset? LastActivity,
    IReadOnlyList<HistoryAction> RecentActions);

/// <summary>An action of a history.</summary>
/// <param name="Id">Its number in the store.</param>
/// <param name="SessionId">The session.</param>
/// <param name="ActionType">The action's word, such as <c>join_channel</c>.</param>
/// <param name="ActionData">The action's JSON; a string if what is stored isn't JSON.</param>
/// <param name="Timestamp">When, as ISO 8601 in UTC; whatever text is stored if that is no time; null if nothing
/// is.</param>
public sealed record HistoryAction(
    long Id, string SessionId, string ActionType, JsonElement ActionData, string? Timestamp);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = ActionData.DepthMax + 8)]
[JsonSerializable(typeof(SessionHistory))]
internal sealed partial class SessionHistoryJson : JsonSerializerContext;
