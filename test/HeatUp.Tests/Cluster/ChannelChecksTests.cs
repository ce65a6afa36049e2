using global::Heat.Accounts;
using global::Heat.Background;
using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Validation;
using HeatUp.Sessions.Postgres;
using HeatUp.Tests.Sessions.Postgres;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Cluster;

/// <summary>The weekly look at each channel, where several machines list the same ones.</summary>
public sealed class ChannelChecksTests(PostgresServer server) : IAsyncDisposable
{
    private readonly FakeTimeProvider clock = FakeTime.AtNoon();
    private readonly List<IAsyncDisposable> parts = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(parts)) await part.DisposeAsync();
    }

    [Fact]
    public async Task OneMachineMakesThePassOfAnHourForAllAndTheNextMayBeAnothers()
    {
        var address = await server.NewDatabaseAsync();
        // Whose pass it was, the time of a check says.
        HeatServer[] machines =
            [await MachineAsync(address, FakeTime.Noon), await MachineAsync(address, FakeTime.Noon.AddSeconds(7))];

        await PassTimeUntilAsync(() => machines.All(machine => Checks(machine).Count == 1));
        var (now, first) = (clock.GetUtcNow(), Checks(machines[0]).Single());
        (now - FakeTime.Noon).ShouldBeGreaterThanOrEqualTo(ChannelChecks.Every);
        Checks(machines[1]).ShouldBe([first]);
        await PassTimeUntilAsync(() => clock.GetUtcNow() > now + (2 * ChannelChecks.Every));
        foreach (var machine in machines) Checks(machine).ShouldBe([first], "by the database's clock the hour goes on");

        await PostgresServer.RunAsync(address, "UPDATE heat_up SET checks_at = checks_at - interval '1 hour'");
        await PassTimeUntilAsync(() => machines.All(machine => Checks(machine).Count == 2));
        Checks(machines[1]).ShouldBe(Checks(machines[0]));

        async Task PassTimeUntilAsync(Func<bool> isSo)
        {
            while (!isSo())
            {
                clock.Advance(TimeSpan.FromSeconds(5));
                // A request is answered, so that background work has its turn too.
                foreach (var machine in machines) await machine.GetAsync("/");
            }
        }
    }

    private static List<(ChannelName, ChannelCheck)> Checks(HeatServer machine) =>
    [
        .. ChannelFile.Read(machine.Folder.File("channels_data.json")).Entries
            .Where(entry => entry.Check is not null)
            .Select(entry => (entry.Channel.Name, entry.Check!)),
    ];

    /// <summary>
    /// A service whose own checks stand still with its clock, and others in their place, which share what they find.
    /// </summary>
    private async Task<HeatServer> MachineAsync(PostgresAddress address, DateTimeOffset now)
    {
        var heat = await HeatServer.StartAsync(clock: new FakeTimeProvider(now));
        var store = await PostgresSessionStore.OpenAsync(
            address, TelegramMode.Sandbox, clock, cancellation: TestContext.Current.CancellationToken);
        var checks = new ChannelChecks(heat.Part<TelegramInUse>(), heat.Part<ChannelPoolFile>(), heat.Part<ValidationDesk>(),
            heat.Part<IHostApplicationLifetime>(), clock, NullLogger<ChannelChecks>.Instance,
            new CheckExchange(heat.Folder.File("channels_data.json"), store.Channels));
        await checks.StartAsync(TestContext.Current.CancellationToken);
        parts.AddRange([heat, store, new Stopping(checks)]);
        return heat;
    }

    private sealed class Stopping(ChannelChecks checks) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await checks.StopAsync(CancellationToken.None);
            checks.Dispose();
        }
    }
}
