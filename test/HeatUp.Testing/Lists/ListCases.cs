namespace HeatUp.Testing.Lists;

/// <summary>A list of channels of a shape that people have met, and what a person would say who looks at it.</summary>
/// <param name="File">What it is called.</param>
/// <param name="Text">What it says.</param>
/// <param name="Channels">The channels in it, one a line: name, subscribers, description, category, with bars between; what
/// nobody says is empty, and bars at the end are left out.</param>
public sealed record ListCase(string File, string Text, string Channels);

/// <summary>Lists of channels as the world writes them. All names are made up.</summary>
public static class ListCases
{
    /// <summary>The lists.</summary>
    public static IReadOnlyList<ListCase> All { get; } =
    [
        new("dialogs.json", """
        [
         {"id": 111, "name": "Alice Example", "type": "private", "username": "alice_example_person", "member_count": null},
         {"id": 222, "name": "Some Bot", "type": "bot", "username": "some_helper_bot"},
         {"id": -100333, "name": "Talk", "type": "supergroup", "username": "talk_supergroup_demo", "member_count": 1500},
         {"id": -100444, "name": "News", "type": "channel", "username": "news_demo_channel", "member_count": 5000},
         {"id": -100555, "name": "Secret", "type": "channel", "username": null, "member_count": 12},
         {"id": -100666, "name": "Technology", "type": "channel", "member_count": 12}
        ]
        """, "@news_demo_channel|5000|News"),
        new("keyed.yml", """
        channels:
          - username: keyed_one
            title: First
            subscribers: 1.2M
          - username: keyed_two
            type: group
        """, "@keyed_one|1200000|First"),
        new("list.xml", """
        <?xml version="1.0"?>
        <list><channel link="https://t.me/xml_one" title="First"/>
        <channel><username>xml_two</username><members>5</members></channel></list>
        """, """
        @xml_one||First
        @xml_two|5
        """),
        new("channels.py", """
        # mine
        CHANNELS = [
            {'username': 'python_one', 'scam': False, 'about': None},
            {'username': 'python_two', 'scam': True},
        ]
        """, "@python_one"),
        new("leads.txt", """
        == News ==
        1. lead_one - what happens, 1.2M
        2. lead_two (more of it)
        """, """
        @lead_one
        @lead_two
        """),
        new("bare_columns.tsv", "bare_one\tNews\t1200000\nbare_two\tSport\t900000\n", """
        @bare_one
        @bare_two
        """),
        new("kr_header.csv", """
        카테고리,채널명,핸들,URL,설명
        뉴스,데모,@kr_demo,https://t.me/kr_demo,설명입니다
        """, "@kr_demo||설명입니다|뉴스"),
        new("members_count.csv", """
        id,name,type,username,members_count,date_added
        11,"Not a bug, but",Channel,mc_demo_one,883805,2025-12-16 19:04:43
        """, "@mc_demo_one|883805|Not a bug, but"),
        new("name_link.csv", """
        name,link
        Technology,
        Cooking,https://t.me/joinchat/AAAAAExample
        Music lovers,https://t.me/music_lovers_demo
        Gardening,https://t.me/+AbCdEf123
        Pets,https://t.me/None
        """, "@music_lovers_demo||Music lovers"),
        new("oneline.json", """
        {"channels":[{"username":"@oneline_demo","title":"x"}]}
        """, "@oneline_demo||x"),
        new("oneline_reply.json", """
        {"status":"ok","response":{"count":1,"items":[{"username":"@oneline_reply","title":"x"}]}}
        """, "@oneline_reply||x"),
        new("pandas_none.csv", """
        id,title,username,participants_count
        1001,Private club,None,120
        1002,Open talk,open_talk_demo,"12,345"
        1003,No name,nan,7
        1004,Empty,null,9
        1005,Empty two,NULL,9
        1006,Undefined,undefined,9
        1007,False,False,9
        """, "@open_talk_demo|12345|Open talk"),
        new("plural_header.csv", """
        Channels
        bare_plural_one
        bare_plural_two
        """, """
        @bare_plural_one
        @bare_plural_two
        """),
        new("reply_filter.json", """
        {"status":"ok","response":{"count":2,"items":[
        {"id":2,"link":"t.me/demo_reply_group","peer_type":"chat","username":"@demo_reply_group","title":"A group","participants_count":21},
        {"id":3,"link":"t.me/demo_reply_red","peer_type":"channel","username":"@demo_reply_red","title":"Marked","participants_count":5,"tgstat_restrictions":{"red_label":true,"black_label":false}}]}}
        """, ""),
        new("ru_header.csv", """
        Название;Ссылка;Подписчики;Категория
        Новости дня;https://t.me/ru_head_demo;12 345;Новости
        """, "@ru_head_demo|12345|Новости дня|Новости"),
        new("subcount.csv", """
        Channel name,Link,Subscriber Count,Description,Image JSON
        Demo,"{""href"": ""https://t.me/json_cell_demo"",""label"":""Link""}",1169,About it,"{""img_src"":""data:,x""}"
        """, "@json_cell_demo|1169|About it"),
        new("title_about.csv", """
        title,tier,about,username,link,subscribers
        Short name,info,"A long explanation of what the channel does, day by day.",demo_title_about,https://t.me/demo_title_about,10061
        """, "@demo_title_about|10061|A long explanation of what the channel does, day by day."),
        new("tme_subs.csv", """
        search_term,title,link,subscribers
        tools,One,https://t.me/tme_subs_one,"996 members, 16 online"
        tools,Two,https://t.me/tme_subs_two,969 subscribers
        tools,Three,https://t.me/tme_subs_three,704 564 subscribers
        tools,Four,https://t.me/tme_subs_four,1.31M subscribers
        """, """
        @tme_subs_one|996|One
        @tme_subs_two|969|Two
        @tme_subs_three|704564|Three
        @tme_subs_four|1310000|Four
        """),
        new("unclosed.csv", """
        username,title
        @q1_demo,"unclosed
        @q2_demo,x
        @q3_demo,y
        """, """
        @q1_demo||unclosed
        @q2_demo||x
        @q3_demo||y
        """),
        new("urls.csv", """
        url,title
        tg://resolve?domain=tg_csv_demo,x
        https://tgstat.ru/channel/@tgstat_csv_demo,y
        https://tgstat.com/channel/@tgstat2_csv_demo/stat,z
        https://t.me/s/prev_csv_demo,a
        https://t.me/post_csv_demo/77,b
        https://t.me/c/123/4,c
        https://web.telegram.org/a/#@web_csv_demo,d
        telegram.me/tgme_csv_demo,e
        https://sub_csv.t.me,f
        """, """
        @tg_csv_demo||x
        @tgstat_csv_demo||y
        @tgstat2_csv_demo||z
        @prev_csv_demo||a
        @post_csv_demo||b
        @web_csv_demo||d
        @tgme_csv_demo||e
        @sub_csv||f
        """),
        new("bare.txt", """
        bare_name_one
        bare_name_two
        """, """
        @bare_name_one
        @bare_name_two
        """),
        new("links_hard.txt", """
        👉@emoji_prefix_demo
        👉 @emoji_space_demo
        👉https://t.me/emoji_link_demo
        @emoji_suffix_demo👈
        Канал:@colon_glued_demo
        Подписаться:https://t.me/colon_link_demo
        tg://resolve?domain=tg_resolve_demo
        https://web.telegram.org/k/#@web_k_demo
        https://subdomain-demo.t.me/
        https://subdomain_demo.t.me
        https://tgstat.ru/channel/@tgstat_ru_demo
        https://tgstat.com/channel/@tgstat_com_demo/stat
        https://t.me/s/preview_demo?before=123
        https://t.me/c/1234567890/55
        https://t.me/post_demo/123?single&comment=4
        https://t.me/topic_demo/5/6
        https://t.me/story_demo/s/3
        https://t.me/boost/boosted_demo
        https://t.me/boosted_demo2?boost
        https://t.me/start_demo_bot?start=abc
        https://t.me/addlist/AbCdEfGh
        https://t.me/joinchat/AAAAAEXAMPLE
        https://t.me/+AbCdEfGh
        https://t.me/+79990001122
        https://telegram.me/telegram_me_demo
        http://www.t.me/www_demo
        HTTPS://T.ME/UPPER_DEMO
        https://telegram.dog/dog_demo
        t.me/plain_demo
        mail: someone@mail_demo.com, other@gmail.com
        _@italic_demo_
        **@bold_demo**
        ~~@strike_demo~~
        `@code_demo`
        @slash_a_demo/@slash_b_demo
        @dash_demo—описание
        t.me/emdash_demo—описание
        "https:\/\/t.me\/escaped_demo"
        href=https://t.me/unquoted_demo
        <a href=https://t.me/unquoted_tag_demo>x</a>
        <a href="https://t.me/quoted_demo">x</a>
        https://l.example/?u=https%3A%2F%2Ft.me%2Fencoded_demo
        https://t.me/iv?url=https%3A%2F%2Fexample.org&rhash=1
        https://t.me/share/url?url=https://t.me/inner_demo
        @name.with.dot
        @trailing_underscore_
        @_leading_demo
        @double__underscore
        @abcd
        @abc
        1. @numbered_demo
        2)@paren_glued_demo
        •@bullet_demo
        -@hyphen_demo
        @demo_apos's channel
        @кириллица
        https://t.me/кириллица
        https://t.me/None
        https://t.me/username
        @username
        @admin
        """, Names(
            "emoji_prefix_demo emoji_space_demo emoji_link_demo emoji_suffix_demo colon_glued_demo "
            + "colon_link_demo tg_resolve_demo web_k_demo subdomain_demo tgstat_ru_demo tgstat_com_demo "
            + "preview_demo post_demo topic_demo story_demo boosted_demo boosted_demo2 telegram_me_demo www_demo "
            + "UPPER_DEMO dog_demo plain_demo italic_demo bold_demo strike_demo code_demo slash_a_demo slash_b_demo "
            + "dash_demo emdash_demo escaped_demo unquoted_demo unquoted_tag_demo quoted_demo encoded_demo "
            + "inner_demo abcd numbered_demo paren_glued_demo bullet_demo hyphen_demo demo_apos")),
        new("page.html", """
        <!doctype html><html><head>
        <style>@media (max-width:600px){a{color:red}} @import url("x.css"); @font-face{font-family:x}
        @keyframes spin{from{}to{}} @supports (display:grid){} @charset "utf-8";
        @layer base; @page{margin:0} @container (min-width:1px){} @property --x{}</style>
        <script type="application/ld+json">{"@context":"https://schema.org","@type":"Organization","@graph":[],"sameAs":["https://t.me/ld_demo"]}</script>
        <script>/** @param {x} @return {y} @deprecated */ var u="https:\/\/t.me\/script_demo";</script>
        </head><body>
        <meta name="twitter:site" content="@twitter_handle_demo">
        <a href="https://t.me/body_demo">Body demo</a> mail <a href="mailto:info@body_mail_demo.org">x</a>
        <a href="https://instagram.com/@insta_demo">i</a> <a href="https://www.tiktok.com/@tiktok_demo">t</a>
        <a href="https://www.youtube.com/@youtube_demo">y</a> YouTube: @youtube_at_demo
        <p>&nbsp;@entity_demo&nbsp;next</p>
        </body></html>
        """, Names("body_demo entity_demo")),
        new("subs.csv",
            "username;title;members\n"
            + "@subs_dotm;one;1.2M\n"
            + "@subs_space;two;12 345\n"
            + "@subs_mln;three;1,5 млн\n"
            + "@subs_k;four;12.3K\n"
            + "@subs_float;five;12345.0\n"
            + "@subs_comma;six;1,5\n"
            + "@subs_swiss;seven;12'345\n"
            + "@subs_german;eight;12.345\n"
            + "@subs_word;nine;5 000 subscribers\n"
            + "@subs_tys;ten;5,4 тыс.\n"
            + "@subs_tilde;eleven;~5000\n"
            + "@subs_nbsp;twelve;12 345\n"
            + "@subs_nnbsp;13;12 345\n"
            + "@subs_plus;14;+1000\n"
            + "@subs_wrong;15;1,2,3\n"
            + "@subs_e;16;1.2e4\n"
            + "@subs_dash;17;-\n",
            "@subs_dotm|1200000|one\n"
            + "@subs_space|12345|two\n"
            + "@subs_mln|1500000|three\n"
            + "@subs_k|12300|four\n"
            + "@subs_float|12345|five\n"
            + "@subs_comma||six\n"
            + "@subs_swiss|12345|seven\n"
            + "@subs_german|12345|eight\n"
            + "@subs_word|5000|nine\n"
            + "@subs_tys|5400|ten\n"
            + "@subs_tilde|5000|eleven\n"
            + "@subs_nbsp|12345|twelve\n"
            + "@subs_nnbsp|12345|13\n"
            + "@subs_plus|1000|14\n"
            + "@subs_wrong||15\n"
            + "@subs_e|12000|16\n"
            + "@subs_dash||17"),
        .. ProgramLists.All, .. FoundLists.All,
    ];

    private static string Names(string names) => string.Join('\n', names.Split(' ').Select(name => $"@{name}"));
}
