using System.Runtime.CompilerServices;
using HeatUp.Channels;

namespace HeatUp.Runs.Validation;

/// <summary>One pass over a file of channels. It keeps others from beginning until it is disposed.</summary>
public sealed class ValidationPass : IDisposable
{
    private readonly ChannelValidation validation;
    private readonly ValidationOptions options;
    private readonly FileLock turn;
    private readonly TimeProvider clock;
    private bool hasRun;

    internal ValidationPass(ChannelValidation validation, ValidationOptions options, FileLock turn)
    {
        (this.validation, this.options, this.turn) = (validation, options, turn);
        clock = validation.Clock;
    }

    /// <summary>
    /// Looks the channels up, those that sittings reported first, then the longest unchecked, and writes what it
    /// finds. Flood waits are obeyed. A pass that ends early writes what it knows; if more than a fifth of the usable
    /// channels would leave the pool, none does. The last event is <see cref="ValidationEvent.Ended"/>.
    /// </summary>
    /// <param name="cancellation">Ends the pass early.</param>
    /// <exception cref="ChannelFileException">What was found can't be written.</exception>
    /// <exception cref="InvalidOperationException">The pass has run.</exception>
    public async IAsyncEnumerable<ValidationEvent> RunAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (hasRun) throw new InvalidOperationException("A pass runs once.");
        hasRun = true;
        var file = ChannelFile.Read(validation.Place);
        var work = new ValidationWork(file, options, validation, clock.GetUtcNow());
        yield return new ValidationEvent.Began(work.Count);
        var stop = file.IsBroken ? new ValidationStop(ValidationStopCode.Unreadable, file.Warnings[0]) : null;
        stop ??= Unwaited();
        while (stop is null && work.Next() is { } entry)
        {
            if (work.Found.Checked > 0) await clock.Delay(options.Pause, cancellation);
            var answer = await validation.Telegram.LookUpAsync(entry.Channel.Name, cancellation);
            while (answer.Failure is Outcome.MustWait wait && (stop = Waits(wait)) is null)
            {
                yield return new ValidationEvent.Waiting(wait.Until);
                await clock.Delay(wait.Until - clock.GetUtcNow(), cancellation);
                answer = await validation.Telegram.LookUpAsync(entry.Channel.Name, cancellation);
            }
            stop ??= StopOf(answer.Failure);
            if (stop is not null) break;
            var verdict = ChannelVerdict.Of(entry.Channel.Name, answer);
            stop = work.Found.Add(entry, verdict, clock.GetUtcNow());
            yield return new ValidationEvent.Checked(entry, verdict, work.Found.Checked);
            if (work.Found.Checked % ValidationLimits.WriteEvery == 0) await WriteAsync(work.Found.TakeGood());
        }
        await WriteAsync(work.Found.TakeAll());
        yield return new ValidationEvent.Ended(work.Found.Summary(stop));
    }

    /// <summary>Lets others begin.</summary>
    public void Dispose() => turn.Dispose();

    /// <summary>What an earlier pass was told holds for this one too.</summary>
    private ValidationStop? Unwaited() =>
        validation.Wait is { } wait && wait.Until > clock.GetUtcNow() ? TooLong(wait.Until, wait.Why) : null;

    private ValidationStop? Waits(Outcome.MustWait wait)
    {
        validation.Wait = (wait.Until, wait.Why);
        return wait.Until - clock.GetUtcNow() > ValidationLimits.WaitMax ? TooLong(wait.Until, wait.Why) : null;
    }

    private static ValidationStop TooLong(DateTimeOffset until, TelegramError why) => new(ValidationStopCode.MustWait,
        $"Telegram asks to wait until {until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC ({why}). Check again after that.");

    private static ValidationStop? StopOf(Outcome? failure) => failure switch
    {
        Outcome.Cancelled => new(ValidationStopCode.Cancelled, "The check was ended before its last channel."),
        Outcome.AccountLost lost => new(ValidationStopCode.AccountLost,
            $"The account that looks can't go on ({lost.Why}). Log in again or look at it in an official app."),
        Outcome.Refused { Why: { Kind: TelegramErrorKind.Offline } why } => new(ValidationStopCode.Offline,
            $"Telegram can't be reached ({why}). Check again later."),
        Outcome.Refused { Why: { Kind: TelegramErrorKind.Conduct } why } =>
            new(ValidationStopCode.MustWait, $"{why.Message} Check again later."),
        _ => null,
    };

    /// <summary>
    /// Puts findings into the file as it is now. Another writer holds it for a moment only, so that a try or two more
    /// save a long pass.
    /// </summary>
    private async ValueTask WriteAsync(IReadOnlyDictionary<ChannelName, Finding> findings)
    {
        if (options.IsDryRun || findings.Count == 0) return;
        for (var tries = 1; ; tries++)
        {
            try
            {
                ChannelFileWriter.Update(validation.Place, entries => [.. entries.Select(entry => Merged(entry))]);
                return;
            }
            catch (ChannelFileException) when (tries < TriesMax)
            {
                // Told by the last try.
            }
            await clock.Delay(BetweenTries, CancellationToken.None);
        }

        ListedChannel Merged(ListedChannel entry) =>
            findings.TryGetValue(entry.Channel.Name, out var found) && !(entry.Check?.At > found.At)
                ? found.Verdict.On(entry, found.At)
                : entry;
    }

    private const int TriesMax = 3;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);
}
