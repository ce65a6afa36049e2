namespace HeatUp.Tests.Loopback;

/// <summary>A test of as many accounts as an installation has, which sit side by side.</summary>
public abstract class ThreeAccountsTest : LoopbackTest
{
    protected static readonly (string Name, string Phone)[] Three =
        [("alice", Phone), ("bob", "+15550002222"), ("carol", "+15550003333")];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var (name, phone) in Three[1..]) await Telegram.AddAccountAsync(phone, name);
    }

    /// <summary>Logs all three in.</summary>
    protected Task LogInAllAsync() =>
        Task.WhenAll(Three.Select(account => LogInAsync(account.Name, account.Phone)));

    /// <summary>Begins a sitting; when this is done, another may be planned.</summary>
    private protected async Task<HeatTerminal> SitAsync(string account, params string[] plan)
    {
        await PlanAsync(plan);
        var sitting = OnTerminal("warmup", account);
        await sitting.UntilAsync("actions by");
        return sitting;
    }

    private protected static async Task<(int Code, string Shown)> EndedAsync(HeatTerminal sitting)
    {
        await using (sitting) return await sitting.EndedAsync();
    }
}
