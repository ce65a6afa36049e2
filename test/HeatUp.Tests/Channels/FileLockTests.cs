using HeatUp.Channels;
using HeatUp.Channels.Sources;
using HeatUp.Runs.Validation;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Channels;

/// <summary>A turn by a file: another's is one thing, what the system refuses is another.</summary>
public sealed class FileLockTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OneHasTheTurnAndThenTheNext(bool isPrivate)
    {
        var path = folder.File("turn.lock");

        using (FileLock.TryTake(path, isPrivate).ShouldNotBeNull()) FileLock.TryTake(path, isPrivate).ShouldBeNull();

        File.Exists(path).ShouldBeTrue("whoever has opened it and whoever opens it next must meet the same file");
        using var next = FileLock.TryTake(path, isPrivate).ShouldNotBeNull();
    }

    [Fact]
    public void ATransientOneGoesWithTheTurnAndNeverGivesItToTwo()
    {
        var path = folder.File("turn.lock");
        var (had, taken) = (0, 0);

        Parallel.For(0, 4000, _ =>
        {
            using var turn = FileLock.TryTake(path, isTransient: true);
            if (turn is null) return;
            Interlocked.Increment(ref taken);
            Interlocked.Increment(ref had).ShouldBe(1);
            Interlocked.Decrement(ref had);
        });

        taken.ShouldBeGreaterThan(1);
        File.Exists(path).ShouldBeFalse();
    }

    [Fact]
    public void AFileThatAnotherUserHasMadeIsEnoughForATurn()
    {
        var path = folder.Write("turn.lock", "");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead);

        using (FileLock.TryTake(path).ShouldNotBeNull()) FileLock.TryTake(path).ShouldBeNull();
    }

    [Fact]
    public void WhatTheSystemRefusesIsToldAsWhatItIs()
    {
        folder.Write("file", "");

        Should.Throw<IOException>(() => FileLock.TryTake(folder.Path));
        Should.Throw<DirectoryNotFoundException>(() => FileLock.TryTake(folder.File("nowhere/turn.lock")));
        Should.Throw<IOException>(() => FileLock.TryTake(folder.File("file/turn.lock")));
    }

    [Fact]
    public void NobodyTakesAnObstacleForAnotherProcess()
    {
        var channels = folder.Write("channels.json", "[]");
        foreach (var file in (string[])["channels.json.lock", "channels.json.validation.lock", "calls.json.lock"])
            Directory.CreateDirectory(folder.File(file));

        string[] said =
        [
            Should.Throw<ChannelFileException>(() => ChannelFileWriter.Update(channels, entries => entries)).Message,
            Should.Throw<ChannelFileException>(() =>
                new ChannelValidation(channels, null!, TimeProvider.System).TryBegin(new ValidationOptions())).Message,
            Should.Throw<IOException>(() => CallLedger.Open(folder.File("calls.json"), TimeProvider.System)).Message,
        ];

        said.ShouldAllBe(text => text.Contains("is a folder", StringComparison.Ordinal));
        said.ShouldAllBe(text => !text.Contains("another process", StringComparison.Ordinal));
    }
}
