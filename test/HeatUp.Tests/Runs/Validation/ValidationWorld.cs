using System.Text.Json;
using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Validation;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Runs.Validation;

/// <summary>A file of channels <c>@channel00</c> and on, a Telegram that says what the test wants, and a clock.</summary>
internal sealed class ValidationWorld : IDisposable
{
    private readonly TempFolder folder = new();

    public ValidationWorld(int channels = 10)
    {
        Telegram = new ScriptedTelegram(Clock) { LookUp = name => Answers.GetValueOrDefault(name, Fine(name)) };
        Path = folder.Write("channels.json", JsonSerializer.Serialize(Enumerable.Range(0, channels)
            .Select(number => new { username = Name(number).Value, category = "News", subscribers = 100, note = "kept" })));
        Validation = new ChannelValidation(Path, Telegram, Clock);
    }

    public FakeTimeProvider Clock { get; } = FakeTime.AtNoon();

    public ScriptedTelegram Telegram { get; }

    public string Path { get; }

    public ChannelValidation Validation { get; }

    /// <summary>What look-ups answer; other names lead to channels that are as listed.</summary>
    public Dictionary<ChannelName, LookUp> Answers { get; } = [];

    public IReadOnlyList<ListedChannel> Entries => ChannelFile.Read(Path).Entries;

    public IReadOnlyList<string> LookedUp =>
        [.. Telegram.Asked.Where(asked => asked.StartsWith("look up ", StringComparison.Ordinal)).Select(asked => asked[8..])];

    public static ChannelName Name(int number) => ChannelName.Parse($"@channel{number:00}");

    public static LookUp Fine(ChannelName name) => new(new FoundChat(ChatKind.Channel, name, "Title", 100, false), null);

    public static LookUp Refused(int code, string message) => new(null, new TelegramError(code, message).ToOutcome(FakeTime.Noon));

    public static LookUp Gone => Refused(400, "USERNAME_NOT_OCCUPIED");

    public ListedChannel Entry(int number) => Entries.Single(entry => entry.Channel.Name == Name(number));

    public async Task<ValidationSummary> PassAsync(
        ValidationOptions? options = null, Action<ValidationEvent>? onEvent = null, CancellationTokenSource? cancel = null)
    {
        using var pass = Validation.TryBegin(options ?? new()).ShouldNotBeNull();
        var last = default(ValidationEvent);
        await Clock.RunAsync(RunAsync());
        return last.ShouldBeOfType<ValidationEvent.Ended>().Summary;

        async Task RunAsync()
        {
            await foreach (var happening in pass.RunAsync(cancel?.Token ?? TestContext.Current.CancellationToken)) {
                last = happening;
                onEvent?.Invoke(happening);
            }
        }
    }

    public void Dispose() => folder.Dispose();
}
