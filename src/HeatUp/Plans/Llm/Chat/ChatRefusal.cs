using System.Net.Http.Headers;

namespace HeatUp.Plans.Llm;

/// <summary>
/// A server's answer that is no reply of a model: an error, also one that came with the status of success.
/// </summary>
/// <param name="status">The HTTP status, or the one that the answer itself names.</param>
/// <param name="words">What the server says, in its own words; empty if it says nothing.</param>
/// <param name="body">All that it sent, as text, for who looks for a parameter's name.</param>
internal sealed class ChatRefusal(int status, string words, string body) : Exception(words)
{
    /// <summary>The HTTP status, or the one that the answer itself names; 0 if it names none.</summary>
    public int Status => status;

    /// <summary>All that it sent.</summary>
    public string Body => body;

    /// <summary>Whether it came in an answer whose own status was one of success.</summary>
    public bool CameAsSuccess { get; init; }

    /// <summary>What a model had said all the same, such as JSON that a server's own check refused.</summary>
    public string? Salvaged { get; init; }

    /// <summary>What it took; zero if it doesn't say.</summary>
    public TokenUsage Tokens { get; } = ChatUsage.TokensIn(body);

    /// <summary>The answer's headers; null if it has none.</summary>
    public HttpResponseHeaders? Headers { get; init; }
}

/// <summary>An answer that is neither a reply nor an error.</summary>
/// <param name="words">What it is instead.</param>
internal sealed class ChatUnreadable(string words) : Exception(words);
