using HeatUp.Channels.Sources;
using HeatUp.Testing;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Channels.Sources;

/// <summary>TGStat, and who asks it, on a clock on which waits of minutes are over at once.</summary>
internal sealed class TgstatWorld : IAsyncDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder folder = new();

    private TgstatWorld(StubTgstat stub) => Stub = stub;

    public StubTgstat Stub { get; }

    public ImpatientTime Clock { get; } = new(Noon, TimeSpan.FromMinutes(2));

    public List<TgstatProgress> Progress { get; } = [];

    public string LedgerPath => folder.File("calls.json");

    public static async Task<TgstatWorld> StartAsync() => new(await StubTgstat.StartAsync());

    public async Task<IReadOnlyList<SourcePart>> FetchAsync(params string[] categories) =>
        await FetchAsync(Options(categories));

    public async Task<IReadOnlyList<SourcePart>> FetchAsync(TgstatOptions options)
    {
        using var ledger = CallLedger.Open(LedgerPath, Clock);
        using var source = new TgstatSource(options, ledger, Clock, Progress.Add);
        return await source.FetchAsync(TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);
    }

    public async Task<TgstatPlan> PrepareAsync(TgstatOptions options)
    {
        using var ledger = CallLedger.Open(LedgerPath, Clock);
        using var source = new TgstatSource(options, ledger, Clock);
        return await source.PrepareAsync(TestContext.Current.CancellationToken);
    }

    public TgstatOptions Options(
        string[]? categories = null, string? country = null, string? language = null, int? budget = null,
        string token = StubTgstat.Token, Uri? url = null, TimeSpan? timeout = null) => new()
        {
            BaseUrl = url ?? Stub.BaseUrl,
            Token = token,
            Country = country,
            Language = language,
            Categories = categories ?? [],
            Budget = budget,
            CallTimeout = timeout ?? TimeSpan.FromHours(1),
        };

    public async Task<int> CallsInLedgerAsync()
    {
        using var ledger = CallLedger.Open(LedgerPath, Clock);
        return (await ledger.CallsAsync(TestContext.Current.CancellationToken)).Times.Count;
    }

    public void WriteLedger(params IEnumerable<DateTimeOffset> calls) =>
        File.WriteAllText(LedgerPath, System.Text.Json.JsonSerializer.Serialize(calls.Select(call => call.ToString("O"))));

    public async ValueTask DisposeAsync()
    {
        await Stub.DisposeAsync();
        folder.Dispose();
    }
}
