using System.Security.Cryptography;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp.Simulations;

/// <summary>Reads what <see cref="HappeningWriter"/> wrote, once.</summary>
/// <param name="part">The bytes.</param>
/// <param name="planOf">The plan that a session follows.</param>
internal sealed class HappeningReader(byte[] part, Func<int, Plan> planOf) : IDisposable
{
    private readonly BinaryReader reader = new(new MemoryStream(part, writable: false));
    private readonly List<string> texts = [];
    private long at;

    /// <summary>The hash of all that had happened at the part's end; known when all was read.</summary>
    public byte[] Transcript { get; private set; } = [];

    /// <summary>What happened, in canonical order. A step's plan is asked for when the step is read.</summary>
    /// <exception cref="FormatException">The bytes are something else.</exception>
    public IEnumerable<Happening> ReadAll()
    {
        while (Explained(Read) is { What: not null } happening) yield return happening;
        Transcript = Explained(() => reader.ReadBytes(SHA256.HashSizeInBytes));
    }

    public void Dispose() => reader.Dispose();

    private Happening Read()
    {
        var kind = (HappeningKind)reader.ReadByte();
        if (kind == HappeningKind.EndOfPart) return default;
        at += reader.Read7BitEncodedInt64();
        var session = reader.Read7BitEncodedInt();
        return new Happening(at, session, kind switch
        {
            HappeningKind.Begin => ReadRun(session),
            HappeningKind.Step => ReadStep(session),
            HappeningKind.End => new RunEnd((RunStatus)reader.ReadByte(), ReadText(), ReadText()),
            _ => throw new FormatException($"There is no kind {kind}."),
        });
    }

    private RunRecord ReadRun(int session)
    {
        if (!RunId.TryParse(reader.ReadString(), out var id)) throw new FormatException("That is no run's name.");
        var sitting = reader.Read7BitEncodedInt();
        var startedAt = ReadTime();
        var origin = new PlanOrigin((PlannerKind)reader.ReadByte(), ReadText(), default);
        var actions = new PlannedAction[reader.Read7BitEncodedInt()];
        for (var i = 0; i < actions.Length; i++) actions[i] = ReadAction();
        return new RunRecord(
            id, Population.NameOf(session), sitting, new Plan(actions, origin), startedAt, [], null, null);
    }

    private PlannedAction ReadAction()
    {
        var (kind, channel) = (ReadText(), ReadText());
        var (duration, reason) = (TimeSpan.FromTicks(reader.Read7BitEncodedInt64()), ReadText() ?? "");
        return kind switch
        {
            JoinChannel.Word => new JoinChannel(ChannelName.Parse(channel!), reason),
            ReadMessages.Word => new ReadMessages(ChannelName.Parse(channel!), duration, reason),
            Idle.Word => new Idle(duration, reason),
            _ => throw new FormatException($"There is no action {kind}."),
        };
    }

    private Step ReadStep(int session)
    {
        var number = reader.Read7BitEncodedInt();
        var (startedAt, endedAt) = (ReadTime(), ReadTime());
        return new Step(number, planOf(session).Actions[number - 1], ReadOutcome(), startedAt, endedAt);
    }

    private Outcome ReadOutcome()
    {
        var word = ReadText();
        if (word == Outcome.Done.Plain.Word) return new Outcome.Done(reader.Read7BitEncodedInt());
        var (until, endsSitting) = word == "must_wait"
            ? (new DateTimeOffset(reader.Read7BitEncodedInt64(), TimeSpan.Zero), reader.ReadBoolean())
            : default;
        var error = new TelegramError(reader.Read7BitEncodedInt(), ReadText() ?? "");
        var outcome = OutcomeWords.Read(word, error, postsRead: 0, until);
        return outcome is Outcome.MustWait wait ? wait with { EndsSitting = endsSitting } : outcome;
    }

    private DateTimeOffset ReadTime() => new(at - reader.Read7BitEncodedInt64(), TimeSpan.Zero);

    private string? ReadText()
    {
        var number = reader.Read7BitEncodedInt();
        if (number == HappeningKinds.NoText) return null;
        if (number != HappeningKinds.NewText) return texts[number - HappeningKinds.FirstText];
        texts.Add(reader.ReadString());
        return texts[^1];
    }

    private static T Explained<T>(Func<T> read)
    {
        try { return read(); }
        catch (Exception odd) when (odd is EndOfStreamException or ArgumentException or IndexOutOfRangeException)
        {
            throw new FormatException("What another process sent of a population is not what was written.", odd);
        }
    }
}
