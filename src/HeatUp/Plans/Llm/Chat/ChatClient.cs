using System.Net.Http.Headers;
using System.Net.Mime;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using HeatUp.Plans.Replies;
using Microsoft.Extensions.AI;

namespace HeatUp.Plans.Llm;

/// <summary>
/// Speaks OpenAI's chat completions with any server that calls itself compatible. It sends what it is given and nothing
/// more, and needs of an answer only what it uses. Thread-safe.
/// </summary>
internal sealed class ChatClient : IChatClient
{
    /// <summary>The most bytes of an answer that are read: a thousand times what a plan takes.</summary>
    public const int AnswerBytesMax = 8 * 1024 * 1024;

    private const string Completions = "/chat/completions";

    private readonly HttpClient http;
    private readonly Uri endpoint;
    private readonly AuthenticationHeaderValue? authorization;
    private readonly string model;

    /// <summary>A client of one model.</summary>
    /// <param name="options">The server, its key, the model.</param>
    /// <param name="http">How it is reached; the client doesn't dispose of it.</param>
    public ChatClient(LlmOptions options, HttpClient http)
    {
        (this.http, model) = (http, options.Model);
        endpoint = EndpointOf(options.BaseUrl);
        authorization = string.IsNullOrEmpty(options.ApiKey) ? null : new("Bearer", options.ApiKey);
    }

    /// <inheritdoc/>
    /// <exception cref="ChatRefusal">The server answers with an error.</exception>
    /// <exception cref="ChatUnreadable">It answers with something else.</exception>
    /// <exception cref="HttpRequestException">It can't be reached.</exception>
    /// <exception cref="IOException">It stops in the middle.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new ByteArrayContent(ChatRequest.Write(model, messages, options)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        request.Headers.Authorization = authorization;
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("HeatUp", null));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaTypeNames.Application.Json));
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var (body, broke) = await ReadAsync(answer.Content, cancellationToken);
        if (!answer.IsSuccessStatusCode) throw ChatErrors.Of(answer, body);
        return broke is null ? ChatReply.Read(body) : WholeAllTheSame(body) ?? throw broke;
    }

    /// <summary>Asks which models the server has, which costs nothing. Null if it lists none.</summary>
    /// <inheritdoc cref="GetResponseAsync"/>
    public async Task<IReadOnlyList<string>?> ListModelsAsync(CancellationToken cancellation)
    {
        var address = new UriBuilder(endpoint);
        address.Path = $"{address.Path[..^Completions.Length]}/models";
        using var request = new HttpRequestMessage(HttpMethod.Get, address.Uri);
        request.Headers.Authorization = authorization;
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("HeatUp", null));
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        var (body, broke) = await ReadAsync(answer.Content, cancellation);
        // Servers that know chat completions only.
        if ((int)answer.StatusCode is 404 or 405 or 501) return null;
        if (!answer.IsSuccessStatusCode) throw ChatErrors.Of(answer, body);
        if (broke is not null) throw broke;
        return ChatJson.Values(body) is [var list, ..] && ChatJson.Field(list, "data") is { } data
            && data.ValueKind == JsonValueKind.Array
            ? [.. data.EnumerateArray().Select(model => ChatJson.Text(ChatJson.Field(model, "id"))).OfType<string>()]
            : null;
    }

    /// <summary>The reply of an answer that broke off, if the plan is in it: it has been paid for.</summary>
    private static ChatResponse? WholeAllTheSame(string body)
    {
        try
        {
            return ChatReply.Read(body) is var reply && ReplyJson.HasPlan(reply.Text) ? reply : null;
        }
        catch (Exception fault) when (fault is ChatRefusal or ChatUnreadable)
        {
            return null;
        }
    }

    /// <summary>Not used: a plan is read when it is whole.</summary>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var whole = await GetResponseAsync(messages, options, cancellationToken);
        foreach (var update in whole.ToChatResponseUpdates()) yield return update;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    /// <inheritdoc/>
    public void Dispose() { }

    private static Uri EndpointOf(Uri baseUrl)
    {
        // What stands after a question mark, such as a version, belongs to every request.
        var address = new UriBuilder(baseUrl);
        var path = address.Path.TrimEnd('/');
        // Some providers' pages show the whole address.
        address.Path = path.EndsWith(Completions, StringComparison.OrdinalIgnoreCase) ? path : path + Completions;
        return address.Uri;
    }

    /// <summary>What came, and what broke it off.</summary>
    private static async Task<(string Body, Exception? Broke)> ReadAsync(
        HttpContent content, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        using var bytes = new MemoryStream();
        var part = new byte[16 * 1024];
        Exception? broke = null;
        try
        {
            for (int read; !IsAtEndOfEvents(bytes) && (read = await stream.ReadAsync(part, cancellation)) > 0;)
            {
                if (bytes.Length + read > AnswerBytesMax)
                    throw new ChatUnreadable($"It has more than {AnswerBytesMax / (1024 * 1024)} MiB.");
                bytes.Write(part, 0, read);
            }
        }
        // Whoever doesn't end what is whole, or is too slow with it, has been paid all the same; and a status counts
        // also without its body. Brotli's decoder throws InvalidOperationException where others throw InvalidData.
        catch (Exception fault) when (fault is IOException or InvalidDataException or InvalidOperationException
            || (fault is OperationCanceledException && bytes.Length > 0))
        {
            broke = fault;
        }
        return (Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length), broke);
    }

    /// <summary>Whether the last event of a stream is there: some servers keep the connection open after it.</summary>
    private static bool IsAtEndOfEvents(MemoryStream bytes)
    {
        var end = bytes.GetBuffer().AsSpan(0, (int)bytes.Length).TrimEnd("\r\n"u8);
        return end.EndsWith("\ndata: [DONE]"u8) || end.EndsWith("\ndata:[DONE]"u8);
    }
}
