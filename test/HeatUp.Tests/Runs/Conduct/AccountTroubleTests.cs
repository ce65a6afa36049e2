using static HeatUp.Tests.Runs.Conduct.ConductWorld;

namespace HeatUp.Tests.Runs.Conduct;

/// <summary>What the system refuses is said as what it is, with what to do; and meanwhile nothing is done.</summary>
public sealed class AccountTroubleTests : IDisposable
{
    private readonly ConductWorld world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task WhatIsInTheWayOfALockIsNoOtherProcess()
    {
        InTheWay("alice.sitting.lock");

        (await world.AdmitAsync()).Reason.ShouldNotBeNull().ShouldContain("alice.sitting.lock can't be read or written:");
        var said = (await world.ConnectAsync()).Failure.ShouldBeRefused();

        said.ShouldContain("the user that runs heat must own the file");
        said.ShouldNotContain("another process");
        world.Telegram.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task AFullDiskIsSaidAsOneAndStopsNobodyForGood()
    {
        world.FillDisk();

        var said = (await world.ConnectAsync()).Failure.ShouldBeRefused();

        said.ShouldContain("disk is full");
        said.ShouldContain("the disk must have room");
        world.Telegram.Asked.ShouldBeEmpty();
        world.EmptyDisk();
        world.Book.Find(Alice)!.Stopped.ShouldBeNull();
        await (await world.ConnectAsync()).Session.ShouldNotBeNull().DisposeAsync();
    }

    [Theory]
    [InlineData("accounts.db")]
    [InlineData("accounts.db-journal")]
    public async Task ABookThatCantBeWrittenIsRefusedWithTheReason(string file)
    {
        InTheWay(file);

        Should.Throw<IOException>(() => world.Book.Stop(Alice, "why")).Message.ShouldContain("can't be read or written:");
        (await world.ConnectAsync()).Failure.ShouldBeRefused().ShouldContain("No account does anything meanwhile.");
    }

    [Fact]
    public void ABookThatTheSystemDoesNotShowIsNotTakenForABrokenOne()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux' links fail like this.");
        File.Move(world.BookFile, world.BookFile + ".away");
        File.CreateSymbolicLink(world.BookFile, world.BookFile);

        Should.Throw<IOException>(() => world.Book.RefusalOf(Alice)).Message.ShouldContain("can't be read or written:");

        File.Move(world.BookFile + ".away", world.BookFile, overwrite: true);
        world.Book.Find(Alice)!.Stopped.ShouldBeNull();
    }

    /// <summary>A folder where a file should be fails for everybody, also for a user that may do anything.</summary>
    private void InTheWay(string file)
    {
        var path = Path.Combine(world.Folder, file);
        File.Delete(path);
        Directory.CreateDirectory(path);
    }
}
