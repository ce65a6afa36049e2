using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Heat.Configuration;
using HeatUp.Sessions;

namespace Heat.Shell;

/// <summary>Asks a running node, which HEAT_URL names.</summary>
internal sealed class NodeClient : IDisposable
{
    private readonly HttpClient http;

    public NodeClient(Settings settings)
    {
        Url = settings.NodeUrl;
        // A plan of a model may take minutes.
        http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromMinutes(10) };
        if (settings.ApiToken is { } token)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
    }

    public Uri Url { get; }

    public void Dispose() => http.Dispose();

    /// <summary>Answers as soon as the headers are there.</summary>
    /// <exception cref="StoreException">Nobody answers.</exception>
    public async Task<HttpResponseMessage> AskAsync(
        HttpMethod method, string path, CancellationToken cancellation, HttpContent? body = null)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body };
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException)
        {
            throw new StoreException(
                $"No node answers at {SettingsRules.NodeName}={Url} ({failure.Message}). "
                + "Start one with 'heat serve', or name one that runs.", failure);
        }
    }

    /// <summary>The JSON of an answer; null if it has none.</summary>
    public static async Task<JsonDocument?> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try { return JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation)); }
        catch (JsonException) { return null; }
    }

    /// <summary>A text of an answer's object; null if it has none.</summary>
    public static string? TextOf(JsonDocument? told, string name) =>
        told?.RootElement.ValueKind == JsonValueKind.Object && told.RootElement.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
