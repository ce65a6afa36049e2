using System.Diagnostics;
using HeatUp.Channels.Sources;
using HeatUp.Channels.Sources.Lists;

namespace HeatUp.Tests.Channels.Sources.Lists;

/// <summary>What in a text names a channel.</summary>
public sealed class TelegramRefsTests
{
    [Theory]
    [InlineData("durov", "")]
    [InlineData("@durov", "@durov")]
    [InlineData("@@durov", "@durov")]
    [InlineData("＠durov", "@durov")]
    [InlineData("🔥@durov🔥", "@durov")]
    [InlineData("1️⃣@durov", "@durov")]
    [InlineData("Читайте@durov", "@durov")]
    [InlineData("@durov, @nytimes;@bbcnews|@meduzalive", "@durov @nytimes @bbcnews @meduzalive")]
    [InlineData("(@durov)[@nytimes]«@bbcnews»", "@durov @nytimes @bbcnews")]
    [InlineData("@durov: news. @nytimes! @bbcnews? @meduzalive…", "@durov @nytimes @bbcnews @meduzalive")]
    [InlineData("@durov's and @nytimes’s", "@durov @nytimes")]
    [InlineData("__@durov__ ~~@nytimes~~ ||@bbcnews||", "@durov @nytimes @bbcnews")]
    [InlineData("@du\u200brov", "@durov")]
    [InlineData("\u200e@durov\u200f", "@durov")]
    [InlineData("@durovа", "@durov")]
    [InlineData("@nytimеs", "")]
    [InlineData("me@example.org me@durov first.last@mail.example.com", "")]
    [InlineData("@user@mastodon.example @user:matrix.example.org", "")]
    [InlineData("@name.with.dot @with-hyphen @123abc @a__b_c @_abc @abcd_", "")]
    [InlineData("YouTube: @durov, Instagram — @nytimes, Telegram: @bbcnews", "@bbcnews")]
    [InlineData("Ютуб @durov; телеграм @nytimes", "@nytimes")]
    [InlineData("X: @durov, project X @nytimes", "@nytimes")]
    [InlineData("@angular/core @durov/5 @nytimes/@bbcnews", "@durov @nytimes @bbcnews")]
    [InlineData("[@durov](https://x.com/durov) [News](https://t.me/nytimes)", "@nytimes")]
    [InlineData("@news\\_daily", "@news_daily")]
    [InlineData("@everyone @here", "")]
    [InlineData("https://youtube.com/@durov youtube.com/@nytimes https://medium.com/@bbc/a?b=@abcde", "")]
    [InlineData("https://mastodon.social/@Gargron", "")]
    public void NamesAreFoundInTexts(string text, string names) => NamesIn(text).ShouldBe(names);

    [Theory]
    [InlineData("t.me/durov")]
    [InlineData("http://t.me/durov/")]
    [InlineData("https://t.me/durov/123")]
    [InlineData("https://t.me/durov/123?single")]
    [InlineData("https://t.me/durov?utm_source=x#y")]
    [InlineData("https://t.me/s/durov")]
    [InlineData("https://t.me/s/durov/5?before=7")]
    [InlineData("https://t.me/@durov")]
    [InlineData("https://t.me/%40durov")]
    [InlineData("https://t.me//durov")]
    [InlineData("https://t.me/%64urov")]
    [InlineData("https://https://t.me/durov")]
    [InlineData("https://t.me/https://t.me/durov")]
    [InlineData("https://t.me/durov/a/7")]
    [InlineData("https://t.me:443/durov")]
    [InlineData("https://www.t.me/durov")]
    [InlineData("telegram.me/durov")]
    [InlineData("HTTPS://Telegram.Dog/durov")]
    [InlineData("https://durov.t.me")]
    [InlineData("durov.t.me")]
    [InlineData("https://durov.t.me/55")]
    [InlineData("durov.telegram.me/")]
    [InlineData("tg://resolve?domain=durov")]
    [InlineData("tg:resolve?domain=durov&post=5")]
    [InlineData("TG://resolve?post=5&domain=durov")]
    [InlineData("https://web.telegram.org/a/#@durov")]
    [InlineData("https://web.telegram.org/#/im?p=@durov")]
    [InlineData("https://webk.telegram.org/#@durov")]
    [InlineData("tgstat.ru/channel/@durov")]
    [InlineData("https://tgstat.ru/en/channel/@durov/stat")]
    [InlineData("https://uk.tgstat.com/channel/@durov/123")]
    [InlineData("https://uz.tgstat.com/channel/@durov?x=y")]
    [InlineData("[Durov](https://t.me/durov)")]
    [InlineData("<https://t.me/durov>.")]
    [InlineData("=HYPERLINK(\"https://t.me/durov\";\"x\")")]
    [InlineData("{\"url\":\"https:\\/\\/t.me\\/durov\"}")]
    [InlineData("https%3A%2F%2Ft.me%2Fdurov")]
    [InlineData("https://vk.com/away.php?to=https%3A%2F%2Ft.me%2Fdurov&post=1")]
    [InlineData("https://l.example/?u=https%253A%252F%252Ft.me%252Fdurov")]
    [InlineData("https://t.me/share/url?url=https://t.me/durov&text=x")]
    [InlineData("канал:t.me/durov—описание")]
    [InlineData("👉t.me/durov👈")]
    [InlineData("https://t.me/durov,https://t.me/durov")]
    public void ALinkToAChannelIsKnown(string text) =>
        TelegramRefs.In(text).Select(found => found.Name?.Value).Distinct().ShouldBe(["@durov"]);

    [Theory]
    [InlineData("https://t.me/+abcdef", PassedOverReason.NotPublic)]
    [InlineData("https://t.me/+79990001122", PassedOverReason.NotPublic)]
    [InlineData("https://t.me/joinchat/AAAA", PassedOverReason.NotPublic)]
    [InlineData("https://t.me/c/1234/5", PassedOverReason.NotPublic)]
    [InlineData("tg://join?invite=abcdef", PassedOverReason.NotPublic)]
    [InlineData("https://tgstat.ru/channel/AbCdEf/stat", PassedOverReason.NotPublic)]
    [InlineData("https://tgstat.ru/chat/@durov", PassedOverReason.Group)]
    [InlineData("https://t.me/some_bot?start=abc", PassedOverReason.Bot)]
    [InlineData("tg://resolve?domain=some_bot&start=abc", PassedOverReason.Bot)]
    [InlineData("https://t.me/addlist/abc", PassedOverReason.LinkToNoChannel)]
    [InlineData("https://t.me/addstickers/Animals", PassedOverReason.LinkToNoChannel)]
    [InlineData("https://t.me/proxy?server=1.2.3.4", PassedOverReason.LinkToNoChannel)]
    [InlineData("https://t.me/share/url?url=example.org", PassedOverReason.LinkToNoChannel)]
    [InlineData("https://t.me/some_name/app", PassedOverReason.LinkToNoChannel)]
    [InlineData("https://t.me/None", PassedOverReason.LinkToNoChannel)]
    [InlineData("https://t.me/username", PassedOverReason.LinkToNoChannel)]
    [InlineData("https://with-hyphen.t.me", PassedOverReason.LinkToNoChannel)]
    [InlineData("https://t.me/имя_канала", PassedOverReason.LinkToNoChannel)]
    public void ALinkToSomethingElseSaysWhat(string text, PassedOverReason reason)
    {
        var found = TelegramRefs.In(text).Single();

        (found.Name, found.Fault).ShouldBe((null, reason));
    }

    [Theory]
    [InlineData("https://example.org/t.me/")]
    [InlineData("https://notat.me/durov")]
    [InlineData("https://t.me.example.org/durov")]
    [InlineData("https://telegram.org/blog")]
    [InlineData("https://core.telegram.org/api#x")]
    [InlineData("https://tgstat.ru/ratings/channels")]
    [InlineData("and/or him/her.they/them")]
    public void ALinkToElsewhereIsNone(string text) => TelegramRefs.In(text).ShouldBeEmpty();

    [Theory]
    [InlineData("a")]
    [InlineData("@")]
    [InlineData("a.")]
    [InlineData("a@")]
    [InlineData("@a.")]
    [InlineData("@a@")]
    [InlineData("t.me/")]
    [InlineData("https://")]
    [InlineData("https://t.me/a://")]
    [InlineData("a_")]
    [InlineData("_")]
    [InlineData("%25")]
    [InlineData("a.t.me/?=")]
    public void ALongTextCostsNoMoreThanItsLength(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));
        var clock = Stopwatch.StartNew();

        _ = TelegramRefs.In(text).Count();

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    private static string NamesIn(string text) =>
        string.Join(' ', TelegramRefs.In(text).Where(found => found.Name is not null).Select(found => found.Name));
}
