using System.Text;
using HeatUp.Plans;
using HeatUp.Plans.Llm;
using HeatUp.Simulations;
using HeatUp.Tests.Plans;
using HeatUp.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Simulation;

public sealed class RecordingTests : IDisposable
{
    private const string Long = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider clock = FakeTime.AtNoon();
    private readonly Model model = new();

    private string PathOfFile => Path.Combine(folder.Path, RecordingFile.Name);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task EqualPromptsAreOneCallAlsoWhileItIsUnderWay()
    {
        using var recording = Open();
        var first = AskAsync(recording, "a");
        var second = AskAsync(recording, "a");
        var other = AskAsync(recording, "b");

        model.Answer("a", new LlmReply("for a", ReplyEnd.Whole, new TokenUsage(1, 2, 0)));
        model.Answer("b", new LlmReply("for b", ReplyEnd.Whole, default));

        (await first).Reply!.Text.ShouldBe("for a");
        (await second).ShouldBe(await first);
        (await other).Reply!.Text.ShouldBe("for b");
        (await AskAsync(recording, "a")).ShouldBe(await first);
        model.Asked.ShouldBe(["a", "b"]);
        recording.Replayed.ShouldBe(2);
    }

    [Fact]
    public async Task WhoGivesUpDoesNotEndTheCallForOthers()
    {
        using var recording = Open();
        using var impatient = new CancellationTokenSource();
        var first = AskUntilAsync(recording, "a", impatient.Token);
        var second = AskAsync(recording, "a");

        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        model.Answer("a", new LlmReply("for a", ReplyEnd.Whole, default));

        (await second).Reply!.Text.ShouldBe("for a");
    }

    [Fact]
    public async Task ACallThatTakesTooLongIsAFailureThatIsRecorded()
    {
        var file = RecordingFile.OpenToRecord(folder.Path, "m");
        using (var recording = Over(file))
        {
            var asking = AskAsync(recording, "a");
            clock.Advance(Timeout);
            (await asking).Failure.ShouldNotBeNull().Code.ShouldBe(FallbackCode.Timeout);
            file.Totals.Spent.ShouldBeGreaterThan(0, "a server that didn't answer in time sends a bill all the same");
        }

        using var replay = new Recording(RecordingFile.OpenToReplay(folder.Path), null, null);
        var failure = (await AskAsync(replay, "a")).Failure.ShouldNotBeNull();
        failure.ToString().ShouldBe("llm_timeout: The model did not answer within 60 seconds, repetitions included.");
    }

    [Fact]
    public async Task WhatIsRecordedIsWhatIsAnsweredEvenIfJsonCantHoldIt()
    {
        const string halfACharacter = "half \ud83d";
        using var recording = Open();
        var asking = AskAsync(recording, "a");

        model.Answer("a", new LlmReply(halfACharacter, ReplyEnd.Whole, default));

        (await asking).Reply!.Text.ShouldBe("half \ufffd");
        (await AskAsync(recording, "a")).ShouldBe(await asking);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"key\":\"00")]
    [InlineData("\0\0\0\0")]
    [InlineData("\0\0\0\0\n")]
    [InlineData("null\n")]
    [InlineData("{\"text\":\"" + Long + Long + Long + Long + Long + Long + Long + Long)]
    public async Task ATornLastLineOfAnEarlierVersionIsPassedOver(string torn)
    {
        await RecordAsync("a", "b");
        var earlier = RecordedExchange.MakeEarlier(folder.Path, "m");
        await File.AppendAllTextAsync(earlier, torn, TestContext.Current.CancellationToken);
        var whole = await File.ReadAllBytesAsync(earlier, TestContext.Current.CancellationToken);

        using (var replay = RecordingFile.OpenToReplay(folder.Path)) replay.Totals.Calls.ShouldBe(2);
        await RecordAsync("a", "b", "c");

        (await File.ReadAllBytesAsync(earlier, TestContext.Current.CancellationToken)).ShouldBe(whole);
        RecordedExchange.ReadAll(PathOfFile).Select(exchange => exchange.Messages[1].Text).ShouldBe(["a", "b", "c"]);
        model.Asked.ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task ARecordingOfAnEarlierVersionThatIsCutAtAnyByteIsReadUpToThere()
    {
        await RecordAsync("a", "b");
        var earlier = RecordedExchange.MakeEarlier(folder.Path, "m");
        var whole = await File.ReadAllBytesAsync(earlier, TestContext.Current.CancellationToken);
        var head = whole.AsSpan().IndexOf((byte)'\n') + 1;

        for (var length = head; length < whole.Length - 1; length++)
        {
            await File.WriteAllBytesAsync(earlier, whole[..length], TestContext.Current.CancellationToken);
            using var replay = RecordingFile.OpenToReplay(folder.Path);
            replay.Totals.Calls.ShouldBeInRange(0, 1);
            (replay.Totals.Spent > 0).ShouldBe(replay.Totals.Calls == 1);
        }
    }

    [Fact]
    public async Task DamageInTheMiddleIsNotPassedOver()
    {
        await RecordAsync("a", "b");
        var earlier = RecordedExchange.MakeEarlier(folder.Path, "m");
        var whole = await File.ReadAllTextAsync(earlier, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(earlier, whole.Replace("{\"key\"", "{!\"key\""), TestContext.Current.CancellationToken);

        foreach (var open in (Func<RecordingFile>[])[Replay, () => RecordingFile.OpenToRecord(folder.Path, "m")])
            Should.Throw<RecordingException>(open).Message.ShouldStartWith($"{earlier} is damaged at line 3: ");
    }

    [Fact]
    public async Task WhatIsRecordedOutlivesAKilledProcessAtOnce()
    {
        using var recording = Open();
        var asking = AskAsync(recording, "a");
        model.Answer("a", new LlmReply("for a", ReplyEnd.Whole, default));
        await asking;

        // What the system has of it now is all that is left of a process that is killed now.
        using var left = new TempFolder();
        foreach (var file in Directory.GetFiles(folder.Path))
            await File.WriteAllBytesAsync(left.File(Path.GetFileName(file)), Bytes(file), TestContext.Current.CancellationToken);

        using var replay = new Recording(RecordingFile.OpenToReplay(left.Path), null, null);
        (await AskAsync(replay, "a")).Reply!.Text.ShouldBe("for a");
    }

    [Fact]
    public async Task WhatIsFlushedIsInTheFileItself()
    {
        var file = RecordingFile.OpenToRecord(folder.Path, "m");
        using var recording = Over(file);
        var asking = AskAsync(recording, "a");
        model.Answer("a", new LlmReply("for a", ReplyEnd.Whole, default));
        await asking;
        Encoding.Latin1.GetString(Bytes(PathOfFile)).ShouldNotContain("for a");

        file.Flush();

        Encoding.Latin1.GetString(Bytes(PathOfFile)).ShouldContain("for a");
    }

    [Fact]
    public async Task ARecordingThatIsOverIsOneFileThatAReplayLeavesAsItIs()
    {
        await RecordAsync("a");
        var bytes = Bytes(PathOfFile);

        using (var replay = new Recording(Replay(), null, null)) await AskAsync(replay, "a");

        Directory.GetFiles(folder.Path).ShouldBe([PathOfFile]);
        Bytes(PathOfFile).ShouldBe(bytes);
    }

    [Theory]
    [InlineData("no database, but a text that is long enough to be taken for one", "it is no recording. Put the recording in its place")]
    [InlineData("", "There is nothing to replay: ")]
    public void AFileThatIsNoRecordingIsSaidInALine(string text, string said)
    {
        File.WriteAllText(PathOfFile, text);

        var failure = Should.Throw<RecordingException>(Replay);

        failure.Message.ShouldContain(PathOfFile);
        failure.Message.ShouldContain(said);
        failure.Message.ShouldNotContain("\n");
    }

    [Fact]
    public async Task ADamagedRecordingIsSaidInALine()
    {
        await RecordAsync([.. Enumerable.Range(0, 100).Select(number => $"{number}")]);
        var bytes = Bytes(PathOfFile);
        bytes.AsSpan(4096, 8 * 4096).Fill(0x5a);
        await File.WriteAllBytesAsync(PathOfFile, bytes, TestContext.Current.CancellationToken);

        Should.Throw<RecordingException>(() => Replay().Totals).Message
            .ShouldMatch("^The recorded exchanges can't be (opened|read): .*: it is damaged. Put a sound copy in its place");
    }

    [Fact]
    public void AnotherProgramsDatabaseIsNotWrittenTo()
    {
        RecordedExchange.Execute(PathOfFile, "CREATE TABLE thesis (text TEXT)");
        var bytes = Bytes(PathOfFile);

        foreach (var open in (Func<RecordingFile>[])[Replay, () => RecordingFile.OpenToRecord(folder.Path, "m")])
            Should.Throw<RecordingException>(open).Message.ShouldContain("is another program's database. ");
        Bytes(PathOfFile).ShouldBe(bytes);
    }

    [Fact]
    public async Task TheFirstInVirtualTimePaysForWhatSeveralShare()
    {
        var file = RecordingFile.OpenToRecord(folder.Path, "m");
        using var recording = Over(file);
        model.Answer("a", new LlmReply("for a", ReplyEnd.Whole, new TokenUsage(10, 1, 5)));
        var (one, two) = (SessionId.Parse("one"), SessionId.Parse("two"));
        var noon = Some.Now;
        foreach (var (session, sitting, at) in new[] { (two, 3, noon.AddHours(1)), (two, 1, noon), (one, 7, noon) })
            await recording.For(new(session, sitting, at)).AskAsync(Messages("a"), default, TestContext.Current.CancellationToken);

        file.Paid(one, 7).ShouldBe(new TokenUsage(10, 1, 5));
        file.Paid(two, 1).ShouldBe(default);
        file.Paid(two, 3).ShouldBe(default);
        file.Used(noon).ShouldBe(default);
        file.Used(noon.AddMinutes(1)).ShouldBe(new TokenUsage(10, 1, 5));
    }

    [Fact]
    public void TwoRunsDoNotRecordInOneFolder()
    {
        using var first = RecordingFile.OpenToRecord(folder.Path, "m");

        Should.Throw<RecordingException>(() => RecordingFile.OpenToRecord(folder.Path, "m")).Message
            .ShouldStartWith("The recorded exchanges can't be opened: ");
    }

    [Fact]
    public void ANewerFormatIsNotGuessedAt()
    {
        RecordingFile.OpenToRecord(folder.Path, "m").Dispose();
        RecordedExchange.Execute(PathOfFile, "PRAGMA user_version = 3");

        Should.Throw<RecordingException>(Replay).Message
            .ShouldEndWith("has format 3, and this version reads up to 2: use a newer one.");
    }

    [Fact]
    public void ANewerFormatOfLinesIsNotGuessedAt()
    {
        var earlier = EarlierRecording.PathIn(folder.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(earlier)!);
        File.WriteAllText(earlier, """{"format":2,"model":"m"}""" + "\n");

        Should.Throw<RecordingException>(Replay).Message
            .ShouldEndWith("has format 2, and this version reads up to 1: use a newer one.");
    }

    [Fact]
    public void AKeyIsASha256OfTheModelAndAllThatItIsTold()
    {
        var key = RecordingKey.Of("m", Messages("a"));

        // Computed apart: each text after its length, 32 bits, the lowest byte first.
        using var text = new MemoryStream();
        foreach (var part in new[] { "m", "system", "rules", "user", "a" })
        {
            text.Write(BitConverter.GetBytes(Encoding.UTF8.GetByteCount(part)));
            text.Write(Encoding.UTF8.GetBytes(part));
        }
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(text.ToArray()));
        key.ShouldBe(hash);
        RecordingKey.Of("n", Messages("a")).ShouldNotBe(key);
        RecordingKey.Of("m", Messages("b")).ShouldNotBe(key);
        RecordingKey.Of("m", [.. Messages("a"), new ChatMessage(ChatRole.User, "")]).ShouldNotBe(key);
    }

    private RecordingFile Replay() => RecordingFile.OpenToReplay(folder.Path);

    /// <summary>As they are now, whoever has it open.</summary>
    private static byte[] Bytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private Recording Open() => Over(RecordingFile.OpenToRecord(folder.Path, "m"));

    private Recording Over(RecordingFile file) =>
        new(file, new LlmCalls(model, new CallGate(64, null, 0), Timeout, null, clock), null);

    private async Task RecordAsync(params string[] prompts)
    {
        using var recording = Open();
        foreach (var prompt in prompts)
        {
            var asking = AskAsync(recording, prompt);
            model.Answer(prompt, new LlmReply($"for {prompt}", ReplyEnd.Whole, new TokenUsage(10, 1, 0)));
            await asking;
        }
    }

    private static Task<LlmAnswer> AskAsync(Recording recording, string prompt) =>
        AskUntilAsync(recording, prompt, TestContext.Current.CancellationToken);

    private static Task<LlmAnswer> AskUntilAsync(Recording recording, string prompt, CancellationToken cancellation) =>
        recording.AskAsync(Messages(prompt), default, cancellation).AsTask();

    private static ChatMessage[] Messages(string prompt) => [new(ChatRole.System, "rules"), new(ChatRole.User, prompt)];

    /// <summary>A model that answers when it is told to.</summary>
    private sealed class Model : ILlmExchange
    {
        private readonly Lock gate = new();
        private readonly Dictionary<string, TaskCompletionSource<LlmAnswer>> answers = [];
        private readonly List<string> asked = [];

        public IReadOnlyList<string> Asked
        {
            get
            {
                lock (gate) return [.. asked];
            }
        }

        public void Answer(string prompt, LlmReply reply) => Of(prompt).TrySetResult(new LlmAnswer(reply, null));

        public async ValueTask<LlmAnswer> AskAsync(
            IReadOnlyList<ChatMessage> messages, Seed chance, CancellationToken cancellation)
        {
            lock (gate) asked.Add(messages[1].Text);
            return await Of(messages[1].Text).Task.WaitAsync(cancellation);
        }

        public void Dispose() { }

        private TaskCompletionSource<LlmAnswer> Of(string prompt)
        {
            lock (gate)
                return answers.TryGetValue(prompt, out var answer) ? answer : answers[prompt] = new();
        }
    }
}
