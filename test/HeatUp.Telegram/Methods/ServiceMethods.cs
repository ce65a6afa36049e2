using HeatUp.Telegram.Tl;
using HeatUp.Telegram.World;

namespace HeatUp.Telegram.Methods;

/// <summary>What clients ask about the service itself, and what needs more than the smallest answer.</summary>
internal sealed class ServiceMethods(TelegramWorld world)
{
    /// <summary>For how many seconds clients believe what they were told: whatever is over is asked for again.</summary>
    private const int BelievedFor = 24 * 3600;

    public void AddTo(MethodTable table)
    {
        table.Add("help.getConfig", Config, isOpen: true);
        table.Add("help.getNearestDc", call => new TlObject("nearestDc")
        {
            { "country", "XX" }, { "this_dc", CenterOf(call) }, { "nearest_dc", CenterOf(call) },
        }, isOpen: true);
        table.Add("help.getAppConfig", AppConfig, isOpen: true);
        table.Add("help.getPromoData", _ => new TlObject("help.promoDataEmpty") { { "expires", Later } });
        table.Add("help.getTermsOfServiceUpdate", _ => new TlObject("help.termsOfServiceUpdateEmpty") { { "expires", Later } });
        // A client that is told of no change where it knows nothing ends itself.
        table.Add("messages.getStickerSet", _ => throw new RpcError(400, "STICKERSET_INVALID"));
        // As many as were asked for: none of them has a story.
        table.Add("stories.getPeerMaxIDs", call => call.Query.All<TlObject>("id")
            .Select(_ => (object)new TlObject("recentStory")).ToList());
        table.Add("users.getUsers", call => call.Query.All<TlObject>("id")
            .Where(user => user.Name == "inputUserSelf" || user.Long("user_id") == call.Account.Id)
            .Select(_ => (object)LoginMethods.UserOf(call.Account)).ToList());
    }

    /// <summary>Where clients learn that an account is frozen, and until when.</summary>
    private object AppConfig(Call call)
    {
        var values = new List<TlObject>();
        if (call.Device.Account is { IsFrozen: true })
            values.AddRange(Number("freeze_since_date", world.Now), Number("freeze_until_date", Later));
        return new TlObject("help.appConfig")
        {
            { "hash", 1 }, { "config", new TlObject("jsonObject") { { "value", values } } },
        };

        static TlObject Number(string key, int number) => new("jsonObjectValue")
        {
            { "key", key }, { "value", new TlObject("jsonNumber") { { "value", (double)number } } },
        };
    }

    private int Later => world.Now + BelievedFor;

    private static int CenterOf(Call call) => call.Session.Connection?.DataCenter ?? DataCenters.Default;

    /// <summary>The data centre must be the one that is asked, and among those that are named.</summary>
    private object Config(Call call) => new TlObject("config")
    {
        { "date", world.Now }, { "expires", world.Now + BelievedFor }, { "this_dc", CenterOf(call) },
        {
            "dc_options", DataCenters.Addresses.Select(center => new TlObject("dcOption")
            {
                { "id", center.Key }, { "ip_address", center.Value }, { "port", DataCenters.Port },
            }).ToList()
        },
        { "dc_txt_domain_name", "" }, { "chat_size_max", 200 }, { "megagroup_size_max", 200_000 },
        { "forwarded_count_max", 100 }, { "online_update_period_ms", 210_000 }, { "offline_blur_timeout_ms", 5_000 },
        { "offline_idle_timeout_ms", 30_000 }, { "online_cloud_timeout_ms", 300_000 }, { "notify_cloud_delay_ms", 30_000 },
        { "notify_default_delay_ms", 1_500 }, { "push_chat_period_ms", 60_000 }, { "push_chat_limit", 2 },
        { "edit_time_limit", 172_800 }, { "revoke_time_limit", int.MaxValue }, { "revoke_pm_time_limit", int.MaxValue },
        { "rating_e_decay", 2_419_200 }, { "stickers_recent_limit", 200 }, { "channels_read_media_period", 604_800 },
        { "call_receive_timeout_ms", 20_000 }, { "call_ring_timeout_ms", 90_000 }, { "call_connect_timeout_ms", 30_000 },
        { "call_packet_timeout_ms", 10_000 }, { "me_url_prefix", "https://t.me/" }, { "caption_length_max", 1_024 },
        { "message_length_max", 4_096 }, { "webfile_dc_id", 4 },
    };
}
