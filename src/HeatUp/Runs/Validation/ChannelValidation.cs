using System.Collections.Concurrent;
using HeatUp.Channels;

namespace HeatUp.Runs.Validation;

/// <summary>
/// Keeps a file of channels true: looks its names up on Telegram. What is invalid leaves the pool with its reason, and
/// comes back when it is valid again. One pass at a time, over processes too. Thread-safe.
/// </summary>
/// <param name="place">Where the file is.</param>
/// <param name="telegram">Where names are looked up.</param>
/// <param name="clock">The time.</param>
public sealed class ChannelValidation(ChannelsPlace place, ITelegram telegram, TimeProvider clock)
{
    private readonly ConcurrentDictionary<ChannelName, byte> reported = new();

    /// <summary>Whether sittings have reported channels that nobody has looked at since.</summary>
    public bool HasReports => !reported.IsEmpty;

    internal ChannelsPlace Place => place;

    internal ITelegram Telegram => telegram;

    internal TimeProvider Clock => clock;

    /// <summary>Telegram asked to be left alone until then.</summary>
    internal (DateTimeOffset Until, TelegramError Why)? Wait { get; set; }

    /// <summary>Notes that a channel refused a sitting: it is looked up next. Answers at once.</summary>
    public void Report(ChannelName channel) => reported.TryAdd(channel, 0);

    /// <summary>Begins a pass; null if one goes on, here or in another process. Dispose it when it is over.</summary>
    /// <exception cref="ChannelFileException">There can't be a pass: no way into the file's folder.</exception>
    public ValidationPass? TryBegin(ValidationOptions options) =>
        Lock() is { } turn ? new ValidationPass(this, options, turn) : null;

    /// <summary>The channels that sittings have reported, which are forgotten by this.</summary>
    internal IReadOnlyList<ChannelName> TakeReports()
    {
        if (reported.IsEmpty) return [];
        var names = reported.Keys.Order().ToList();
        foreach (var name in names) reported.TryRemove(name, out _);
        return names;
    }

    private FileLock? Lock()
    {
        var file = System.IO.Path.GetFullPath(place.Path);
        try
        {
            return FileLock.TryTake($"{file}.validation.lock");
        }
        catch (IOException failure)
        {
            throw new ChannelFileException(
                $"Channels file {file} can't be checked: {FileTrouble.Of(failure)}", failure);
        }
    }
}
