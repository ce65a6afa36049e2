using System.Text.Json;

namespace HeatUp.Plans.Llm;

/// <summary>Makes an exception of an answer whose status is no success.</summary>
internal static class ChatErrors
{
    public static ChatRefusal Of(HttpResponseMessage answer, string body)
    {
        var status = (int)answer.StatusCode;
        return new ChatRefusal(status, WordsOf(answer, body), body)
        {
            Headers = answer.Headers,
            Salvaged = SalvagedFrom(body),
        };
    }

    private static string WordsOf(HttpResponseMessage answer, string body)
    {
        var words = ServerWords.Of(body);
        // A redirection is not followed, because the key goes to the operator's address only.
        var elsewhere = (int)answer.StatusCode is >= 300 and < 400 ? answer.Headers.Location : null;
        var address = elsewhere is { IsAbsoluteUri: true } ? elsewhere.GetLeftPart(UriPartial.Path) : null;
        return address is null ? words : $"it has moved to {address} {words}".TrimEnd();
    }

    /// <summary>What a model said, if the server's own check of JSON refused it and shows it.</summary>
    private static string? SalvagedFrom(string body)
    {
        if (!body.Contains("failed_generation", StringComparison.Ordinal)) return null;
        var json = ChatJson.Values(body) is [var first, ..] ? first : default(JsonElement?);
        return ChatJson.Text(ChatJson.Field(json, "error", "failed_generation")
            ?? ChatJson.Field(json, "failed_generation"));
    }
}
