using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs.Sandbox;
using HeatUp.Runs;
using HeatUp.Sessions.Sqlite;
using HeatUp.Sessions;
using HeatUp.TdLib.Api;
using HeatUp.TdLib;
using HeatUp.Testing.Peer;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.TdLib;

/// <summary>From the login to the second sitting that knows of the first, through TDLib's JSON boundary.</summary>
public sealed class WholePathTests : IDisposable
{
    private static readonly SessionId Alice = SessionId.Parse("alice");
    private static readonly ChannelName Durov = ChannelName.Parse("@durov");

    private readonly FakeTimeProvider clock = FakeTime.AtNoon();
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public Task ALoginASittingAndTheNextOne() => LiveAsync(null);

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task TheSameWhileTelegramTalksOfOtherThings(int seed)
    {
        var noise = new PeerNoise(new Seed((ulong)seed));
        await LiveAsync(noise);
        noise.Said.ShouldBeGreaterThan(50);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    private async Task LiveAsync(PeerNoise? noise)
    {
        var sandbox = new SandboxTelegram(
            () => ChannelPool.VerifiedOnly, clock, Pace.Real, new Seed(7), SandboxFaults.None);
        var peer = new ScriptedPeer(clock, sandbox) { Noise = noise };
        var (faults, told) = (new List<string>(), new List<string>());
        peer.AskedFor = json => faults.AddRange(BoundaryRules.Broken(json));
        peer.Heard = json => faults.AddRange(TdFields.FaultsOf(json));
        var owner = peer.Add(new PeerOwner("+15550001122") { Password = "secret" });
        var accounts = new TdAccounts(folder.File("accounts"));
        var library = peer.Library(NullLogger.Instance);
        await LogInAsync(library.Open(), accounts);

        var telegram = new AccountsAsTelegram(
            new TdLibTelegram(library, accounts, new TdApplication(17, "hash", IsTest: false), (_, _) => { }, clock), Alice);
        await using var store = await SqliteSessionStore.OpenAsync(
            folder.File("sessions.db"), TelegramMode.Sandbox, clock, NullLogger.Instance, Cancellation);
        var planner = new ScriptedPlanner(_ =>
        [
            new JoinChannel(Durov, "why"), new ReadMessages(Durov, TimeSpan.FromSeconds(8), "why"),
            new Idle(TimeSpan.FromSeconds(5), "why"),
        ]);
        for (var number = 1; number <= 2; number++)
        {
            var runner = new Runner(telegram, clock, Pace.Real, new Seed(7));
            var sittings = new SittingPath(store, planner, runner, clock).Sittings;
            var started = await PassAsync(sittings.StartAsync(Alice, Cancellation).AsTask());
            var sitting = started.ShouldBeOfType<SittingStart.Started>().Sitting;
            await PassAsync(sittings.RunAsync(sitting));
            sitting.Snapshot().Steps.ShouldAllBe(step => step.Outcome is Outcome.Done);
            var run = (await store.FindRunAsync(sitting.Id, Cancellation)).ShouldNotBeNull();
            told.AddRange(run.Steps.Select(step => step.Action.Kind));
            clock.Advance(TimeSpan.FromHours(6));
        }

        ScriptedPeer.IsFollowing(owner, Durov).ShouldBeTrue();
        var remembered = await store.RecallAsync(Alice, Cancellation);
        remembered.Joined.ShouldHaveSingleItem().Channel.ShouldBe(Durov);
        peer.Asked.Count(name => name == "joinChat").ShouldBe(1);
        peer.Asked.Count(name => name == "openChat").ShouldBe(2);
        // The second join found the account a member, and asked for nothing.
        told.ShouldBe([JoinChannel.Word, ReadMessages.Word, Idle.Word, JoinChannel.Word, ReadMessages.Word, Idle.Word]);
        Untold(peer.Asked, told).ShouldBeEmpty();
        peer.Asked.Count(name => name == "close").ShouldBe(3);
        peer.ViewsRaised.ShouldBe(0);
        faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("joinChat", ReadMessages.Word)]
    [InlineData("viewMessages", JoinChannel.Word)]
    public void AnActionThatIsNotInTheHistoryIsSeen(string asked, string told) =>
        Untold(["openChat", asked, "closeChat"], [told, Idle.Word]).ShouldBe([asked]);

    /// <summary>What was asked of Telegram that changes something there, and is not in the history.</summary>
    private static IEnumerable<string> Untold(IReadOnlyCollection<string> asked, IReadOnlyCollection<string> told) =>
        from pair in ((string Asked, string Told)[])[("joinChat", JoinChannel.Word), ("viewMessages", ReadMessages.Word)]
        where asked.Count(name => name == pair.Asked) > told.Count(word => word == pair.Told)
        select pair.Asked;

    private async Task LogInAsync(TdClient client, TdAccounts accounts)
    {
        var start = new SetTdlibParameters(false, accounts.Make(Alice), accounts.Key(), 17, "hash");
        await AskAsync(client, start);
        await AskAsync(client, new SetAuthenticationPhoneNumber("+15550001122"));
        await AskAsync(client, new CheckAuthenticationCode("12345"));
        await AskAsync(client, new CheckAuthenticationPassword("secret"));
        client.State.ShouldBeOfType<AuthorizationState.Ready>();
        await client.CloseAsync();
    }

    private async Task AskAsync(TdClient client, TdRequest<Ok> request) =>
        (await clock.RunAsync(client.SendAsync(request, RunLimits.AnswerWithin, Cancellation))).IsOk.ShouldBeTrue();

    /// <summary>Lets time pass slowly: the file is written in a time that isn't the test's.</summary>
    private async Task<T> PassAsync<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            try
            {
                await ((Task)work).WaitAsync(TimeSpan.FromMilliseconds(1), Cancellation);
            }
            catch (TimeoutException)
            {
                // More time is needed.
            }
        }
        return await work;
    }
}
