using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace HeatUp.Channels.Sources;

/// <summary>
/// Counts the calls to TGStat of all who fetch by it. Each is written down before it is made, so that a crash makes
/// none free.
/// </summary>
public interface ICallLedger
{
    /// <summary>The calls that count now.</summary>
    /// <exception cref="IOException">They can't be read.</exception>
    ValueTask<CallsMade> CallsAsync(CancellationToken cancellation);

    /// <summary>Writes down a call that is about to be made.</summary>
    /// <param name="limit">The most calls in <see cref="CallsMade.Period"/>.</param>
    /// <param name="cancellation">Gives up; whether it was written down is then unknown.</param>
    /// <returns>Whether it may be made: false if it would be one too many, and nothing is written then.</returns>
    /// <exception cref="IOException">It can't be written: the call must not be made.</exception>
    ValueTask<bool> TryAddAsync(long limit, CancellationToken cancellation);
}

/// <summary>Calls that still count.</summary>
/// <param name="Times">When each was made, the oldest first.</param>
/// <param name="At">When they were counted.</param>
public sealed record CallsMade(IReadOnlyList<DateTimeOffset> Times, DateTimeOffset At)
{
    /// <summary>How long a call counts.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromDays(30);

    /// <summary>When so many calls will be free under a limit; now, if they are.</summary>
    /// <param name="count">The calls that are wanted.</param>
    /// <param name="limit">The most calls in <see cref="Period"/>.</param>
    /// <returns>The time; null if the limit is smaller than what is wanted, so that it never comes.</returns>
    public DateTimeOffset? FreeAt(int count, long limit)
    {
        if (count > limit) return null;
        var tooMany = Times.Count + count - limit;
        return tooMany <= 0 ? At : Times[(int)tooMany - 1] + Period;
    }
}

/// <summary>
/// The calls in a small file. Whoever has it open is the only one, over processes too; for one caller at a time.
/// </summary>
public sealed class CallLedger : ICallLedger, IDisposable
{
    /// <summary>The most calls in 30 days unless somebody says otherwise: those of a small plan.</summary>
    public const int CallsMaxDefault = 50;

    private const int BytesMax = 64 * 1024 * 1024;

    private readonly string path;
    private readonly TimeProvider clock;
    private readonly FileLock? turn;
    private ImmutableList<DateTimeOffset> calls;

    private CallLedger(string path, TimeProvider clock, FileLock? turn)
    {
        (this.path, this.clock, this.turn) = (path, clock, turn);
        calls = [.. Read(path, clock.GetUtcNow())];
    }

    /// <summary>Opens the file, which need not exist yet.</summary>
    /// <param name="path">Where it is, or will be.</param>
    /// <param name="clock">Says which calls still count.</param>
    /// <exception cref="IOException">It is no such file, can't be used, or another process has it open.</exception>
    public static CallLedger Open(string path, TimeProvider clock)
    {
        path = Path.GetFullPath(path);
        var turn = Lock(path);
        try
        {
            return new CallLedger(path, clock, turn);
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Looks at the file as it is now, and leaves its folder as it is: for a question, beside whoever has it open.
    /// </summary>
    /// <param name="path">Where it is, or will be.</param>
    /// <param name="clock">Says which calls still count.</param>
    /// <exception cref="IOException">It is no such file, or can't be read.</exception>
    public static CallLedger OpenToLook(string path, TimeProvider clock) => new(Path.GetFullPath(path), clock, null);

    /// <inheritdoc/>
    public ValueTask<CallsMade> CallsAsync(CancellationToken cancellation) =>
        new(new CallsMade(Current(), clock.GetUtcNow()));

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The file was opened to look at only.</exception>
    public ValueTask<bool> TryAddAsync(long limit, CancellationToken cancellation)
    {
        if (turn is null) throw new InvalidOperationException("This ledger is only looked at: no call may be made.");
        var counting = Current();
        if (counting.Count >= limit) return new(false);
        var next = counting.Add(clock.GetUtcNow());
        Write(next);
        calls = next;
        return new(true);
    }

    /// <inheritdoc/>
    public void Dispose() => turn?.Dispose();

    private ImmutableList<DateTimeOffset> Current()
    {
        var since = clock.GetUtcNow() - CallsMade.Period;
        return calls.RemoveAll(call => call <= since);
    }

    private static List<DateTimeOffset> Read(string path, DateTimeOffset now)
    {
        var (bytes, fault) = SmallFile.Read(path, BytesMax);
        if (fault == SmallFile.Missing) return [];
        if (fault is not null) throw Broken(path, fault);
        try
        {
            var times = JsonSerializer.Deserialize<string[]>(JsonText.WithoutMark(bytes).Span) ?? [];
            // A clock that was ahead for a while must not make calls count for ever.
            return [.. times.Select(Parse).Select(call => call < now ? call : now).Order()];
        }
        catch (Exception failure) when (failure is JsonException or FormatException)
        {
            throw Broken(path, "it is not a list of times.");
        }
    }

    private static DateTimeOffset Parse(string? text) => DateTimeOffset.Parse(text ?? "",
        CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private static IOException Broken(string path, string fault) => new(
        $"The ledger of calls {path} can't be used: {fault} Mend it; or remove it, and the calls in it don't count.");

    private void Write(IEnumerable<DateTimeOffset> times)
    {
        try
        {
            var text = JsonSerializer.Serialize(times.Select(
                time => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)));
            WholeFile.Write(path, Encoding.UTF8.GetBytes($"{text}\n"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The ledger of calls {path} can't be written: {FileTrouble.Of(failure)}", failure);
        }
    }

    private static FileLock Lock(string path)
    {
        if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
            throw new IOException($"The folder {folder} does not exist. Make it, or set CHANNELS_FILE.");
        try
        {
            if (FileLock.TryTake($"{path}.lock") is { } turn) return turn;
        }
        catch (IOException failure)
        {
            throw new IOException($"The ledger of calls {path} can't be written: {FileTrouble.Of(failure)}", failure);
        }
        throw new IOException(
            $"The ledger of calls {path} is in use by another process. Try again when that has ended.");
    }
}
