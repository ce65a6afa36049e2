using HeatUp.Channels;

namespace HeatUp.Tests.Channels;

public sealed class NearestTests
{
    private static readonly string[] Words = ["sessions", "sittings_per_day", "seed", "end"];

    [Theory]
    [InlineData("sesions", "sessions")]
    [InlineData("session", "sessions")]
    [InlineData("sessoins", "sessions")]
    [InlineData("SESSIONS", "sessions")]
    [InlineData("sittingsPerDay", "sittings_per_day")]
    [InlineData("sittings", null)]
    [InlineData("sede", "seed")]
    [InlineData("edn", "end")]
    [InlineData("xyz", null)]
    [InlineData("", null)]
    public void ATypingErrorIsUnderstood(string word, string? meant) => Nearest.To(word, Words).ShouldBe(meant);

    [Fact]
    public void ALongWordIsNobodysTypingError() => Nearest.To(new string('s', 100_000), Words).ShouldBeNull();

    [Fact]
    public void AmongNoWordsNoneIsNear() => Nearest.To("seed", []).ShouldBeNull();
}
