using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using HeatUp.TdLib;
using HeatUp.TdLib.Api;

namespace HeatUp.Tests.TdLib;

/// <summary>What can be asked of Telegram at all: this list, and no more.</summary>
public sealed class TdRequestTests
{
    /// <summary>Each name here was thought about; one more is a decision about conduct.</summary>
    private static readonly string[] Allowed =
    [
        // Logging in and out.
        "setTdlibParameters", "getAuthorizationState", "setAuthenticationPhoneNumber", "checkAuthenticationCode",
        "resendAuthenticationCode", "setAuthenticationEmailAddress", "checkAuthenticationEmailCode",
        "checkAuthenticationPassword", "requestQrCodeAuthentication", "logOut", "close", "getMe",
        // Finding channels, and joining them.
        "searchPublicChat", "getChat", "getUser", "getSupergroup", "getSupergroupFullInfo", "getChatSimilarChats",
        "loadChats", "getChats", "joinChat",
        // Reading.
        "openChat", "closeChat", "getChatHistory", "viewMessages",
    ];

    private static readonly Assembly Binding = typeof(TdClient).Assembly;

    [Fact]
    public void OnlyWhatIsAllowedCanBeAsked() =>
        typeof(TdRequest).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(derived => derived.TypeDiscriminator)
            .ShouldBe(Allowed);

    [Fact]
    public void EveryRequestIsOnTheListUnderItsName() =>
        Binding.GetTypes().Where(type => type.IsSubclassOf(typeof(TdRequest)) && !type.IsAbstract)
            .Select(type => $"{char.ToLowerInvariant(type.Name[0])}{type.Name[1..]}")
            .ShouldBe(Allowed, ignoreOrder: true);

    [Fact]
    public void EveryRequestHasASampleThatTheRealParserIsAsked() =>
        TdRequestSamples.In("").Select(request => request.Name).ShouldBe(Allowed);

    [Fact]
    public void NobodyOutsideCanMakeARequestOfTheirOwn()
    {
        const BindingFlags all = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        foreach (var open in Binding.GetTypes().Where(type => type.IsAssignableTo(typeof(TdRequest)) && !type.IsSealed))
            open.GetConstructors(all).ShouldAllBe(made => made.IsFamilyAndAssembly || made.IsPrivate || IsCopy(made), $"{open}");
    }

    [Fact]
    public void NoPublicDoorTakesTextForTelegram() =>
        (from type in Binding.GetExportedTypes()
         from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
         where method.Name.Contains("Send", StringComparison.Ordinal) || method.Name.Contains("Execute", StringComparison.Ordinal)
         where !method.GetParameters()[0].ParameterType.IsAssignableTo(typeof(TdRequest))
         select $"{type}.{method}").ShouldBeEmpty();

    [Fact]
    public void ReadingNeverRaisesViewCounters()
    {
        var view = Encoding.UTF8.GetString(new ViewMessages(-100123, [2, 1]).ToJson(7));

        view.ShouldBe("""{"@type":"viewMessages","chat_id":-100123,"message_ids":[2,1],"source":{"@type":"messageSourceOther"},"force_read":true,"@extra":7}""");
        typeof(ViewMessages).GetProperties().Where(property => property.CanWrite).Select(property => property.Name)
            .ShouldBe([nameof(ViewMessages.ChatId), nameof(ViewMessages.MessageIds)]);
    }

    [Fact]
    public void TheClientSaysTruthfullyWhatItIs()
    {
        var start = new SetTdlibParameters(false, "/a", [1], 17, "hash");

        start.DeviceModel.ShouldBe("Heat Up");
        start.ApplicationVersion.ShouldBe(typeof(Sittings).Assembly.GetName().Version!.ToString(3));
        start.SystemVersion.ShouldBe(System.Runtime.InteropServices.RuntimeInformation.OSDescription);
        typeof(SetTdlibParameters).GetConstructors().Single().GetParameters().Select(parameter => parameter.Name)
            .ShouldBe(["UseTestDc", "DatabaseDirectory", "DatabaseEncryptionKey", "ApiId", "ApiHash"]);
    }

    [Fact]
    public void ARequestShowsItsNameAndNoSecret()
    {
        foreach (var request in TdRequestSamples.In("/folder"))
            $"{request}".ShouldBe(request.Name);
        $"{new EmailCode("12345")}".ShouldNotContain("12345");
    }

    private static bool IsCopy(ConstructorInfo made) => made.GetParameters() is [var only] && only.ParameterType == made.DeclaringType;
}
