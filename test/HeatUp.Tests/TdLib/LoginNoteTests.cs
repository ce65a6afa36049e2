using HeatUp.TdLib.Login;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.TdLib;

/// <summary>Where a login stood, and for how long that holds.</summary>
public sealed class LoginNoteTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("WaitCode", 5)]
    [InlineData("WaitEmailAddress", 5)]
    [InlineData("WaitEmailCode", 5)]
    [InlineData("WaitOtherDevice", 5)]
    [InlineData("WaitPassword", 24 * 60)]
    public void WhatWaitsForTooLongBeginsAnew(string state, int minutes)
    {
        new LoginNote(state, FakeTime.Noon).Write(folder.Path);
        var last = FakeTime.Noon.AddMinutes(minutes);

        LoginNote.In(folder.Path, last).ShouldBe(new LoginNote(state, FakeTime.Noon));
        LoginNote.In(folder.Path, last.AddSeconds(1)).ShouldBe(new LoginNote("WaitPhoneNumber", FakeTime.Noon));
    }

    [Theory]
    [InlineData("WaitPhoneNumber")]
    [InlineData("Ready")]
    public void WhatTelegramDoesNotForgetStays(string state)
    {
        new LoginNote(state, FakeTime.Noon).Write(folder.Path);

        LoginNote.In(folder.Path, FakeTime.Noon.AddDays(30)).ShouldNotBeNull().State.ShouldBe(state);
    }

    [Fact]
    public void WhereNothingIsNotedThereIsNone()
    {
        LoginNote.In(folder.Path, FakeTime.Noon).ShouldBeNull();
        LoginNote.In(folder.File("nowhere"), FakeTime.Noon).ShouldBeNull();
        folder.Write("login", "something else");
        LoginNote.In(folder.Path, FakeTime.Noon).ShouldBeNull();
    }

    [Fact]
    public void WhatTheSystemRefusesIsToldWithWhatToDo()
    {
        Directory.CreateDirectory(folder.File("login"));

        foreach (var use in (Action[])[
            () => LoginNote.In(folder.Path, FakeTime.Noon), () => new LoginNote("Ready", FakeTime.Noon).Write(folder.Path)])
            Should.Throw<IOException>(use).Message.ShouldContain("login can't be used: ");
    }
}
