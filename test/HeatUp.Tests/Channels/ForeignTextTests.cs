using System.Globalization;
using System.Text;
using CsCheck;
using HeatUp.Channels;

namespace HeatUp.Tests.Channels;

public sealed class ForeignTextTests
{
    /// <summary>
    /// Texts that mix the ordinary with what a text can be abused with; half pairs of surrogates among them.
    /// </summary>
    private static readonly Gen<string> Foreign = Gen.OneOf(
        Gen.Char[' ', '~'].Select(char.ToString),
        Gen.OneOf(" ", "\n", "\t", "\u2028", "\u00a0", "\u2800", "…", "😀", "é", "е", "ا"),
        Gen.OneOf("\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\0", "\u001b", "\ue000", "\u034f", "\u3164"),
        Gen.OneOf("\ufe0f", "\U000E0041", "\U000E0100", "\ufffd", "\ud83d", "\ude00", "\uffff"),
        Gen.Char.Select(char.ToString)).Array[0, 40].Select(string.Concat);

    private static readonly Gen<int> Cap = Gen.Int[1, 30];

    [Fact]
    public void ItIsNeverLongerThanTheCap() => Gen.Select(Foreign, Cap).Sample((text, cap) =>
        ForeignText.Clean(text, cap).EnumerateRunes().Count() <= cap);

    [Fact]
    public void WhatIsCleanStaysAsItIs() => Gen.Select(Foreign, Cap).Sample((text, cap) =>
    {
        var once = ForeignText.Clean(text, cap);
        return ForeignText.Clean(once, cap) == once;
    });

    [Fact]
    public void EverythingInItCanBeSeen() => Gen.Select(Foreign, Cap).Sample((text, cap) =>
        ForeignText.Clean(text, cap).EnumerateRunes().All(rune => rune.Value == ' ' || IsSeen(rune)));

    [Fact]
    public void ItHasOnlySingleSpacesAndNoneAtItsEnds() => Gen.Select(Foreign, Cap).Sample((text, cap) =>
    {
        var clean = ForeignText.Clean(text, cap);
        return clean.Trim() == clean && !clean.Contains("  ", StringComparison.Ordinal);
    });

    [Fact]
    public void AnOrdinaryTextThatFitsIsKept() => Gen.String[Gen.Char['!', '~'], 0, 30].Sample(word =>
        ForeignText.Clean(word, 30) == word);

    [Theory]
    [InlineData("one\r\ntwo\tthree", "one two three")]
    [InlineData("  \u2003 padded \u00a0 ", "padded")]
    [InlineData("pass\u200bword", "password")]
    [InlineData("\u202egnp.exe\u202c", "gnp.exe")]
    [InlineData("\u001b[31mred", "[31mred")]
    [InlineData("a\u3164b\u115fc\ufe0fd", "abcd")]
    [InlineData("hid\U000E0068\U000E0069den\U000E0101", "hidden")]
    [InlineData("a \u2800 b", "a b")]
    [InlineData("half \ud83d pair", "half pair")]
    [InlineData("Новости 😀 اخبار", "Новости 😀 اخبار")]
    [InlineData(null, "")]
    public void WhatCannotBeSeenGoes(string? text, string clean) => ForeignText.Clean(text, 50).ShouldBe(clean);

    [Theory]
    [InlineData("12345", "12345")]
    [InlineData("12345   ", "12345")]
    [InlineData("123456", "1234…")]
    [InlineData("123 56", "123…")]
    [InlineData("😀😀😀😀😀", "😀😀😀😀😀")]
    [InlineData("😀😀😀😀😀😀", "😀😀😀😀…")]
    public void ALongTextEndsInAnEllipsis(string text, string clean) => ForeignText.Clean(text, 5).ShouldBe(clean);

    [Fact]
    public void ACapOfLessThanOneIsRefused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => ForeignText.Clean("a", 0));

    private static bool IsSeen(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator);
}
