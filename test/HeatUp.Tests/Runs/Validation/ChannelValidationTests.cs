using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Validation;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Runs.Validation;

public sealed class ChannelValidationTests : IDisposable
{
    private readonly ValidationWorld world = new();

    public void Dispose() => world.Dispose();

    public static TheoryData<FoundChat?, string?, ChannelFault, string?> Faults => new()
    {
        { null, "400 USERNAME_NOT_OCCUPIED", ChannelFault.Gone, null },
        { null, "406 CHANNEL_PRIVATE", ChannelFault.Private, null },
        { new(ChatKind.Bot, Name(0), "A bot", 5, false), null, ChannelFault.NotAChannel, "it is a bot" },
        { new(ChatKind.Person, Name(0), "A person", null, false), null, ChannelFault.NotAChannel, "it is a person" },
        { new(ChatKind.Group, Name(0), "A group", 9, false), null, ChannelFault.NotAChannel, "it is a group" },
        { new(ChatKind.Channel, Other, "New", 90, false), null, ChannelFault.Renamed, "it is @other_name now" },
        { new(ChatKind.Channel, Name(0), "Bad", 90, true), null, ChannelFault.Restricted, null },
    };

    private static ChannelName Other => ChannelName.Parse("@other_name");

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task WhatIsInvalidLeavesThePoolWithItsReason(FoundChat? found, string? error, ChannelFault fault, string? detail)
    {
        world.Answers[Name(0)] = error is null
            ? new LookUp(found, null)
            : ValidationWorld.Refused(int.Parse(error[..3]), error[4..]);

        var summary = await world.PassAsync();

        summary.TakenOut.ShouldBe([new TakenOut(Name(0), fault, detail)]);
        summary.Stop.ShouldBeNull();
        var check = world.Entry(0).Check.ShouldNotBeNull();
        (check.Fault, check.Detail).ShouldBe((fault, detail));
        ChannelFile.Read(world.Path).Channels.Length.ShouldBe(9);
        world.Entries.Count(entry => entry.Check?.At >= FakeTime.Noon).ShouldBe(10);
        File.ReadAllText(world.Path).Split("\"note\": \"kept\"").Length.ShouldBe(11, "fields that nobody knows stay");
    }

    [Fact]
    public async Task WhatIsValidAgainComesBack()
    {
        world.Answers[Name(3)] = ValidationWorld.Gone;
        await world.PassAsync();
        world.Clock.Advance(TimeSpan.FromDays(1));
        (await world.PassAsync()).StillOut.ShouldBe(1);
        world.Entry(3).Check!.FaultSince!.Value.ShouldBeLessThan(FakeTime.Noon.AddHours(1), "since it was first seen");

        world.Answers.Clear();
        var summary = await world.PassAsync();

        summary.BackAgain.ShouldBe([Name(3)]);
        world.Entry(3).IsUsable.ShouldBeTrue();
        ChannelFile.Read(world.Path).Channels.Length.ShouldBe(10);
    }

    [Fact]
    public async Task ACountThatChangedIsTakenOver()
    {
        world.Answers[Name(2)] = new(new FoundChat(ChatKind.Channel, Name(2), "", 12_345, false), null);
        world.Answers[Name(4)] = new(new FoundChat(ChatKind.Channel, Name(4), "", 0, false), null);

        var summary = await world.PassAsync();

        summary.Recounted.ShouldBe(1);
        world.Entry(2).Channel.Subscribers.ShouldBe(12_345);
        world.Entry(4).Channel.Subscribers.ShouldBe(100, "0 is Telegram's word for unknown");
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 7)]
    public async Task MoreThanAFifthLeavesNone(int gone, int unchecked_)
    {
        for (var number = 0; number < gone; number++) world.Answers[Name(number)] = ValidationWorld.Gone;

        var summary = await world.PassAsync();

        ChannelFile.Read(world.Path).Channels.Length.ShouldBe(gone == 2 ? 8 : 10);
        summary.Stop?.Code.ShouldBe(ValidationStopCode.TooMany);
        (summary.Stop is null).ShouldBe(gone == 2);
        summary.TakenOut.Count.ShouldBe(gone == 2 ? 2 : 0);
        summary.Checked.ShouldBe(10 - unchecked_, "it stops there");
        if (gone == 3) summary.Stop!.Detail.ShouldContain("3 of 10 usable channels");
    }

    [Fact]
    public async Task PartsOfARoundTakeOutNoMoreThanAFifthTogether()
    {
        var part = new ValidationOptions { Limit = 2, CountedBack = TimeSpan.FromDays(7), NotSince = FakeTime.Noon };
        for (var number = 0; number < 6; number++) world.Answers[Name(number)] = ValidationWorld.Gone;

        (await world.PassAsync(part)).TakenOut.Count.ShouldBe(2);
        var second = await world.PassAsync(part with { NotSince = world.Clock.GetUtcNow().AddSeconds(-1) });

        second.Stop!.Code.ShouldBe(ValidationStopCode.TooMany);
        ChannelFile.Read(world.Path).Channels.Length.ShouldBe(8);
    }

    [Fact]
    public async Task TheLongestUncheckedIsFirst()
    {
        await world.PassAsync(new ValidationOptions { Limit = 4 });
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.PassAsync(new ValidationOptions { Limit = 8 });

        world.LookedUp.ShouldBe(new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1 }.Select(number => Name(number).Value));
    }

    [Theory]
    [InlineData(408, "No answer within 90 seconds", ValidationStopCode.Offline)]
    [InlineData(401, "SESSION_REVOKED", ValidationStopCode.AccountLost)]
    [InlineData(429, "Too Many Requests: retry after 86400", ValidationStopCode.MustWait)]
    public async Task WhatSaysNothingOfTheChannelEndsThePassAndTakesNothingOut(int code, string message, string reason)
    {
        world.Answers[Name(1)] = ValidationWorld.Gone;
        world.Answers[Name(5)] = ValidationWorld.Refused(code, message);

        var summary = await world.PassAsync();

        summary.Stop!.Code.ShouldBe(reason);
        summary.Checked.ShouldBe(5);
        world.Entry(1).IsUsable.ShouldBeFalse("what is known is written");
        world.Entry(5).Check.ShouldBeNull();
        world.Entry(6).Check.ShouldBeNull();
    }

    [Fact]
    public async Task AFloodWaitIsSatOutToTheSecond()
    {
        var until = FakeTime.Noon.AddSeconds(300);
        var asked = new List<DateTimeOffset>();
        world.Telegram.LookUp = name =>
        {
            if (name == Name(5)) asked.Add(world.Clock.GetUtcNow());
            return name == Name(5) && world.Clock.GetUtcNow() < until
                ? new LookUp(null, new Outcome.MustWait(until, new TelegramError(429, "FLOOD_WAIT_300")))
                : ValidationWorld.Fine(name);
        };

        var summary = await world.PassAsync();

        summary.Stop.ShouldBeNull();
        asked.Count.ShouldBe(2);
        asked[1].ShouldBeGreaterThanOrEqualTo(until);
    }

    [Fact]
    public async Task ALongFloodWaitHoldsForTheNextPassToo()
    {
        world.Answers[Name(0)] = ValidationWorld.Refused(429, "Too Many Requests: retry after 7200");
        await world.PassAsync();
        world.Answers.Clear();

        (await world.PassAsync()).Stop!.Code.ShouldBe(ValidationStopCode.MustWait);
        world.LookedUp.Count.ShouldBe(1);
        world.Clock.Advance(TimeSpan.FromHours(2));
        (await world.PassAsync()).Checked.ShouldBe(10);
    }

    [Fact]
    public async Task AnErrorThatNobodyKnowsIsNoVerdictAndManyInARowEndThePass()
    {
        using var large = new ValidationWorld(40);
        large.Answers[Name(0)] = ValidationWorld.Refused(500, "Internal");
        (await large.PassAsync()).Undecided.ShouldBe(1);
        large.Entry(0).Check.ShouldBeNull();

        large.Telegram.LookUp = _ => ValidationWorld.Refused(500, "Internal");
        var summary = await large.PassAsync();

        summary.Stop!.Code.ShouldBe(ValidationStopCode.NoAnswers);
        summary.Checked.ShouldBe(ValidationLimits.UndecidedMax);
    }

    [Fact]
    public async Task ADryRunWritesNothing()
    {
        world.Answers[Name(0)] = ValidationWorld.Gone;
        var before = File.ReadAllText(world.Path);

        (await world.PassAsync(new ValidationOptions { IsDryRun = true })).TakenOut.Count.ShouldBe(1);

        File.ReadAllText(world.Path).ShouldBe(before);
    }

    [Fact]
    public async Task WhatChangedInTheFileMeanwhileStays()
    {
        world.Answers[Name(1)] = ValidationWorld.Gone;
        var added = new ListedChannel(new Channel(Other, "New here", "Music", 7, null));

        await world.PassAsync(onEvent: happening =>
        {
            if (happening is ValidationEvent.Checked { Number: 3 })
                ChannelFileWriter.Update(world.Path, entries => [.. entries.Where(entry => entry.Channel.Name != Name(2)), added]);
        });

        world.Entries.ShouldContain(added);
        world.Entries.ShouldNotContain(entry => entry.Channel.Name == Name(2));
        world.Entry(1).IsUsable.ShouldBeFalse();
    }

    [Fact]
    public async Task ACancelledPassKeepsWhatItKnows()
    {
        using var cancel = new CancellationTokenSource();
        var summary = await world.PassAsync(
            onEvent: happening => { if (happening is ValidationEvent.Checked { Number: 4 }) cancel.Cancel(); },
            cancel: cancel);

        summary.Stop!.Code.ShouldBe(ValidationStopCode.Cancelled);
        world.Entries.Count(entry => entry.Check is not null).ShouldBe(4);
    }

    [Fact]
    public void OnePassAtATime()
    {
        var elsewhere = new ChannelValidation(world.Path, world.Telegram, world.Clock);
        using (world.Validation.TryBegin(new()).ShouldNotBeNull())
        {
            world.Validation.TryBegin(new()).ShouldBeNull();
            elsewhere.TryBegin(new()).ShouldBeNull();
        }
        elsewhere.TryBegin(new()).ShouldNotBeNull().Dispose();
    }

    [Fact]
    public async Task WhatSittingsReportIsLookedUpNextAndNotAgainAtOnce()
    {
        world.Validation.Report(Name(7));
        world.Validation.Report(ChannelName.Parse("@in_no_file"));
        await world.PassAsync(new ValidationOptions { Limit = 2 },
            happening => { if (happening is ValidationEvent.Checked { Number: 2 }) world.Validation.Report(Name(9)); });

        world.LookedUp.ShouldBe(["@channel07", "@channel00", "@channel09", "@channel01"]);
        world.Validation.Report(Name(7));
        await world.PassAsync(new ValidationOptions { Limit = 0 });
        world.LookedUp.Count.ShouldBe(4);
        world.Validation.HasReports.ShouldBeFalse();
    }

    [Fact]
    public async Task AFileThatCannotBeReadSaysSoAndStays()
    {
        File.WriteAllText(world.Path, "[{,}]");

        var summary = await world.PassAsync();

        summary.Stop!.Code.ShouldBe(ValidationStopCode.Unreadable);
        summary.Stop.Detail.ShouldContain(world.Path);
        File.ReadAllText(world.Path).ShouldBe("[{,}]");
    }

    private static ChannelName Name(int number) => ValidationWorld.Name(number);
}
