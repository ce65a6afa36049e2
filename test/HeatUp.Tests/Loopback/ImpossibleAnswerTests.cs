using HeatUp.TdLib.Api;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Loopback;

/// <summary>TDLib ends its whole process on an answer that its authors hold impossible.</summary>
public sealed class ImpossibleAnswerTests : IDisposable
{
    private const string Phone = "+15550001111";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ItEndsTheLibrarysProcessAndIsReportedAsThat()
    {
        await using var telegram = await LoopbackTelegram.StartAsync();
        await telegram.AddAccountAsync(Phone);
        await telegram.SayAsync("messages.getStickerSet", "messages.stickerSetNotModified");
        await using var client = new TdTalker(telegram);
        await client.AskAsync(new SetTdlibParameters(false, folder.Path, new byte[32], 1234567, "hash"));
        await client.AskAsync(new SetAuthenticationPhoneNumber(Phone));
        await client.AskAsync(new CheckAuthenticationCode("12345"));

        var ended = await Should.ThrowAsync<InvalidOperationException>(() => client.UntilAsync("authorizationStateClosed"));

        // 128 and SIGABRT.
        ended.GetBaseException().Message.ShouldBe("TDLib has ended its process, with exit code 134.");
    }
}
