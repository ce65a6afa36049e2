using System.Globalization;
using System.Text.Json.Nodes;
using HeatUp.Channels;

namespace HeatUp.Runs.Conduct;

/// <summary>The JSON of accounts in their database.</summary>
internal static class AccountJson
{
    public static JsonArray Write(IEnumerable<Account> accounts) => [.. accounts.Select(Write)];

    /// <exception cref="FormatException">A name or a time is none.</exception>
    public static Account Read(JsonNode json) =>
        new(SessionId.Parse((string)json["name"]!), Time(json["added_at"])!.Value)
        {
            Allowed = Channels(json["allowed"]),
            Joined = Channels(json["joined"]),
            Followed = Channels(json["followed"]),
            JoinedIds = Ids(json["joined_ids"]),
            FollowedIds = Ids(json["followed_ids"]),
            Stopped = json["stopped"] is { } stop
                ? new AccountStop((string)stop["reason"]!, Time(stop["at"])!.Value)
                : null,
            Ended = json["ended"] is { } end
                ? new AccountEnd(
                    new TelegramError((int)end["code"]!, (string)end["message"]!), Time(end["at"])!.Value)
                : null,
            WaitUntil = Time(json["wait_until"]),
            WaitAhead = json["wait_ahead"] is { } wait
                ? new AccountWait(Time(wait["asked_at"])!.Value, Time(wait["until"])!.Value)
                : null,
            RemovedAt = Time(json["removed_at"]),
            User = (string?)json["user"],
            Ledger = new((int?)json["dropped"] ?? 0, (string?)json["dropped_seal"] ?? "", (int)json["lines"]!,
                (string?)json["last_seal"] ?? ""),
            LastRun = RunId.TryParse((string?)json["last_run"], out var run) ? run : null,
            Seen = Time(json["seen"]),
        };

    private static JsonNode Write(Account account) => new JsonObject
    {
        ["name"] = account.Name.Value,
        ["added_at"] = Text(account.AddedAt),
        ["allowed"] = Names(account.Allowed),
        ["joined"] = Names(account.Joined),
        ["followed"] = Names(account.Followed),
        ["joined_ids"] = Numbers(account.JoinedIds),
        ["followed_ids"] = Numbers(account.FollowedIds),
        ["stopped"] = account.Stopped is { } stop
            ? new JsonObject { ["reason"] = stop.Reason, ["at"] = Text(stop.At) }
            : null,
        ["ended"] = account.Ended is { } end
            ? new JsonObject
            {
                ["code"] = end.Why.Code, ["message"] = end.Why.Message, ["at"] = Text(end.At),
            }
            : null,
        ["wait_until"] = Text(account.WaitUntil),
        ["wait_ahead"] = account.WaitAhead is { } wait
            ? new JsonObject { ["asked_at"] = Text(wait.AskedAt), ["until"] = Text(wait.Until) }
            : null,
        ["removed_at"] = Text(account.RemovedAt),
        ["user"] = account.User,
        ["dropped"] = account.Ledger.Dropped,
        ["dropped_seal"] = account.Ledger.DroppedSeal,
        ["lines"] = account.Ledger.Lines,
        ["last_seal"] = account.Ledger.Seal,
        ["last_run"] = account.LastRun?.ToString(),
        ["seen"] = Text(account.Seen),
    };

    private static JsonArray Names(IEnumerable<ChannelName> channels) =>
        [.. channels.Select(channel => (JsonNode)channel.Value)];

    private static JsonArray Numbers(IEnumerable<long> ids) => [.. ids.Select(id => (JsonNode)id)];

    /// <summary>An earlier version's book that was written before numbers were kept has none.</summary>
    private static IReadOnlyList<long> Ids(JsonNode? json) =>
        json is null ? [] : [.. json.AsArray().Select(id => (long)id!)];

    private static IReadOnlyList<ChannelName> Channels(JsonNode? json) =>
        [.. json!.AsArray().Select(name => ChannelName.Parse((string)name!))];

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(JsonNode? json) => json is null
        ? null
        : DateTimeOffset.Parse((string)json!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
