using HeatUp.Channels;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Channels;

public sealed class ChannelFileWriterTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder folder = new();

    private string Path => System.IO.Path.Combine(folder.Path, "channels.json");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WhatIsWrittenIsReadAgain()
    {
        ListedChannel[] entries =
        [
            Listed("@nytimes") with { Source = "tgstat", AddedAt = Noon, Check = new(Noon) },
            new(new(ChannelName.Parse("@durov"), "\"Слова\" 🦆 \\ <b>", null, 12, "https://t.me/durov")),
            Listed("@gone_one") with { Check = new(Noon, ChannelFault.Renamed, Noon.AddDays(-1), "now @other") },
        ];

        ChannelFileWriter.Update(Path, _ => entries).ShouldBeTrue();

        var file = ChannelFile.Read(Path);
        file.Entries.ShouldBe(entries);
        file.Warnings.ShouldBeEmpty();
        file.Channels.Select(channel => channel.Name.Value).ShouldBe(["@nytimes", "@durov"]);
        File.ReadAllLines(Path).Length.ShouldBe(entries.Length + 2);
    }

    [Fact]
    public void TheOldFileStaysBesideTheNewOne()
    {
        File.WriteAllText(Path, """[{"username": "@nytimes"}] // mine""");

        ChannelFileWriter.Update(Path, entries => [.. entries, Listed("@guardian")]);

        File.ReadAllText($"{Path}.bak").ShouldEndWith("// mine");
        ChannelFile.Read(Path).Entries.Length.ShouldBe(2);
        Directory.GetFiles(folder.Path).ShouldBe([Path, $"{Path}.bak", $"{Path}.lock"], ignoreOrder: true);
    }

    [Fact]
    public void WhatNobodyHereUnderstandsIsKept()
    {
        File.WriteAllText(Path, """
            [{"username": "@nytimes", "mine": {"a": [1, null]}, "пометка": "да"}, {"username": "?", "x": 1}, 7]
            """);

        ChannelFileWriter.Update(Path, entries => [.. entries, Listed("@guardian")]);

        var text = File.ReadAllText(Path);
        text.ShouldContain("""
            "mine": {"a": [1, null]}
            """.Trim());
        text.ShouldContain("""{"username": "?", "x": 1}""");
        text.ShouldContain("\n  7\n");
        ChannelFile.Read(Path).Entries.Length.ShouldBe(2);
    }

    [Fact]
    public void WhatAFieldSaysStaysUntilSomebodyChangesIt()
    {
        var about = new string('d', Channel.DescriptionLengthMax + 40);
        var entry = $$"""{"username": "@nytimes", "description": "{{about}}", "subscribers": "1.2M", "category": 5}""";
        File.WriteAllText(Path, $"[{entry}]");

        ChannelFileWriter.Update(Path, entries => [entries[0] with { Check = new(Noon) }]);

        File.ReadAllText(Path).ShouldContain($"\"description\": \"{about}\", \"category\": 5, \"subscribers\": \"1.2M\"");
        var counted = new Channel(ChannelName.Parse("@nytimes"), "Papers", null, 12, null);
        ChannelFileWriter.Update(Path, entries => [entries[0] with { Channel = counted }]);
        File.ReadAllText(Path).ShouldContain("\"description\": \"Papers\", \"category\": 5, \"subscribers\": 12");
    }

    [Fact]
    public void AnObjectStaysOneAndAnEntryThatComesAgainIsKept()
    {
        File.WriteAllText(Path,
            """{"owner": {"a": 1}, "channels": [{"username": "@nytimes"}, {"username": "@NYTimes", "note": 1}], "v": 2}""");

        for (var pass = 0; pass < 2; pass++)
            ChannelFileWriter.Update(Path, entries => [entries[0] with { Check = new(Noon.AddDays(pass)) }]);

        var text = File.ReadAllText(Path);
        text.ShouldStartWith("""{"owner": {"a": 1}, "v": 2, "channels": [""");
        text.ShouldEndWith("{\"username\": \"@NYTimes\", \"note\": 1}\n]}\n");
        ChannelFile.Read(Path).Entries.Length.ShouldBe(1);
    }

    [Fact]
    public void NothingIsWrittenIfNothingChanges()
    {
        const string text = """[{"username": "@nytimes"}]""";
        File.WriteAllText(Path, text);

        ChannelFileWriter.Update(Path, entries => [.. entries]).ShouldBeFalse();

        File.ReadAllText(Path).ShouldBe(text);
        File.Exists($"{Path}.bak").ShouldBeFalse();
    }

    [Fact]
    public void AFileThatCannotBeReadIsLeftAsItIs()
    {
        File.WriteAllText(Path, """[{"username": "@nytimes"}""");

        Should.Throw<ChannelFileException>(() => ChannelFileWriter.Update(Path, _ => []))
            .Message.ShouldEndWith("It is left as it is: mend it, or move it away.");

        File.ReadAllText(Path).ShouldBe("""[{"username": "@nytimes"}""");
    }

    [Fact]
    public void WhoeverMayNotReadTheOldFileMayNotReadTheNewOne()
    {
        if (OperatingSystem.IsWindows()) return;
        File.WriteAllText(Path, """[{"username": "@nytimes"}]""");
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        ChannelFileWriter.Update(Path, entries => [.. entries, Listed("@guardian")]);

        File.GetUnixFileMode(Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode($"{Path}.bak").ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void AReadOnlyFileIsLeftAsItIs()
    {
        File.WriteAllText(Path, """[{"username": "@nytimes"}]""");
        File.SetAttributes(Path, FileAttributes.ReadOnly);

        var refusal = Should.Throw<ChannelFileException>(
            () => ChannelFileWriter.Update(Path, entries => [.. entries, Listed("@guardian")]));

        refusal.Message.ShouldContain("is read-only");
        ChannelFile.Read(Path).Entries.Length.ShouldBe(1);
        File.SetAttributes(Path, FileAttributes.Normal);
    }

    [Fact]
    public void TwoWritersTakeTurns()
    {
        Should.Throw<ChannelFileException>(() => ChannelFileWriter.Update(Path, entries =>
        {
            ChannelFileWriter.Update(Path, _ => [Listed("@guardian")]);
            return entries;
        })).Message.ShouldContain("is being changed by another process");
    }

    [Fact]
    public void MoreChannelsThanAreReadAreNotWritten()
    {
        var many = Enumerable.Range(0, ChannelFile.ChannelsMax + 1).Select(i => Listed($"@channel{i}")).ToList();

        Should.Throw<ChannelFileException>(() => ChannelFileWriter.Update(Path, _ => many))
            .Message.ShouldContain("would have 10001 channels, and 10000 are read at most");
    }

    [Fact]
    public void ALinkStaysALink()
    {
        var target = System.IO.Path.Combine(folder.Path, "target.json");
        File.WriteAllText(target, "[]");
        File.CreateSymbolicLink(Path, target);

        ChannelFileWriter.Update(Path, _ => [Listed("@guardian")]);

        new FileInfo(Path).LinkTarget.ShouldBe(target);
        ChannelFile.Read(target).Entries.Length.ShouldBe(1);
    }

    private static ListedChannel Listed(string name) =>
        new(new Channel(ChannelName.Parse(name), null, "News", null, null));
}
