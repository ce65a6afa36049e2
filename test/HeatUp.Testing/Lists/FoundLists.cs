namespace HeatUp.Testing.Lists;

/// <summary>Lists as people find and keep them, and what must not be taken out of them.</summary>
internal static class FoundLists
{
    public static IReadOnlyList<ListCase> All { get; } =
    [
        new("numbered_bare_desc.txt", """
        Top channels
        1. numb_one: all news
        2. numb_two: all sport
        3. numb_three: all food
        """, "@numb_one\n@numb_two\n@numb_three"),
        new("space_columns_bare.txt", """
        spb_one      1200   News channel
        spb_two      35000  Sport
        spb_three    9      Food and more
        """, "@spb_one\n@spb_two\n@spb_three"),
        new("cli_table.txt", """
        NAME            USERNAME        MEMBERS
        News daily      cli_one         1200
        Sport           cli_two         35000
        """, "@cli_one|1200|News daily\n@cli_two|35000|Sport"),
        new("dict_at_counts.json", """
        {"@dac_one": "1.2M", "@dac_two": "15K"}
        """, "@dac_one|1200000\n@dac_two|15000"),
        new("dict_title_to_name.json", """
        {"News daily": "@dtn_one", "Sport": "https://t.me/dtn_two"}
        """, "@dtn_one||News daily\n@dtn_two||Sport"),
        new("jsonapi.json", """
        {"data": [{"type": "channel", "id": "1", "attributes": {"username": "japi_one", "title": "A",
        "subscribers": 10}, "links": {"self": "https://api.example.org/1"}}, {"type": "group", "id": "2",
        "attributes": {"username": "japi_grp", "title": "G"}}]}
        """, "@japi_one|10|A"),
        new("json_in_csv.csv", """
        id,data
        1,"{""username"": ""jic_one"", ""members"": 10}"
        2,"{""username"": ""jic_two"", ""members"": 20}"
        """, "@jic_one|10\n@jic_two|20"),
        new("py_list_in_csv.csv", """
        category,channels
        News,"['plc_one', 'plc_two']"
        Sport,"['plc_three']"
        """, "@plc_one|||News\n@plc_two|||News\n@plc_three|||Sport"),
        new("jsonp.js", """
        callback({"channels":[{"username":"jsonp_one"},{"username":"jsonp_two"}]});
        """, "@jsonp_one\n@jsonp_two"),
        new("history_counts.json", """
        [{"username": "hc_one", "subscribers": [{"date": "2024-01-01", "value": 5}, {"date": "2024-01-02",
        "value": 9}]}, {"username": "hc_two", "subscribers_history": [1, 2, 3], "subscribers": 7}]
        """, "@hc_one\n@hc_two|7"),
        new("which_count_ru.csv", """
        Юзернейм;Подписчики (24 ч);Подписчики, всего;Прирост подписчиков
        @wcr_one;+5;1 200;60
        @wcr_two;-1;3 400;2
        """, "@wcr_one|1200\n@wcr_two|3400"),
        new("socials_no_tg.csv", """
        Name,Twitter,Instagram
        A,@snt_tw,@snt_in
        B,@snt_tw2,@snt_in2
        """, ""),
        new("twitter_col.csv", """
        username,platform,followers
        @twc_one,telegram,100
        @twc_two,twitter,200
        @twc_three,Instagram,300
        @twc_four,Telegram,400
        """, "@twc_one|100\n@twc_four|400"),
        new("titles_like_names.csv", """
        title,id,members
        cooking_daily,5,10
        news_today,6,20
        """, ""),
        new("types_lang.csv", """
        username,type
        tl_one,Канал
        tl_two,Группа
        tl_three,Чат
        tl_four,Супергруппа
        tl_five,Бот
        tl_six,Личный чат
        tl_seven,canal
        tl_eight,grupo
        tl_nine,Kanal
        tl_ten,Gruppe
        tl_eleven,grup
        tl_twelve,كانال
        tl_13x,频道
        tl_14x,群组
        tl_15x,채널
        tl_16x,그룹
        tl_17x,кана́л
        tl_18x,група
        tl_19x,Публичный канал
        tl_20x,Закрытый канал
        tl_21x,Public channel
        tl_22x,Private channel
        tl_23x,Megagroup
        tl_24x,broadcast
        """, """
        @tl_one
        @tl_seven
        @tl_nine
        @tl_twelve
        @tl_13x
        @tl_15x
        @tl_17x
        @tl_19x
        @tl_21x
        @tl_24x
        """),
        new("flags_words.csv", """
        username,verified,scam,fake,restricted
        fw_one,yes,no,no,no
        fw_two,no,yes,no,no
        fw_three,✓,,✓,
        fw_four,TRUE,FALSE,FALSE,FALSE
        fw_five,0,1,0,0
        fw_six,Да,Нет,Нет,Да
        fw_seven,-,-,-,-
        fw_eight,N/A,N/A,N/A,N/A
        """, """
        @fw_one
        @fw_four
        @fw_seven
        @fw_eight
        """),
        new("status_col.csv", """
        Username;Статус
        sc_one;активен
        sc_two;заблокирован
        sc_three;скам
        sc_four;удалён
        sc_five;active
        sc_six;banned
        sc_seven;deleted
        """, "@sc_one\n@sc_five"),
        new("entity_type_nested.json", """
        [{"username": "etn_one", "type": {"name": "channel"}}, {"username": "etn_two", "type": {"name": "supergroup"}},
        {"username": "etn_three", "chat": {"type": "group"}}, {"username": "etn_four", "is_channel": true,
        "is_group": false}, {"username": "etn_five", "is_channel": false, "is_megagroup": true},
        {"username": "etn_six", "broadcast": true, "gigagroup": false}]
        """, "@etn_one\n@etn_four\n@etn_six"),
        new("type_chats_channels.json", """
        {"channels": [{"username": "tcc_one"}], "groups": [{"username": "tcc_grp"}],
        "users": [{"username": "tcc_user"}], "bots": [{"username": "tcc_helperbot"}]}
        """, "@tcc_one"),
        new("comma_title_first.csv", """
        title,username,members
        News, politics,@ctf_one,100
        Sport,@ctf_two,200
        """, "@ctf_one|100|News, politics\n@ctf_two|200|Sport"),
        new("head_german.csv", """
        Titel;Benutzername;Mitglieder;Kategorie
        Eins;hg_one;1.200;News
        Zwei;hg_two;3.400;Sport
        """, "@hg_one|1200|Eins|News\n@hg_two|3400|Zwei|Sport"),
        new("called_mixed.csv", """
        Channel,Members
        Great news @p_cm_one,100
        Sport life (@p_cm_two),200
        No handle here,300
        """, "@p_cm_one|100|Great news\n@p_cm_two|200|Sport life"),
        new("heads.txt", """
        Каналы:
        @p_h_one
        @p_h_two

        Чаты:
        @p_h_chat

        Полезное:
        @p_h_three
        """, "@p_h_one\n@p_h_two\n@p_h_three"),
        new("socials_nested.json", """
        [{"name": "A", "socials": {"twitter": "https://twitter.com/x_y", "telegram": "https://t.me/p_sn_one"}},
        {"name": "B", "socials": {"telegram": null}}]
        """, "@p_sn_one||A"),
        new("wide_bare.csv", """
        title,username,members
        News, politics,p_wb_one,100
        Sport,p_wb_two,200
        Food,p_wb_three,300
        """, "@p_wb_one|100|News, politics\n@p_wb_two|200|Sport\n@p_wb_three|300|Food"),
        new("pipe_groups.md", """
        ## Groups

        | Channel | Link |
        |---|---|
        | A | https://t.me/p_pg_grp |

        ## Channels

        | Channel | Link |
        |---|---|
        | B | https://t.me/p_pg_chan |
        """, "@p_pg_chan||B"),
        new("sqlite_dump.sql", """
        PRAGMA foreign_keys=OFF;
        BEGIN TRANSACTION;
        CREATE TABLE channels (id INTEGER PRIMARY KEY, username TEXT, members INTEGER);
        INSERT INTO channels VALUES(1,'p_sd_one',100);
        INSERT INTO channels VALUES(2,'p_sd_two',NULL);
        COMMIT;
        """, "@p_sd_one|100\n@p_sd_two"),
        new("xml_frag.xml", """
        <channel><username>p_xf_one</username></channel>
        <channel><username>p_xf_two</username></channel>
        """, "@p_xf_one\n@p_xf_two"),
        new("rel.html", """
        <html><body><a href="/@p_r_medium">m</a><a href="/channel/@p_r_one">c</a><a href="/p_r_two">x</a>
        <a href="/chat/@p_r_chat">g</a><a href="?x=@p_r_q">q</a></body></html>
        """, "@p_r_one"),
        new("cols_html.html", """
        <table><tr><th>Канал</th><th>Instagram</th><th>Подписчики</th></tr><tr><td>@p_ch_one</td><td>@p_ch_in</td>
        <td>5</td></tr><tr><td></td><td>@p_ch_in2</td><td>6</td></tr></table>
        """, "@p_ch_one|5"),
        new("names_obj.json", """
        {"channels": {"p_no_one": 1500, "p_no_two": 2500}}
        """, "@p_no_one|1500\n@p_no_two|2500"),
    ];
}
