using HeatUp.Runs;
using HeatUp.TdLib;
using HeatUp.TdLib.Api;
using HeatUp.Tests.Runs.Conduct;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.TdLib;

/// <summary>An ear at a client, whose keeping waits or fails as the test says.</summary>
public sealed class AccountEarTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider clock = FakeTime.AtNoon();
    private readonly ScriptedTdJson json = new();
    private readonly ManualResetEventSlim mayKeep = new();
    private readonly FakeLogger log = new();
    private bool isFull;
    private readonly List<Outcome> kept = [];
    private readonly TdClient client;
    private readonly AccountEar ear;

    public AccountEarTests()
    {
        client = new TdClient(json, clock, NullLogger.Instance);
        ear = new AccountEar(SessionId.Parse("alice"), Keep, log);
        ear.ListenTo(client, clock);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        mayKeep.Set();
        mayKeep.Dispose();
    }

    [Fact]
    public async Task AnAnswerIsNotHeldUpByAKeepingThatWaits()
    {
        var asked = client.SendAsync(new GetMe(), Soon, Cancellation).AsTask();

        var events = Task.Run(
            () =>
            {
                Freeze(true);
                json.Answer(0, """{"@type":"user","id":777123,"first_name":"Owner" """);
            },
            Cancellation);

        (await asked.WaitAsync(Soon, Cancellation)).Reply.ShouldBe(new User(777123, "Owner"));
        await events;
        kept.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatCannotBeKeptIsLoggedAndKeptLater()
    {
        isFull = true;
        mayKeep.Set();
        Freeze(true);

        (await ear.KeepAsync()).ShouldNotBeNull().ShouldBeRefused().ShouldContain("No space left on device");
        log.Collector.GetSnapshot()[0].Message.ShouldContain("'alice'");
        log.LatestRecord.Message.ShouldContain("No space left on device");
        isFull = false;
        await ear.KeepAsync();

        kept.ShouldBe([new Outcome.AccountLost(TelegramError.AccountFrozen)]);
    }

    private void Freeze(bool isFrozen) => json.Say(
        $$"""{"@type":"updateFreezeState","is_frozen":{{(isFrozen ? "true" : "false")}},"@client_id":1}""");

    private void Keep(SessionId account, Outcome said)
    {
        mayKeep.Wait();
        if (isFull) throw new IOException("No space left on device");
        kept.Add(said);
    }
}
