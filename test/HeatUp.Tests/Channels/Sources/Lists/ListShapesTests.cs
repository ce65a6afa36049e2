using HeatUp.Channels.Sources;

namespace HeatUp.Tests.Channels.Sources.Lists;

/// <summary>The same channel in many shapes of lists; and what no shape makes a channel.</summary>
public sealed class ListShapesTests
{
    [Theory]
    [InlineData("""["@shape_one","shape_two"]""")]
    [InlineData("""["https://t.me/shape_one","t.me/shape_two/5"]""")]
    [InlineData("""{"channels":["shape_one","shape_two"]}""")]
    [InlineData("""{"response":{"data":{"items":[{"username":"shape_one"},{"username":"shape_two"}]}}}""")]
    [InlineData("""{"a":{"b":[{"link":"t.me/shape_one"}],"c":[{"link":"t.me/shape_two"}]}}""")]
    [InlineData("""{"shape_one":{"title":"x"},"shape_two":{"title":"y"}}""")]
    [InlineData("""{"@shape_one":{"subscribers":5},"@shape_two":{}}""")]
    [InlineData("""{"shape_one":{"username":null,"title":"x"},"shape_two":{"username":"","members":{"count":6}}}""")]
    [InlineData("""{"meta":{"count":2},"@shape_one":5,"https://t.me/shape_two":"about"}""")]
    [InlineData("""{"ok":true,"result":{"shape_one":{"members":5},"shape_two":{"members":6}}}""")]
    [InlineData("""[["username","title"],["shape_one","x"],["shape_two","y"]]""")]
    [InlineData("""{"values":[["Title","Link"],["x","https://t.me/shape_one"],["y","https://t.me/shape_two"]]}""")]
    [InlineData("""{"columns":["id","username"],"data":[[1,"@shape_one"],[2,"@shape_two"]]}""")]
    [InlineData("""{"columns":["title","username"],"index":[0,1],"data":[["X","shape_one"],["Y","shape_two"]]}""")]
    [InlineData("""{"cols":[{"label":"username"},{"label":"title"}],"rows":[["shape_one","X"],["shape_two","Y"]]}""")]
    [InlineData("""{"username":{"0":"shape_one","1":"shape_two"},"title":{"0":"x","1":"y"}}""")]
    [InlineData("""{"News":["shape_one"],"Sport":["@shape_two"]}""")]
    [InlineData("""{"channels":["shape_one","shape_two"],"matrix":[[1,2],[3,4]]}""")]
    [InlineData("""{"news":{"channels":["shape_one"]},"sport":{"channels":["shape_two"]}}""")]
    [InlineData("\"[\\\"shape_one\\\",\\\"shape_two\\\"]\"")]
    [InlineData("['shape_one', 'shape_two']")]
    [InlineData("[{'username': 'shape_one', 'scam': False}, {'username': 'shape_two', 'about': None}]")]
    [InlineData("# mine\nCHANNELS = [\n    \"shape_one\",  # news\n    '@shape_two',\n]\n")]
    [InlineData("export const channels: string[] = ['shape_one', 'shape_two'];\n")]
    [InlineData("module.exports = {channels: [\"shape_one\", \"shape_two\"]};")]
    [InlineData("""{"username":["shape_one","shape_two"],"title":["x","y"]}""")]
    [InlineData("""[{"fields":{"Name":"x","Link":"t.me/shape_one"}},{"fields":{"Name":"y","Link":"t.me/shape_two"}}]""")]
    [InlineData("""[{"handle_at":"@shape_one"},{"handle_at":"@shape_two"}]""")]
    [InlineData("""[{"_":"Channel","title":"x","usernames":[{"username":"shape_one","active":true}]},{"username":"shape_two"}]""")]
    [InlineData("""[{"username":null,"usernames":[{"username":"gone_name","active":false},{"username":"shape_one","active":true}]},{"username":"shape_two"}]""")]
    [InlineData("""{"name":"My list","owner":{"username":"the_owner"},"channels":[{"username":"shape_one"},{"username":"shape_two"}]}""")]
    [InlineData("""{"title":"My list","link":"https://t.me/addlist/x","items":[{"username":"shape_one"},{"username":"shape_two"}]}""")]
    [InlineData("""[{"username":"shape_one","last_post":{"link":"https://t.me/other_one/5"}},{"username":"shape_two","similar":[{"username":"other_two"}]}]""")]
    [InlineData("""[{"username":"shape_one"},{"username":broken},{"username":"shape_two"}]""")]
    [InlineData("""{"items":[{"username":"shape_one"},{"username":"shape_two"},{"usern""")]
    [InlineData("{\"username\":\"shape_one\"}\n\n{\"username\":\"shape_two\"}")]
    [InlineData("{\n \"username\":\"shape_one\"\n}\n{\n \"username\":\"shape_two\"\n}")]
    [InlineData("[\n{\"username\":\"shape_one\"},\n{\"usern\n{\"username\":\"shape_two\"}\n]")]
    [InlineData("""[{"text":"read https://t.me/shape_one"},{"text":"and @shape_two"}]""")]
    [InlineData("""[{"username":"shape_one","about":"write @the_admin"},{"username":"shape_two","photo":{"url":"https://t.me/i/x.jpg"}}]""")]
    public async Task JsonOfAnyShape(string json)
    {
        foreach (var file in new[] { "a.json", "list", "a.txt", "a.csv" })
        {
            var part = await ListOf.ReadAsync(file, json);
            part.Failure.ShouldBeNull(file);
            NamesOf(part).ShouldBe("@shape_one @shape_two", file);
        }
    }

    [Theory]
    [InlineData("username,title\nshape_one,x\nshape_two,y")]
    [InlineData("sep=;\nusername;title\nshape_one;x\nshape_two;y")]
    [InlineData("Top of 2026,,\n\nName,Link,Subscribers\nX,https://t.me/shape_one,5\nY,https://t.me/shape_two,6\n")]
    [InlineData("| Channel | Link |\n|---|:---:|\n| X | [x](https://t.me/shape_one) |\n| Y | <https://t.me/shape_two> |\n")]
    [InlineData("№\tЮзернейм\tКол-во подписчиков\n1\tshape_one\t5 000\n2\t@shape_two\t6 тыс.\n")]
    [InlineData("ID;Telegram channel URL;Number of subscribers\n1;t.me/shape_one;5\n2;t.me/shape_two;6\n")]
    [InlineData("채널,이름\n@shape_one,x\n@shape_two,y\n")]
    [InlineData("קישור;שם\n@shape_one;x\n@shape_two;y\n")]
    [InlineData("@shape_one;x\n@shape_two;y\n")]
    [InlineData("1,X,https://t.me/shape_one,@contact_a\n2,Y,https://t.me/shape_two,@contact_b\n")]
    [InlineData("title,contact,handle\nX,@the_admin,@shape_one\nY,@the_admin,shape_two\n")]
    [InlineData("title,admin,note\nX,@the_admin,@shape_one\nY,@the_admin,@shape_two\n")]
    [InlineData("username,about\nshape_one,\"Two\nlines, \"\"quoted\"\"\"\nshape_two,y\n")]
    [InlineData("username,about\nshape_one,\"a \"broken\" quote\",5\nshape_two,y\n")]
    [InlineData("username,about\nshape_one,\"never closed\nshape_two,\"closed\"\n")]
    [InlineData("username,about\n@shape_one,\"never opened or closed\n@shape_two,y\"\n")]
    [InlineData("username,about\nshape_one,say \"hi\"\nshape_two,\"say \\\"hi\\\", too\"\n")]
    [InlineData("\"username\";\"title\"\n\"shape_one\";\"x;y\"\n\"shape_two\";\"\"\n")]
    [InlineData("username,subscribers_growth,subscribers\nshape_one,-1,5\nshape_two,+2,6\n")]
    [InlineData("channel\nshape_one\nshape_two\n")]
    [InlineData("Telegram channels\nshape_one\nshape_two\n")]
    [InlineData("list\nshape_one\nshape_two\n")]
    [InlineData("channel_id,channel\n-1001,shape_one\n-1002,shape_two\n")]
    [InlineData(",username,title\n0,shape_one,x\n1,shape_two,y\n")]
    [InlineData("username,title\n\"shape_one,never closed\nshape_two,x\n")]
    [InlineData("username,title\nshape_one,x\nusername,title\nshape_two,y\n")]
    [InlineData("Usernames\n@shape_one\nshape_two\n")]
    [InlineData("Каналы\nshape_one\nshape_two\n")]
    [InlineData("shape_one\nshape_two\n")]
    [InlineData("shape_one | News | 1.2M\nshape_two | Sport | 900K\n")]
    [InlineData("shape_one\tNews\t1200000\nshape_two\tSport\t900000\n")]
    [InlineData("1,shape_one,News\n2,shape_two,Sport\n")]
    [InlineData("shape_one,cooking\nshape_two,travel\n")]
    [InlineData("shape_one,shape_two\n")]
    public async Task TablesOfAnyKind(string table)
    {
        var part = await ListOf.ReadAsync("a.csv", table);

        part.Failure.ShouldBeNull();
        NamesOf(part).ShouldBe("@shape_one @shape_two");
    }

    [Theory]
    [InlineData("shape_one\nshape_two")]
    [InlineData("1. shape_one\n2. shape_two\n")]
    [InlineData("# mine\n- shape_one\n- shape_two\n")]
    [InlineData("Channels\nshape_one\nhttps://t.me/shape_two\n")]
    [InlineData("News\n@shape_one\nScience\n@shape_two\n")]
    [InlineData("shape_one, shape_two")]
    [InlineData("shape_one;\nshape_two;\nNone\nnull\n-\n")]
    [InlineData("Read @shape_one and t.me/shape_two, not Technology\nTechnology\n")]
    [InlineData("title\tlink\nX\tt.me/shape_one\nY\tt.me/shape_two\n")]
    [InlineData("@shape_one\r@shape_two\r")]
    [InlineData("1) shape_one — новости (1.2M)\n2) shape_two — спорт (900K)\n")]
    [InlineData("shape_one - about cats\nshape_two: about dogs, and more\n")]
    [InlineData("shape_one | News | 1.2M\nshape_two | Sport | 900K\n")]
    [InlineData("shape_one\tNews\t1200000\nshape_two\tSport\t900000\n")]
    [InlineData("shape_one shape_two\n")]
    [InlineData("{\"shape_one\", \"shape_two\"}")]
    [InlineData("(shape_one)\n<shape_two>\n")]
    [InlineData("shape_one\n\nshape_two # comment\n")]
    [InlineData("\"@shape_one,@shape_two\"\n")]
    [InlineData("== News ==\nshape_one\n--- Sport ---\n[more]\nshape_two\n")]
    [InlineData("CHANNELS=shape_one,shape_two\n")]
    [InlineData("export TG_CHANNEL='shape_one'\nexport TG_CHANNEL_TWO=shape_two\n")]
    [InlineData("channels:\n  - username: shape_one\n    title: One\n  - username: shape_two\n    title: Two\n")]
    [InlineData("channels:\n  - shape_one\n  - shape_two\n")]
    [InlineData("[[channels]]\nusername = \"shape_one\"\n\n[[channels]]\nusername = \"shape_two\"\n")]
    public async Task TextsOfAnyKind(string text)
    {
        foreach (var file in new[] { "a.txt", "list" })
            NamesOf(await ListOf.ReadAsync(file, text)).ShouldBe("@shape_one @shape_two", file);
    }

    [Theory]
    [InlineData("https://t.me/shape_one and @shape_two")]
    [InlineData("link to https://t.me/shape_one, and @shape_two")]
    [InlineData("channel: @shape_one; and @shape_two")]
    [InlineData("some text, https://t.me/shape_one\nanother text, read @shape_two too")]
    [InlineData("Best channels, links and more:\n@shape_one - about cats, 1.2M\n@shape_two - about dogs, 300K\n")]
    [InlineData("Channels, by name\n\nhttps://t.me/shape_one is about cats, and news\nt.me/shape_two")]
    [InlineData("Username, link and about of my channels\n1) @shape_one, cats\n2) @shape_two, dogs\n")]
    public async Task ProseWithCommasIsNoTable(string text)
    {
        foreach (var file in new[] { "a.txt", "list", "a.csv" })
        {
            var part = await ListOf.ReadAsync(file, text);
            part.Failure.ShouldBeNull(file);
            NamesOf(part).ShouldBe("@shape_one @shape_two", file);
        }
    }

    [Theory]
    [InlineData("<a href='https://t.me/shape_one'>x</a><a href=//t.me/shape_two>y</a>")]
    [InlineData("<p>@shape<b>_one</b></p><p>t.me/shape&#95;two</p>")]
    [InlineData("<div>@shape_one</div><div>@shape_two</div><!-- @comment_name --><template>@template_name</template>")]
    [InlineData("<style>@media x{}</style>@shape_one<script>var a='@script_name <b>';</script> @shape_two")]
    [InlineData("<a href='https://x.com/foo'>@other_name</a> @shape_one <a href='mailto:a@b.c'>@mail_name</a> <a href='/u'>@shape_two</a>")]
    [InlineData("<ul><li>@shape_one<li>@shape_two</ul><iframe src=x>@frame_name</iframe>")]
    [InlineData("<table><tr><th>Channel<th>Size<tr><td><a href='https://t.me/shape_one'>One</a><td>5K<tr><td>@shape_two<td>6</table>")]
    [InlineData("<table><tr><th>Title<th>Username<tr><td>Technology<td>shape_one<tr><td>Cooking<td>shape_two</table>")]
    [InlineData("<table><tr><th>Title<th>Channel<tr><td>x<td>y</table>@shape_one @shape_two")]
    [InlineData("<table><tr><td>@shape_one<td><table><tr><td>@shape_two</table></table>")]
    [InlineData("<b><i>@shape_one</b></i><a>@shape_two")]
    [InlineData("<textarea>@shape_one</textarea><a href='https://tgstat.ru/channel/@shape_two'>z</a>")]
    public async Task PagesOfAnyKind(string body) =>
        NamesOf(await ListOf.ReadAsync("a.html", $"<!doctype html><html><body>{body}</body></html>"))
            .ShouldBe("@shape_one @shape_two");

    [Theory]
    [InlineData("<all><row><username>shape_one</username></row><row><username>shape_two</username></row></all>")]
    [InlineData("<channels><channel>shape_one</channel><channel>shape_two</channel></channels>")]
    [InlineData("<list><a username='shape_one' type='channel'/><a username='shape_two'/><a username='a_group' type='group'/></list>")]
    [InlineData("<opml><body><outline text='One' htmlUrl='https://t.me/s/shape_one'/><outline url='t.me/shape_two'/></body></opml>")]
    [InlineData("<!DOCTYPE list [<!ENTITY who 'shape_one'>]><list><a>@shape_one</a><a>@shape_two</a></list>")]
    [InlineData("<list><a>@shape_one</a><b>@shape_two")]
    [InlineData("<html><body>@shape_one @shape_two</body></html>")]
    public async Task XmlOfAnyKind(string body)
    {
        foreach (var file in new[] { "a.xml", "list", "a.opml" })
            NamesOf(await ListOf.ReadAsync(file, $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{body}"))
                .ShouldBe("@shape_one @shape_two", file);
    }

    [Fact]
    public async Task KeysAndValuesTellMoreThanTheName() => ListOf.Shown(await ListOf.ReadAsync("a.yml", """
        # mine
        - username: shape_one
          title: First
          subscribers: 1.2M
          category: news
        - username: shape_two
          type: group
        """)).ShouldBe("@shape_one|1200000|First|news");

    [Fact]
    public async Task AListsKeyIsItsCategory() => ListOf.Shown(await ListOf.ReadAsync("a.json",
        """{"News":["shape_one"],"Sport":["@shape_two"]}""")).ShouldBe("@shape_one|||News\n@shape_two|||Sport");

    [Fact]
    public async Task ATableOfAPageIsReadAsATable() => ListOf.Shown(await ListOf.ReadAsync("a.htm", """
        <html><table><thead><tr><th>#</th><th>Канал</th><th>Подписчики</th><th>Категория</th></tr></thead><tbody>
        <tr><td>1</td><td><a href="https://t.me/shape_one">Первый канал</a></td><td>1,2&nbsp;млн</td><td>Новости</td></tr>
        <tr><td>2</td><td><a href="https://t.me/joinchat/x">Второй</a></td><td>5</td><td>Новости</td></tr></tbody></table>
        """)).ShouldBe("@shape_one|1200000|Первый канал|Новости");

    [Theory]
    [InlineData("""{"type":"supergroup"}""", PassedOverReason.Group)]
    [InlineData("""{"type":"ChatType.GROUP"}""", PassedOverReason.Group)]
    [InlineData("""{"type":"ChatType.SUPERGROUP"}""", PassedOverReason.Group)]
    [InlineData("""{"_":"Chat"}""", PassedOverReason.Group)]
    [InlineData("""{"type":"Public group"}""", PassedOverReason.Group)]
    [InlineData("""{"type":"supergroup (forum)"}""", PassedOverReason.Group)]
    [InlineData("""{"type":"public_supergroup"}""", PassedOverReason.Group)]
    [InlineData("""{"peer_type":"chat"}""", PassedOverReason.Group)]
    [InlineData("""{"megagroup":true}""", PassedOverReason.Group)]
    [InlineData("""{"is_group":1}""", PassedOverReason.Group)]
    [InlineData("""{"broadcast":false}""", PassedOverReason.Group)]
    [InlineData("""{"type":{"@type":"chatTypeSupergroup","is_channel":false}}""", PassedOverReason.Group)]
    [InlineData("""{"_":"User"}""", PassedOverReason.Person)]
    [InlineData("""{"type":"ChatType.PRIVATE"}""", PassedOverReason.Person)]
    [InlineData("""{"Тип":"Пользователь"}""", PassedOverReason.Person)]
    [InlineData("""{"bot":"True"}""", PassedOverReason.Bot)]
    [InlineData("""{"type":"bot_chat"}""", PassedOverReason.Bot)]
    [InlineData("""{"scam":true}""", PassedOverReason.Restricted)]
    [InlineData("""{"is_fake":"yes"}""", PassedOverReason.Restricted)]
    [InlineData("""{"restricted":true}""", PassedOverReason.Restricted)]
    [InlineData("""{"restriction_reason":[{"platform":"all","reason":"terms"}]}""", PassedOverReason.Restricted)]
    [InlineData("""{"tgstat_restrictions":{"red_label":false,"black_label":true}}""", PassedOverReason.Restricted)]
    [InlineData("""{"type":"private_channel"}""", PassedOverReason.NotPublic)]
    public async Task WhatSaysThatItIsNoChannelIsLeftOut(string fields, PassedOverReason reason)
    {
        var part = await ListOf.ReadAsync("a.json", $"[{{\"username\":\"shape_one\",{fields[1..]},\"@shape_two\"]");

        NamesOf(part).ShouldBe("@shape_two");
        part.PassedOver.Single().ShouldBe(new(reason, 1));
    }

    [Theory]
    [InlineData("""{"type":"channel"}""")]
    [InlineData("""{"type":"ChatType.CHANNEL"}""")]
    [InlineData("""{"type":"news"}""")]
    [InlineData("""{"_":"Channel","megagroup":false,"broadcast":true,"scam":false,"fake":null,"restricted":false,"restriction_reason":[]}""")]
    [InlineData("""{"type":{"@type":"chatTypeSupergroup","is_channel":true}}""")]
    [InlineData("""{"tgstat_restrictions":{"red_label":false,"black_label":false}}""")]
    [InlineData("""{"tgstat_restrictions":[]}""")]
    [InlineData("""{"is_bot":"False","is_scam":0}""")]
    public async Task WhatSaysThatItIsAChannelIsTaken(string fields) => NamesOf(
        await ListOf.ReadAsync("a.json", $"[{{\"username\":\"shape_one\",{fields[1..]}]")).ShouldBe("@shape_one");

    [Theory]
    [InlineData("@some_helper_bot\n@shape_one\n", "@shape_one")]
    [InlineData("@shape_one @SomeBot", "@shape_one")]
    public async Task ABotsNameIsNoChannels(string text, string names) =>
        NamesOf(await ListOf.ReadAsync("a.txt", text)).ShouldBe(names);

    [Theory]
    [InlineData("a.csv", "name,subscribers\nTechnology,5\nCooking,6\n")]
    [InlineData("a.csv", "title,category\nTechnology,News\nCooking,Food\n")]
    [InlineData("a.csv", "username,title\nNone,Technology\nnan,Cooking\n-,News\n@null,x\nhttps://t.me/None,y\nN/A,z\n")]
    [InlineData("a.json", """[{"name":"Technology","id":5},{"title":"Cooking"}]""")]
    [InlineData("a.json", """{"status":"ok","result":{"title":"Technology"}}""")]
    [InlineData("a.json", """{"error":{"message":"none","description":"no"}}""")]
    [InlineData("a.json", """{"tags":["travel","cooking"],"topics":["sports"]}""")]
    [InlineData("a.json", """{"total_count":5,"page_size":50}""")]
    [InlineData("a.ndjson", """{"message":{"date":5}}""")]
    [InlineData("a.txt", "Technology and Cooking\nNews\n")]
    [InlineData("a.txt", "News - what happens\nSport - who wins\n")]
    [InlineData("a.txt", "page_size = 50\nmax_retries = 3\n")]
    [InlineData("a.py", "PAGE_SIZE = 50\nNAMES = {'total_count': 3}\n")]
    [InlineData("a.xml", "<?xml version='1.0'?><note><to>Somebody</to><body>Hello world</body></note>")]
    [InlineData("a.html", "<html><style>@media{}</style><script>'@script_name'</script></html>")]
    public async Task ATitleOrNoValueIsNoName(string file, string text)
    {
        var part = await ListOf.ReadAsync(file, text);

        NamesOf(part).ShouldBeEmpty();
        part.Failure.ShouldNotBeNull();
    }

    private static string NamesOf(SourcePart part) => string.Join(' ', part.Channels.Select(channel => channel.Name));
}
