using HeatUp.TdLib;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Tests.TdLib;

/// <summary>Finding the native library, and saying what to do where it isn't.</summary>
public sealed class TdLibraryFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TheSettingNamesTheFileOrItsFolder()
    {
        var file = folder.Write(TdLibraryFile.Name, "");

        Find(file).ShouldBe(file);
        Find(folder.Path).ShouldBe(file);
        TdLibraryFile.Find(TdLibraryFile.Name, "/nowhere", "/nowhere", folder.Path).ShouldBe(file, "relative to the working folder");
    }

    [Fact]
    public void WithoutItTheUsualPlacesAreTriedInTheirOrder()
    {
        Find(null).ShouldBe(TdLibraryFile.Name, "the system may know it");

        var installed = Directory.CreateDirectory(folder.File("own/node_modules/@prebuilt-tdlib/linux-x64-glibc")).FullName;
        var fromNpm = Path.Combine(installed, TdLibraryFile.Name);
        File.WriteAllText(fromNpm, "");
        Find("").ShouldBe(fromNpm);

        Directory.CreateDirectory(folder.File("program"));
        var beside = folder.Write($"program/{TdLibraryFile.Name}", "");
        Find(null).ShouldBe(beside, "beside the program");
    }

    [Fact]
    public void AFolderThatSomebodyHappensToBeInIsNotTrustedWithCodeAndThatIsSaid()
    {
        Directory.CreateDirectory(folder.File("here/node_modules/@prebuilt-tdlib/linux-x64-glibc"));
        var lying = folder.Write(Path.Combine("here/node_modules/@prebuilt-tdlib/linux-x64-glibc", TdLibraryFile.Name), "");

        Find(null).ShouldBe(TdLibraryFile.Name);
        TdLibraryFile.NotLoadedFrom(folder.File("here")).ShouldContain($"{lying} is not loaded");
        TdLibraryFile.NotLoadedFrom(folder.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("gone.so", "TDLIB_PATH is {0}/here/gone.so, but there is no such file or folder.")]
    [InlineData("..", "TDLIB_PATH is the folder {0}/, but there is no libtdjson.so in it.")]
    public void ASettingThatNamesNothingIsSaidInOneLine(string setting, string said)
    {
        Directory.CreateDirectory(folder.File("here"));

        Should.Throw<TdLibraryException>(() => Find(setting)).Message
            .ShouldBe(string.Format(null, said, folder.Path).Replace("/,", ",", StringComparison.Ordinal)
                .Replace("libtdjson.so", TdLibraryFile.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void WhatIsNoLibraryIsSaidWithHowToGetOne()
    {
        var file = folder.Write("text.so", "This is not it.");

        var fault = Should.Throw<TdLibraryException>(() => NativeExports.Load(file));

        fault.Message.ShouldStartWith($"{file} can't be loaded");
        fault.Message.ShouldContain("TDLIB_PATH");
        fault.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void AnotherLibraryIsNotTakenForIt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It takes a library that every Linux has.");

        Should.Throw<TdLibraryException>(() => NativeExports.Load("libc.so.6")).Message
            .ShouldStartWith("libc.so.6 is not TDLib's JSON library");
    }

    [Fact]
    public void ALibraryThatIsNowhereIsSaidWithHowToGetIt()
    {
        var fault = Should.Throw<TdLibraryException>(() => NativeExports.Load("libtdjson-of-nobody.so"));

        fault.Message.ShouldStartWith("Telegram needs libtdjson-of-nobody.so, which is not on this machine. ");
        fault.Message.ShouldContain(OperatingSystem.IsLinux() ? "/heat-up @prebuilt-tdlib/linux-x64-glibc@" : "TDLIB_PATH");
    }

    [Fact]
    public void ASecondFileIsNotLoadedBesideTheFirst()
    {
        var loaded = RealTdLib.Native.Path;

        Should.Throw<TdLibraryException>(() => NativeTdJson.Load("other.so", NullLogger.Instance)).Message
            .ShouldBe($"other.so can't be loaded beside {loaded}, which is loaded.");
    }

    [Fact]
    public void TheInstalledVersionIsTheTestedOne() => RealTdLib.Native.Version.ShouldBe(TdLibrary.TestedVersion);

    private string Find(string? setting) => TdLibraryFile.Find(setting, folder.File("program"), folder.File("own"), folder.File("here"));
}
