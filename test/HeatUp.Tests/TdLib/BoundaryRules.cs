using System.Text.Json;

namespace HeatUp.Tests.TdLib;

/// <summary>
/// The rules of conduct at the last place where they can be seen: the text that goes to TDLib. Knows nothing of the
/// code that makes it.
/// </summary>
internal static class BoundaryRules
{
    /// <summary>What is asked of Telegram at all; everything else writes, tells, or is no business of ours.</summary>
    private static readonly string[] Known =
    [
        "setTdlibParameters", "getAuthorizationState", "setAuthenticationPhoneNumber", "checkAuthenticationCode",
        "resendAuthenticationCode", "setAuthenticationEmailAddress", "checkAuthenticationEmailCode",
        "checkAuthenticationPassword", "requestQrCodeAuthentication", "logOut", "close", "getMe", "searchPublicChat",
        "getChat", "getUser", "getSupergroup", "getSupergroupFullInfo", "getChatSimilarChats", "loadChats", "getChats",
        "joinChat", "openChat", "closeChat", "getChatHistory", "viewMessages",
    ];

    /// <summary>Which rule a request breaks, and how.</summary>
    public static IEnumerable<string> Broken(JsonElement request)
    {
        var name = request.GetProperty("@type").GetString()!;
        if (!Known.Contains(name)) return [$"7: {name} is no business of ours"];
        return name switch
        {
            "viewMessages" => OfViewing(request),
            "setTdlibParameters" => OfTheClient(request),
            _ => [],
        };
    }

    private static IEnumerable<string> OfViewing(JsonElement view)
    {
        var source = view.TryGetProperty("source", out var named) ? named.GetProperty("@type").GetString() : "none";
        if (source != "messageSourceOther") yield return $"4: the source is {source}";
        if (!view.TryGetProperty("force_read", out var forced) || forced.ValueKind != JsonValueKind.True)
            yield return "4: nothing is marked read";
    }

    private static IEnumerable<string> OfTheClient(JsonElement start)
    {
        var version = typeof(Sittings).Assembly.GetName().Version!.ToString(3);
        if (TextOf("device_model") != "Heat Up") yield return $"6: the device is {TextOf("device_model")}";
        if (TextOf("application_version") != version) yield return $"6: the version is {TextOf("application_version")}";
        if (start.TryGetProperty("use_secret_chats", out var secret) && secret.ValueKind == JsonValueKind.True)
            yield return "7: secret chats are no business of ours";

        string? TextOf(string field) => start.TryGetProperty(field, out var text) ? text.GetString() : null;
    }
}
