using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using HeatUp.Plans;
using HeatUp.Plans.Llm;
using Microsoft.Extensions.AI;

namespace HeatUp.Simulations;

/// <summary>
/// A line of a cassette, one of three: the head (<see cref="Format"/>, <see cref="Model"/>), a message with which many
/// prompts begin (<see cref="Prefix"/>, <see cref="Text"/>), or an exchange (<see cref="Key"/>, the hash of its <see
/// cref="Prefix"/>, the messages after that, and what came of it).
/// </summary>
internal sealed record CassetteLine
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public int? Format { get; init; }

    public string? Model { get; init; }

    public string? Key { get; init; }

    public string? Prefix { get; init; }

    public string? Text { get; init; }

    public ImmutableArray<Message>? Messages { get; init; }

    public ReplyPart? Reply { get; init; }

    public FailurePart? Failure { get; init; }

    public long? Spent { get; init; }

    public long? RefusedAt { get; init; }

    /// <summary>The line of an exchange.</summary>
    public static CassetteLine Of(
        CassetteKey key, CassetteKey prefix, IReadOnlyList<ChatMessage> messages, in CassetteEntry entry) => new()
        {
            Key = key.ToString(),
            Prefix = prefix.ToString(),
            Messages = [.. messages.Skip(1).Select(message => new Message(message.Role.Value, message.Text))],
            Reply = entry.Answer.Reply is { } reply ? ReplyPart.Of(reply) : null,
            Failure = entry.Answer.Failure is { } failure ? new FailurePart(failure.Code, failure.Detail) : null,
            Spent = entry.Spent,
            RefusedAt = entry.RefusedAt,
        };

    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static CassetteLine Read(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize<CassetteLine>(utf8, Json) ?? throw new JsonException("The line is null.");

    /// <summary>The line as UTF-8, with its line feed.</summary>
    public byte[] Write() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Json), (byte)'\n'];

    /// <summary>What came of the exchange.</summary>
    /// <exception cref="JsonException">The line is not an exchange's.</exception>
    public CassetteEntry ToEntry()
    {
        if (Reply is null == Failure is null) throw new JsonException("An exchange has a reply or a failure.");
        var failure = Failure is null ? null : new LlmFailure(Failure.Code, Failure.Text);
        return new CassetteEntry(new LlmAnswer(Reply?.ToReply(), failure), Spent ?? 0, RefusedAt);
    }

    internal sealed record Message(string Role, string Text);

    internal sealed record FailurePart(string Code, string Text);

    internal sealed record ReplyPart(string Text, ReplyEnd End, long Input, long Output, long Cached)
    {
        public static ReplyPart Of(LlmReply reply) =>
            new(reply.Text, reply.End, reply.Tokens.Input, reply.Tokens.Output, reply.Tokens.Cached);

        public LlmReply ToReply() => new(Text, End, new TokenUsage(Input, Output, Cached));
    }
}
