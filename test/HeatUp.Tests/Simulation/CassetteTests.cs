using System.Text;
using HeatUp.Plans;
using HeatUp.Plans.Llm;
using HeatUp.Simulations;
using HeatUp.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Simulation;

public sealed class CassetteTests : IDisposable
{
    private const string Long = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider clock = FakeTime.AtNoon();
    private readonly Model model = new();

    private string PathOfFile => Path.Combine(folder.Path, CassetteFile.Folder, CassetteFile.Name);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task EqualPromptsAreOneCallAlsoWhileItIsUnderWay()
    {
        using var cassette = Open();
        var first = AskAsync(cassette, "a");
        var second = AskAsync(cassette, "a");
        var other = AskAsync(cassette, "b");

        model.Answer("a", new LlmReply("for a", ReplyEnd.Whole, new TokenUsage(1, 2, 0)));
        model.Answer("b", new LlmReply("for b", ReplyEnd.Whole, default));

        (await first).Reply!.Text.ShouldBe("for a");
        (await second).ShouldBe(await first);
        (await other).Reply!.Text.ShouldBe("for b");
        (await AskAsync(cassette, "a")).ShouldBe(await first);
        model.Asked.ShouldBe(["a", "b"]);
        cassette.Replayed.ShouldBe(2);
    }

    [Fact]
    public async Task WhoGivesUpDoesNotEndTheCallForOthers()
    {
        using var cassette = Open();
        using var impatient = new CancellationTokenSource();
        var first = AskUntilAsync(cassette, "a", impatient.Token);
        var second = AskAsync(cassette, "a");

        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        model.Answer("a", new LlmReply("for a", ReplyEnd.Whole, default));

        (await second).Reply!.Text.ShouldBe("for a");
    }

    [Fact]
    public async Task ACallThatTakesTooLongIsAFailureThatIsRecorded()
    {
        var file = CassetteFile.OpenToRecord(folder.Path, "m");
        using (var cassette = Over(file))
        {
            var asking = AskAsync(cassette, "a");
            clock.Advance(Timeout);
            (await asking).Failure.ShouldNotBeNull().Code.ShouldBe(FallbackCode.Timeout);
            file.Totals.Spent.ShouldBeGreaterThan(0, "a server that didn't answer in time sends a bill all the same");
        }

        using var replay = new Cassette(CassetteFile.OpenToReplay(folder.Path), null, null);
        var failure = (await AskAsync(replay, "a")).Failure.ShouldNotBeNull();
        failure.ToString().ShouldBe("llm_timeout: The model did not answer within 60 seconds, repetitions included.");
    }

    [Fact]
    public async Task WhatIsRecordedIsWhatIsAnsweredEvenIfJsonCantHoldIt()
    {
        const string halfACharacter = "half \ud83d";
        using var cassette = Open();
        var asking = AskAsync(cassette, "a");

        model.Answer("a", new LlmReply(halfACharacter, ReplyEnd.Whole, default));

        (await asking).Reply!.Text.ShouldBe("half \ufffd");
        (await AskAsync(cassette, "a")).ShouldBe(await asking);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"key\":\"00")]
    [InlineData("\0\0\0\0")]
    [InlineData("\0\0\0\0\n")]
    [InlineData("null\n")]
    [InlineData("{\"text\":\"" + Long + Long + Long + Long + Long + Long + Long + Long)]
    public async Task ATornLastLineIsCutBeforeTheNextIsAppended(string torn)
    {
        await RecordAsync("a", "b");
        var whole = await File.ReadAllBytesAsync(PathOfFile, TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(PathOfFile, torn, TestContext.Current.CancellationToken);

        using (var replay = CassetteFile.OpenToReplay(folder.Path)) replay.Totals.Calls.ShouldBe(2);
        await RecordAsync("a", "b", "c");

        var lines = await File.ReadAllBytesAsync(PathOfFile, TestContext.Current.CancellationToken);
        lines.AsSpan(0, whole.Length).SequenceEqual(whole).ShouldBeTrue();
        lines[^1].ShouldBe((byte)'\n');
        using var again = CassetteFile.OpenToReplay(folder.Path);
        again.ReadAll().Select(exchange => exchange.Messages[1].Text).ShouldBe(["a", "b", "c"]);
        model.Asked.ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task ARecordingCutAtAnyByteIsReadUpToThere()
    {
        await RecordAsync("a", "b");
        var whole = await File.ReadAllBytesAsync(PathOfFile, TestContext.Current.CancellationToken);
        var head = whole.AsSpan().IndexOf((byte)'\n') + 1;

        for (var length = head; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(PathOfFile, whole[..length], TestContext.Current.CancellationToken);
            using var replay = CassetteFile.OpenToReplay(folder.Path);
            replay.ReadAll().Count().ShouldBe(replay.Totals.Spent > 0 ? (int)replay.Totals.Calls : 0);
            replay.Totals.Calls.ShouldBeInRange(0, 1);
        }
    }

    [Fact]
    public async Task DamageInTheMiddleIsNotPassedOver()
    {
        await RecordAsync("a", "b");
        var text = await File.ReadAllTextAsync(PathOfFile, TestContext.Current.CancellationToken);
        var damaged = text.Replace("{\"key\"", "{!\"key\"");
        await File.WriteAllTextAsync(PathOfFile, damaged, TestContext.Current.CancellationToken);

        Should.Throw<CassetteException>(() => CassetteFile.OpenToReplay(folder.Path))
            .Message.ShouldStartWith($"{PathOfFile} is damaged at byte ");
    }

    [Fact]
    public async Task WhatIsFlushedOutlivesItsProcess()
    {
        var file = CassetteFile.OpenToRecord(folder.Path, "m");
        using var cassette = Over(file);
        var asking = AskAsync(cassette, "a");
        model.Answer("a", new LlmReply("for a", ReplyEnd.Whole, default));
        await asking;

        new FileInfo(PathOfFile).Length.ShouldBe(0);

        file.Flush();

        var flushed = new FileInfo(PathOfFile).Length;
        cassette.Dispose();
        flushed.ShouldBe(new FileInfo(PathOfFile).Length);
    }

    [Fact]
    public void TwoRunsDoNotRecordInOneFolder()
    {
        using var first = CassetteFile.OpenToRecord(folder.Path, "m");

        Should.Throw<CassetteException>(() => CassetteFile.OpenToRecord(folder.Path, "m")).Message
            .ShouldStartWith("The recorded exchanges can't be opened: ");
    }

    [Fact]
    public void ANewerFormatIsNotGuessedAt()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOfFile)!);
        File.WriteAllText(PathOfFile, """{"format":2,"model":"m"}""" + "\n");

        Should.Throw<CassetteException>(() => CassetteFile.OpenToReplay(folder.Path)).Message
            .ShouldEndWith("has format 2, and this version reads up to 1: use a newer one.");
    }

    [Fact]
    public void AKeyIsASha256OfTheModelAndAllThatItIsTold()
    {
        var key = CassetteKey.Of("m", Messages("a"));

        // Computed apart: each text after its length, 32 bits, the lowest byte first.
        using var text = new MemoryStream();
        foreach (var part in new[] { "m", "system", "rules", "user", "a" })
        {
            text.Write(BitConverter.GetBytes(Encoding.UTF8.GetByteCount(part)));
            text.Write(Encoding.UTF8.GetBytes(part));
        }
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(text.ToArray()));
        key.ToString().ShouldBe(hash);
        CassetteKey.Parse(hash).ShouldBe(key);
        CassetteKey.Of("n", Messages("a")).ShouldNotBe(key);
        CassetteKey.Of("m", Messages("b")).ShouldNotBe(key);
        CassetteKey.Of("m", [.. Messages("a"), new ChatMessage(ChatRole.User, "")]).ShouldNotBe(key);
    }

    private Cassette Open() => Over(CassetteFile.OpenToRecord(folder.Path, "m"));

    private Cassette Over(CassetteFile file) =>
        new(file, new LlmCalls(model, new CallGate(64, null, 0), Timeout, null, clock), null);

    private async Task RecordAsync(params string[] prompts)
    {
        using var cassette = Open();
        foreach (var prompt in prompts)
        {
            var asking = AskAsync(cassette, prompt);
            model.Answer(prompt, new LlmReply($"for {prompt}", ReplyEnd.Whole, new TokenUsage(10, 1, 0)));
            await asking;
        }
    }

    private static Task<LlmAnswer> AskAsync(Cassette cassette, string prompt) =>
        AskUntilAsync(cassette, prompt, TestContext.Current.CancellationToken);

    private static Task<LlmAnswer> AskUntilAsync(Cassette cassette, string prompt, CancellationToken cancellation) =>
        cassette.AskAsync(Messages(prompt), default, cancellation).AsTask();

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
