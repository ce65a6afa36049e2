namespace HeatUp.Tests;

/// <summary>What the runtime says of files, in sentences of ours. The failures are real ones.</summary>
public sealed class FileTroubleTests : IDisposable
{
    private readonly Support.TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AFileThatIsNotThere() => Of(() => File.ReadAllText(folder.File("a"))).ShouldBe(
        $"There is no file {folder.File("a")}. Look at its name and at the folder that you are in.");

    [Fact]
    public void AFolderThatIsNotThere() => Of(() => File.WriteAllText(folder.File("a/b"), "")).ShouldBe(
        $"The folder of {folder.File("a/b")} does not exist. Make it, or name another place.");

    [Fact]
    public void AFileInThePlaceOfAFolder()
    {
        folder.Write("a", "");
        Of(() => File.WriteAllText(folder.File("a/b"), "")).ShouldContain("a/b");
        Of(() => File.WriteAllText(folder.File("a/b"), "")).ShouldEndWith("or name another place.");
    }

    [Fact]
    public void AFolderInThePlaceOfAFile() => Of(() => File.ReadAllText(folder.Path)).ShouldBe(
        $"{folder.Path} is a folder. Name a file in it, or look at the rights to it.");

    [Fact]
    public void AFullDisk()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Only Linux has a disk that is always full.");
        Of(() => File.WriteAllText("/dev/full", "x")).ShouldStartWith("The disk ");
        Of(() => File.WriteAllText("/dev/full", "x")).ShouldEndWith("full. Free some space.");
    }

    [Fact]
    public void ANameThatIsTooLong() =>
        Of(() => File.WriteAllText(folder.File(new string('x', 300)), "")).ShouldContain("is too long for a name");

    [Fact]
    public void AFileThatAnotherHasForItself()
    {
        using var held = new FileStream(folder.File("a"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        Of(() => File.ReadAllText(folder.File("a"))).ShouldBe($"Another program uses {folder.File("a")}. End that, or wait.");
    }

    [Fact]
    public void AFileThatIsThereAlready()
    {
        folder.Write("a", "");
        Of(() => new FileStream(folder.File("a"), FileMode.CreateNew).Dispose()).ShouldBe(
            $"{folder.File("a")} is there already. Name another, or move it away.");
    }

    [Fact]
    public void AFolderThatIsClosedToItsUser()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "Nothing else is closed to an administrator.");
        Of(() => Directory.CreateDirectory("/proc/self/a")).ShouldContain("/proc/self/a");
    }

    [Theory]
    [InlineData("Access to the path '/a/b' is denied.", "This user may not open or change /a/b. Change its rights, or name another place.")]
    [InlineData("Permission denied : '/a/b'", "This user may not open or change /a/b. Change its rights, or name another place.")]
    [InlineData("Read-only file system : '/a/b'", "/a/b lies on a file system that can only be read. Name another place.")]
    [InlineData("Too many open files", "This process may have no more files open. Raise the limit: ulimit -n 4096")]
    [InlineData("Input/output error : '/a/b'", "The disk fails at /a/b. See whether it is sound and present.")]
    public void WhatCannotBeMadeHere(string said, string sentence) => FileTrouble.Of(new IOException(said)).ShouldBe(sentence);

    [Theory]
    [InlineData("a.db belongs to the database in use. Name another file.")]
    [InlineData("The folder /x does not exist. Make it, or name another file.")]
    [InlineData("Something that nobody has heard of")]
    public void OursAndWhatIsRareStaysAsItIs(string said) => FileTrouble.Of(new IOException(said)).ShouldBe(said);

    private static string Of(Action action)
    {
        try { action(); }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException) { return FileTrouble.Of(failure); }
        throw new InvalidOperationException("It went well.");
    }
}
