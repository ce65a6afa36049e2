using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace HeatUp.Testing;

/// <summary>What <see cref="StubLlm"/> and <see cref="StubTgstat"/> answer.</summary>
public sealed record StubReply
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>The body as it is sent.</summary>
    public required byte[] Body { get; init; }

    /// <summary>The body's type.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>The header that says when to come back; null for none.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>How the body is said to be compressed; null for not at all.</summary>
    public string? Encoding { get; init; }

    /// <summary>Where a redirection leads; null for none.</summary>
    public string? Location { get; init; }

    /// <summary>Whether the connection ends in the middle of the body.</summary>
    public bool IsCutOff { get; init; }

    /// <summary>Whether the connection stays open after the body.</summary>
    public bool StaysOpen { get; init; }

    /// <summary>Whether it never comes.</summary>
    public bool Holds { get; init; }

    /// <summary>A chat completion with this text.</summary>
    /// <param name="text">What the model says; null for a message without content.</param>
    /// <param name="finish">Why it stopped.</param>
    /// <param name="usage">The tokens that are reported; null for no report.</param>
    /// <param name="refusal">What it says instead of an answer.</param>
    public static StubReply Says(
        string? text, string finish = "stop", StubUsage? usage = null, string? refusal = null) =>
        new()
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(Completion(text, finish, usage ?? StubUsage.Usual, refusal)),
        };

    /// <summary>The same without a report of tokens, as some local servers answer.</summary>
    public static StubReply SaysWithoutUsage(string text) =>
        new() { Body = JsonSerializer.SerializeToUtf8Bytes(Completion(text, "stop", null, null)) };

    /// <summary>An error in the form of OpenAI's.</summary>
    public static StubReply Fails(int status, string message = "It failed.", string? retryAfter = null) => new()
    {
        Status = status,
        Body = JsonSerializer.SerializeToUtf8Bytes(new { error = new { message, type = "error", code = "error" } }),
        RetryAfter = retryAfter,
    };

    /// <summary>Something that is no chat completion.</summary>
    public static StubReply Raw(string body, string contentType = "text/html", int status = StatusCodes.Status200OK) =>
        new() { Status = status, Body = System.Text.Encoding.UTF8.GetBytes(body), ContentType = contentType };

    internal async Task WriteAsync(HttpResponse http)
    {
        http.StatusCode = Status;
        http.ContentType = ContentType;
        if (!StaysOpen) http.ContentLength = Body.Length + (IsCutOff ? 1 : 0);
        if (RetryAfter is not null) http.Headers.RetryAfter = RetryAfter;
        if (Encoding is not null) http.Headers.ContentEncoding = Encoding;
        if (Location is not null) http.Headers.Location = Location;
        await http.Body.WriteAsync(Body);
        if (IsCutOff || StaysOpen) await http.Body.FlushAsync();
        if (StaysOpen) await new TaskCompletionSource().Task.WaitAsync(http.HttpContext.RequestAborted);
    }

    private static Dictionary<string, object?> Completion(
        string? text, string finish, StubUsage? usage, string? refusal)
    {
        var message = new { role = "assistant", content = text, refusal };
        var completion = new Dictionary<string, object?>
        {
            ["id"] = "chatcmpl-stub",
            ["object"] = "chat.completion",
            ["created"] = 1700000000,
            ["model"] = "stub",
            ["choices"] = new[] { new { index = 0, message, finish_reason = finish } },
        };
        if (usage is not null) completion["usage"] = new
        {
            prompt_tokens = usage.Input,
            completion_tokens = usage.Output,
            total_tokens = usage.Input + usage.Output,
            prompt_tokens_details = new { cached_tokens = usage.Cached },
        };
        return completion;
    }
}

/// <summary>The tokens that a reply reports.</summary>
/// <param name="Input">Tokens in.</param>
/// <param name="Output">Tokens out.</param>
/// <param name="Cached">Tokens in that were cached.</param>
public sealed record StubUsage(long Input, long Output, long Cached)
{
    /// <summary>What a reply reports if nothing else is said.</summary>
    public static StubUsage Usual { get; } = new(2000, 200, 1920);
}
