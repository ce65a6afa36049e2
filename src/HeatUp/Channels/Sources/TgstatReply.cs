using System.Globalization;
using System.Text;
using System.Text.Json;

namespace HeatUp.Channels.Sources;

/// <summary>
/// What TGStat answered. Its own words count more than the status of HTTP, which nobody promises.
/// </summary>
/// <param name="Response">What it found; null if it failed.</param>
/// <param name="Failure">Why it failed; null if it didn't.</param>
internal readonly record struct TgstatReply(JsonElement? Response, TgstatFailure? Failure)
{
    private const int ShownMax = 80;
    private const string Later = "Try again later.";
    private static readonly TimeSpan BusyWait = TimeSpan.FromSeconds(60);

    public static TgstatReply Failed(TgstatFailure failure) => new(null, failure);

    /// <summary>Reads a reply: the body first, whatever the status.</summary>
    public static TgstatReply Read(int status, ReadOnlyMemory<byte> body, TokenMask mask)
    {
        body = JsonText.WithoutMark(body);
        if (!IsObject(body.Span)) return Failed(OfNoJson(status, body.Span, mask));
        try
        {
            using var document = JsonDocument.Parse(body);
            return ReadEnvelope(status, document.RootElement, mask);
        }
        catch (JsonException)
        {
            return Failed(new($"TGStat's reply is cut off or broken (HTTP {status}).", Later)
            {
                MayPass = true,
                IsOfTransport = true,
            });
        }
    }

    private static TgstatReply ReadEnvelope(int status, JsonElement root, TokenMask mask) =>
        JsonText.Of(JsonText.Field(root, "status")) switch
        {
            "ok" when JsonText.Field(root, "response") is { } response => new(response.Clone(), null),
            "ok" => Failed(new("TGStat says that all is well, and nothing else. Try again later.")),
            "pending" => Failed(new("TGStat is still at it (pending). Try again later.")),
            "error" when JsonText.Of(JsonText.Field(root, "error")) is { } error =>
                Failed(TgstatErrors.Of(error, mask)),
            _ => Failed(OfNoJson(status, Encoding.UTF8.GetBytes(root.GetRawText()), mask)),
        };

    private static TgstatFailure OfNoJson(int status, ReadOnlySpan<byte> body, TokenMask mask) => status switch
    {
        >= 300 and < 400 => OfTransport($"TGSTAT_BASE_URL answers with a redirection (HTTP {status}). It is not "
            + "followed, because the token would go with it. Check TGSTAT_BASE_URL."),
        429 => OfTransport("TGStat gets too many calls (HTTP 429).", Later) with { Wait = BusyWait },
        408 or >= 500 => OfTransport($"TGStat failed (HTTP {status}){Shown(body, mask)}.", Later) with
        {
            MayPass = true,
        },
        401 or 403 => OfTransport($"TGSTAT_BASE_URL refuses the call (HTTP {status}){Shown(body, mask)}. "
            + "Check TGSTAT_BASE_URL and any proxy on the way."),
        _ => OfTransport($"TGSTAT_BASE_URL answers something that is not TGStat's (HTTP {status})"
            + $"{Shown(body, mask)}. Check TGSTAT_BASE_URL and any proxy on the way."),
    };

    private static TgstatFailure OfTransport(string what, string toDo = "") => new(what, toDo) { IsOfTransport = true };

    private static bool IsObject(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];

    private static string Shown(ReadOnlySpan<byte> body, TokenMask mask)
    {
        // More than is shown, so that a token at the edge is seen as a whole.
        var text = mask.Clean(Encoding.UTF8.GetString(body[..Math.Min(body.Length, 64 * ShownMax)]), ShownMax);
        return text.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $": {text}");
    }
}
