using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace HeatUp.Testing;

/// <summary>A request that came to <see cref="StubLlm"/>.</summary>
/// <param name="Body">Its JSON.</param>
/// <param name="Authorization">The header of this name, or null.</param>
/// <param name="System">The system message.</param>
/// <param name="Messages">The messages after it.</param>
public sealed record StubRequest(byte[] Body, string? Authorization, string System, IReadOnlyList<string> Messages)
{
    /// <summary>The type of <c>response_format</c> that was asked for; null if none was.</summary>
    public string? ResponseFormat
    {
        get
        {
            using var json = JsonDocument.Parse(Body);
            return json.RootElement.TryGetProperty("response_format", out var format)
                ? format.GetProperty("type").GetString()
                : null;
        }
    }

    internal static async Task<StubRequest> ReadAsync(HttpRequest http)
    {
        using var bytes = new MemoryStream((int)(http.ContentLength ?? 0));
        await http.Body.CopyToAsync(bytes);
        var body = bytes.ToArray();
        using var json = JsonDocument.Parse(body);
        var messages = json.RootElement.GetProperty("messages").EnumerateArray().Select(TextOf).ToArray();
        var authorization = http.Headers.Authorization.FirstOrDefault();
        return new StubRequest(body, authorization, messages[0], messages[1..]);
    }

    private static string TextOf(JsonElement message)
    {
        var content = message.GetProperty("content");
        return content.ValueKind == JsonValueKind.String
            ? content.GetString()!
            : string.Concat(content.EnumerateArray().Select(part => part.GetProperty("text").GetString()));
    }
}
