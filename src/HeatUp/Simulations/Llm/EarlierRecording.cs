using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using HeatUp.Plans;
using HeatUp.Plans.Llm;
using Microsoft.Extensions.AI;

namespace HeatUp.Simulations;

/// <summary>
/// A recording of an earlier version: lines of JSON, of three kinds: the head (<c>format</c>, <c>model</c>), a message
/// with which many prompts begin (<c>prefix</c>, its hash, and <c>text</c>), and an exchange (<c>key</c>, the hash of
/// its prefix, the messages after that, and what came of it). It is read only.
/// </summary>
internal static class EarlierRecording
{
    private const int Format = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Where a run's folder has it, if it has one.</summary>
    public static string PathIn(string runFolder) => Path.Combine(runFolder, "cassette", "exchanges.ndjson");

    /// <summary>Reads it, in its order. A crash may have torn its last line, which is passed over then.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="beginFor">Told the model, before anything else.</param>
    /// <param name="add">Told each exchange.</param>
    /// <exception cref="RecordingException">It is damaged, or of a newer format.</exception>
    public static void Read(
        string path, Action<string> beginFor, Action<string, IReadOnlyList<ChatMessage>, RecordingEntry> add)
    {
        Dictionary<string, string> openings = [];
        Exception? broken = null;
        var number = 0;
        foreach (var text in File.ReadLines(path))
        {
            // A crash can leave the last line as garbage, even with an end; an earlier one is something else.
            if (broken is not null) throw new RecordingException(
                $"{path} is damaged at line {number}: {broken.Message} Put a sound copy in its place.", broken);
            number++;
            try
            {
                Take(JsonSerializer.Deserialize<Line>(text, Json) ?? throw new JsonException("The line is null."));
            }
            catch (Exception failure) when (failure is JsonException or KeyNotFoundException)
            {
                broken = failure;
            }
        }

        void Take(Line line)
        {
            if (line.Format > Format) throw RecordingFile.Newer(path, line.Format.Value, Format);
            if (line.Format is not null) beginFor(line.Model ?? throw new JsonException("The head names no model."));
            else if (line.Text is not null) openings[line.Prefix ?? ""] = line.Text;
            else add(
                line.Key ?? throw new JsonException("An exchange has a key."),
                [
                    new(ChatRole.System, openings[line.Prefix ?? ""]),
                    .. line.Messages.GetValueOrDefault([])
                        .Select(one => new ChatMessage(new ChatRole(one.Role), one.Text)),
                ],
                line.ToEntry());
        }
    }

    private sealed record Line
    {
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

        public RecordingEntry ToEntry()
        {
            if (Reply is null == Failure is null) throw new JsonException("An exchange has a reply or a failure.");
            var failure = Failure is null ? null : new LlmFailure(Failure.Code, Failure.Text);
            return new RecordingEntry(new LlmAnswer(Reply?.ToReply(), failure), Spent ?? 0, RefusedAt);
        }
    }

    private sealed record Message(string Role, string Text);

    private sealed record FailurePart(string Code, string Text);

    private sealed record ReplyPart(string Text, ReplyEnd End, long Input, long Output, long Cached)
    {
        public LlmReply ToReply() => new(Text, End, new TokenUsage(Input, Output, Cached));
    }
}
