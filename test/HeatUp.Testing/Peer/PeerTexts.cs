namespace HeatUp.Testing.Peer;

/// <summary>The parts of TDLib's objects that are the same each time.</summary>
internal static class PeerTexts
{
    /// <summary>What takes a call of its own.</summary>
    public const string FullInfo = """
        {"@type":"supergroupFullInfo","community_id":0,"description":"A channel of the sandbox",
        "member_count":4211,"administrator_count":0,"restricted_count":0,"banned_count":0,"linked_chat_id":0,
        "direct_messages_chat_id":0,"slow_mode_delay":0,"slow_mode_delay_expires_in":0.0,
        "can_enable_paid_messages":false,"can_enable_paid_reaction":false,"can_get_members":false,
        "has_hidden_members":false,"can_hide_members":false,"can_set_sticker_set":false,
        "can_set_location":false,"can_get_statistics":false,"can_get_revenue_statistics":false,
        "can_get_star_revenue_statistics":false,"can_send_gift":false,"can_toggle_aggressive_anti_spam":false,
        "is_all_history_available":false,"can_have_sponsored_messages":false,
        "has_aggressive_anti_spam_enabled":false,"has_paid_media_allowed":false,"has_pinned_stories":false,
        "gift_count":0,"my_boost_count":0,"unrestrict_boost_count":0,"outgoing_paid_message_star_count":0,
        "sticker_set_id":"0","custom_emoji_sticker_set_id":"0","guard_bot_user_id":0,"bot_commands":[],
        "upgraded_from_basic_group_id":0,"upgraded_from_max_message_id":0}
        """;

    /// <summary>What readers may do: nothing.</summary>
    public const string Permissions = """
        {"@type":"chatPermissions","can_send_basic_messages":false,"can_send_audios":false,
        "can_send_documents":false,"can_send_photos":false,"can_send_videos":false,"can_send_video_notes":false,
        "can_send_voice_notes":false,"can_send_polls":false,"can_send_other_messages":false,
        "can_add_link_previews":false,"can_react_to_messages":false,"can_edit_tag":false,
        "can_change_info":false,"can_invite_users":false,"can_pin_messages":false,"can_create_topics":false}
        """;

    /// <summary>As Telegram sets them.</summary>
    public const string Notifications = """
        {"@type":"chatNotificationSettings","use_default_mute_for":true,"mute_for":0,"use_default_sound":true,
        "sound_id":"0","use_default_show_preview":true,"show_preview":false,"use_default_mute_stories":true,
        "mute_stories":false,"use_default_story_sound":true,"story_sound_id":"0",
        "use_default_show_story_poster":true,"show_story_poster":false,
        "use_default_disable_pinned_message_notifications":true,"disable_pinned_message_notifications":false,
        "use_default_disable_mention_notifications":true,"disable_mention_notifications":false}
        """;

    /// <summary>A chat, from its lists on.</summary>
    public const string ChatRest = """
        {"has_protected_content":false,"is_translatable":false,"is_marked_as_unread":false,
        "view_as_topics":false,"has_scheduled_messages":false,"has_welcome_messages":false,
        "can_be_deleted_only_for_self":false,"can_be_deleted_for_all_users":false,"can_be_reported":true,
        "default_disable_notification":false,"unread_count":0,"last_read_inbox_message_id":0,
        "last_read_outbox_message_id":0,"unread_mention_count":0,"unread_reaction_count":0,
        "unread_poll_vote_count":0,"notification_settings":{},
        "available_reactions":{"@type":"chatAvailableReactionsSome","reactions":[],"max_reaction_count":11},
        "message_auto_delete_time":0,"video_chat":{"@type":"videoChat","group_call_id":0,
        "has_participants":false},"reply_markup_message_id":0,"client_data":""}
        """;

    /// <summary>A post; who and when is filled in.</summary>
    public const string Message = """
        {"@type":"message","id":319815680,"sender_id":{"@type":"messageSenderChat","chat_id":-1001234567890},
        "chat_id":-1001234567890,"is_outgoing":false,"is_pinned":false,"is_from_offline":false,
        "can_be_saved":true,"has_timestamped_media":true,"is_channel_post":true,
        "is_paid_star_suggested_post":false,"is_paid_gram_suggested_post":false,"contains_unread_mention":false,
        "contains_unread_poll_votes":false,"date":1750000305,"edit_date":0,
        "interaction_info":{"@type":"messageInteractionInfo","view_count":100,"forward_count":2},
        "unread_reactions":[],"self_destruct_in":0.0,"auto_delete_in":0.0,"via_bot_user_id":0,
        "sender_business_bot_user_id":0,"sender_boost_count":0,"sender_tag":"","paid_message_star_count":0,
        "author_signature":"","media_album_id":"0","effect_id":"0","summary_language_code":"",
        "content":{"@type":"messageText","text":{"@type":"formattedText","text":"A post","entities":[]}},
        "ephemeral_message_id":0,"chat_instance":"0"}
        """;

    /// <summary>A user that is a program.</summary>
    public const string Bot = """
        {"@type":"userTypeBot","can_be_edited":false,"can_join_groups":true,"can_read_all_group_messages":false,
        "has_main_web_app":false,"has_topics":false,"allows_users_to_create_topics":false,"is_inline":false,
        "inline_query_placeholder":"","need_location":false,"can_connect_to_business":false,
        "can_be_added_to_attachment_menu":false,"active_user_count":0}
        """;
}
