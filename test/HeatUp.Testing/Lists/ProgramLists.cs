namespace HeatUp.Testing.Lists;

/// <summary>Lists as programs, services and spreadsheets write them.</summary>
internal static class ProgramLists
{
    public static IReadOnlyList<ListCase> All { get; } =
    [
        new("td_result_single.json", """
        {"name": "My saved", "type": "saved_messages", "id": 1, "messages": [{"id": 1, "type": "message",
        "text": "https://t.me/saved_one_demo", "text_entities": [{"type": "link",
        "text": "https://t.me/saved_one_demo"}]}, {"id": 2, "type": "message", "text": ["read ", {"type": "mention",
        "text": "@saved_two_demo"}, " now"], "text_entities": [{"type": "plain", "text": "read "}, {"type": "mention",
        "text": "@saved_two_demo"}]}, {"id": 3, "type": "message", "text": [{"type": "text_link", "text": "here",
        "href": "https://t.me/saved_three_demo"}], "text_entities": [{"type": "text_link", "text": "here",
        "href": "https://t.me/saved_three_demo"}]}]}
        """, "@saved_one_demo\n@saved_two_demo\n@saved_three_demo"),
        new("telethon_csv.csv", """
        id,access_hash,title,username,date,participants_count,megagroup,broadcast,verified,scam,fake
        1001,-123456789012345,A channel,tel_csv_one,2024-01-01 00:00:00+00:00,1500,False,True,True,False,False
        1002,-223456789012345,A group,tel_csv_two,2024-01-01 00:00:00+00:00,200,True,False,False,False,False
        1003,323456789012345,Scam one,tel_csv_three,2024-01-01 00:00:00+00:00,99,False,True,False,True,False
        1004,323456789012345,Fake one,tel_csv_four,2024-01-01 00:00:00+00:00,99,False,True,False,False,True
        """, "@tel_csv_one|1500|A channel"),
        new("pyrogram.json", """
        [{"_": "Dialog", "chat": {"_": "Chat", "id": -1001, "type": "ChatType.CHANNEL", "is_verified": true,
        "is_restricted": false, "is_scam": false, "is_fake": false, "title": "Pyro", "username": "pyro_channel",
        "members_count": 777, "photo": {"small_file_id": "x"}}, "top_message": {"_": "Message",
        "text": "join @not_this_one"}}, {"_": "Dialog", "chat": {"_": "Chat", "id": -1002,
        "type": "ChatType.SUPERGROUP", "title": "Grp", "username": "pyro_group"}}, {"_": "Dialog",
        "chat": {"_": "Chat", "id": 3, "type": "ChatType.BOT", "first_name": "B", "username": "pyro_helper"}},
        {"_": "Dialog", "chat": {"_": "Chat", "id": 4, "type": "ChatType.CHANNEL", "is_scam": true, "title": "S",
        "username": "pyro_scam"}}]
        """, "@pyro_channel|777|Pyro"),
        new("tdlib_supergroups.json", """
        [{"@type": "supergroup", "id": 1, "usernames": {"@type": "usernames", "active_usernames": ["tdsg_one",
        "tdsg_alias"], "disabled_usernames": [], "editable_username": "tdsg_one"}, "date": 1600000000,
        "status": {"@type": "chatMemberStatusLeft"}, "member_count": 55, "is_channel": true}, {"@type": "supergroup",
        "id": 2, "usernames": {"@type": "usernames", "active_usernames": ["tdsg_two"], "disabled_usernames": [],
        "editable_username": "tdsg_two"}, "member_count": 66, "is_channel": false}, {"@type": "supergroup", "id": 3,
        "usernames": null, "member_count": 66, "is_channel": true}]
        """, "@tdsg_one|55"),
        new("tgstat_export.csv", """
        #;Название канала;Ссылка;Категория;Подписчиков;Прирост за месяц;Средний охват поста;ИЦ
        1;Первый;https://tgstat.ru/channel/@tgs_exp_one/stat;Новости и СМИ;1 204 567;+12 345;350 000;5 012,4
        2;Второй;https://tgstat.ru/channel/@tgs_exp_two/stat;Юмор;998 001;-1 200;120 500;998
        3;Закрытый;https://tgstat.ru/channel/AAAAAEabcdef12345;Юмор;55 000;0;5 000;10
        ;Итого;;;2 257 568;;;
        """, "@tgs_exp_one|1204567|Первый|Новости и СМИ\n@tgs_exp_two|998001|Второй|Юмор"),
        new("popsters.csv", """
        Сообщество;Ссылка;Подписчики;Соцсеть
        Канал А;https://t.me/popsters_one;1000;Telegram
        Группа Б;https://vk.com/popsters_vk;2000;ВКонтакте
        Инста;https://www.instagram.com/popsters_inst/;3000;Instagram
        """, "@popsters_one|1000|Канал А"),
        new("excel_sep_tab.csv", "sep=\\t\nname\tusername\nA\ttab_sep_one\nB\ttab_sep_two\n", "@tab_sep_one||A\n@tab_sep_two||B"),
        new("merged_head_ru.csv", """
        Канал;;Показатели;;
        Название;Ссылка;Подписчики;Охват;ER
        А;https://t.me/mergedru_one;100;50;1%
        Б;https://t.me/mergedru_two;200;60;2%
        """, "@mergedru_one|100|А\n@mergedru_two|200|Б"),
        new("head_far.csv", """
        Report
        Made on 2024-01-01
        By team

        Filters: none
        Sort: subscribers

        Title,Username,Subscribers
        A,@far_one,100
        B,@far_two,200
        """, "@far_one|100|A\n@far_two|200|B"),
        new("total_row_bare.csv", """
        channel,subscribers
        total_bare_one,100
        total_bare_two,200
        Total,300
        Average,150
        """, "@total_bare_one|100\n@total_bare_two|200"),
        new("head_repeat_other.csv", """
        Title,Username,Subscribers
        A,@repo_one,100

        Username,Subscribers,Title
        @repo_two,200,B
        """, "@repo_one|100|A\n@repo_two|200|B"),
        new("excel_errors.csv", """
        username,title,members
        @err_one,#REF!,#N/A
        @err_two,#NAME?,#VALUE!
        #N/A,X,5
        @err_three,#DIV/0!,12
        """, "@err_one\n@err_two\n@err_three|12"),
        new("two_columns_side.csv", """
        News,Sport
        @side_one,@side_two
        @side_three,@side_four
        """, """
        @side_one
        @side_two
        @side_three
        @side_four
        """),
        new("two_columns_side_head.csv", """
        Channel,Subs,,Channel,Subs
        @sideh_one,100,,@sideh_two,200
        @sideh_three,300,,@sideh_four,400
        """, """
        @sideh_one|100
        @sideh_two|200
        @sideh_three|300
        @sideh_four|400
        """),
        new("multi_in_cell_lines.csv", """
        Тема,Каналы
        Новости,"https://t.me/ml_one
        https://t.me/ml_two"
        Спорт,https://t.me/ml_three
        """, "@ml_one|||Новости\n@ml_two|||Новости\n@ml_three|||Спорт"),
        new("pandas_tostring.txt", """
                   username     title  members
        0      pds_one_demo     First     1500
        1      pds_two_demo    Second    23000
        2  pds_three_demo_x       NaN      NaN
        """, "@pds_one_demo|1500|First\n@pds_two_demo|23000|Second\n@pds_three_demo_x"),
        new("pandas_records.json", """
        [{"username":"pdr_one","members":1500.0,"title":null},{"username":null,"members":null,"title":"X"},{"username":"pdr_two","members":NaN,"title":NaN}]
        """, "@pdr_one|1500\n@pdr_two"),
        new("dump.sql", """
        -- MySQL dump 10.13
        DROP TABLE IF EXISTS `channels`;
        CREATE TABLE `channels` (
          `id` int NOT NULL AUTO_INCREMENT,
          `username` varchar(64) DEFAULT NULL,
          `title` varchar(255) DEFAULT NULL,
          `members` int DEFAULT NULL,
          PRIMARY KEY (`id`)
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
        INSERT INTO `channels` (`id`, `username`, `title`,
        `members`) VALUES (1,'sql_one_demo','It''s news',1500),(2,'sql_two_demo','Sport,
        (live)',NULL),(3,NULL,'Private',7);
        """, "@sql_one_demo|1500|It's news\n@sql_two_demo||Sport, (live)"),
        new("pg_copy.sql",
            "--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\n\n"
            + "COPY public.channels (id, username, title, members) FROM stdin;\n"
            + "1\tpgc_one\tNews\t1500\n2\tpgc_two\t\\N\t\\N\n3\t\\N\tPrivate\t7\n\\.\n\n",
            "@pgc_one|1500|News\n@pgc_two"),
        new("mysql.txt", """
        +----+--------------+--------+---------+
        | id | username     | title  | members |
        +----+--------------+--------+---------+
        |  1 | mysql_one    | News   |    1500 |
        |  2 | mysql_two    | NULL   |    NULL |
        +----+--------------+--------+---------+
        2 rows in set (0.00 sec)
        """, "@mysql_one|1500|News\n@mysql_two"),
        new("sqlite_box.txt", """
        ┌────┬──────────┬───────┐
        │ id │ username │ title │
        ├────┼──────────┼───────┤
        │ 1  │ sqb_one  │ News  │
        │ 2  │ sqb_two  │ Sport │
        └────┴──────────┴───────┘
        """, "@sqb_one||News\n@sqb_two||Sport"),
        new("md_table.md", """
        # Каналы

        | № | Канал | Подписчики | О чём |
        |---|---|---:|---|
        | 1 | [Первый](https://t.me/mdt_one) | 12 345 | новости |
        | 2 | [Второй](https://t.me/mdt_two) | 1.2M | спорт |

        Ещё: @mdt_three
        """, "@mdt_one|12345|Первый\n@mdt_two|1200000|Второй\n@mdt_three"),
        new("printed_dicts.txt", """
        {'username': 'pdict_one', 'title': "It's", 'members': 1500}
        {'username': 'pdict_two', 'title': None, 'members': None}
        """, "@pdict_one|1500|It's\n@pdict_two"),
        new("bare_lists.yml", """
        # sources
        sources:
          telegram:
            - ymlb_one
            - ymlb_two
          rss:
            - https://example.org/feed
        """, "@ymlb_one\n@ymlb_two"),
        new("block.yml", """
        - username: ymlk_one
          about: |
            Long text
            with @not_ymlk_admin
          members: 5
        - username: ymlk_two
          about: >-
            Folded
          members: 6
        """, "@ymlk_one|5\n@ymlk_two|6"),
        new("plain.xml", """
        <channels>
         <channel id="1"><username>plx_one</username><title>First</title><members>10</members></channel>
         <channel id="2"><username>plx_two</username><title>Second</title><members>20</members></channel>
        </channels>
        """, "@plx_one|10|First\n@plx_two|20|Second"),
        new("tgstat_page.html", """
        <!DOCTYPE html><html lang="ru"><head><title>Рейтинг каналов</title><base href="https://tgstat.ru/"></head><body>
        <nav><a href="/ratings/channels">Каталог</a> <a href="/chat/@tgp_chat_nav">Чаты</a> <a href="https://t.me/TGStat_Bot">Бот</a></nav>
        <div class="card"><div class="row"><div class="col">
        <a href="https://tgstat.ru/channel/@tgp_one/stat" class="text-body"><div class="font-16">Первый канал</div></a>
        </div><div class="col"><h4>1 204 567</h4> подписчиков</div></div></div>
        <div class="card"><div class="row"><div class="col"><a href="/channel/@tgp_two/stat"><div>Второй</div></a>
        </div><div><h4>998 001</h4></div></div></div>
        <footer><a href="https://vk.com/tgstat">VK</a> © TGStat <a href="mailto:mail@tgstat.ru">mail@tgstat.ru</a>
        </footer></body></html>
        """, "@tgp_one\n@tgp_two"),
        new("gsheet.html", """
        <html><head><style>.ritz .waffle a{color:inherit}</style></head><body><div class="ritz grid-container">
        <table class="waffle"><thead><tr><th class="row-header"></th><th>A</th><th>B</th><th>C</th></tr></thead><tbody>
        <tr><th>1</th><td>Title</td><td>Username</td><td>Subs</td></tr><tr><th>2</th><td>One</td><td>gsh_one</td>
        <td>1,200</td></tr><tr><th>3</th><td>Two</td><td>
        <a href="https://www.google.com/url?q=https://t.me/gsh_two&amp;sa=D">@gsh_two</a></td><td>35K</td></tr></tbody>
        </table></div></body></html>
        """, "@gsh_one|1200|One\n@gsh_two|35000|Two"),
        new("table_rowspan.html", """
        <html><body><table><tr><th>Category</th><th>Channel</th><th>Subscribers</th></tr><tr><td rowspan=2>News</td>
        <td>@rsp_one</td><td>10</td></tr><tr><td>@rsp_two</td><td>20</td></tr><tr><td>Sport</td><td>@rsp_three</td>
        <td>30</td></tr></table></body></html>
        """, "@rsp_one|10||News\n@rsp_two|20||News\n@rsp_three|30||Sport"),
    ];
}
