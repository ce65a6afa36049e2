using System.Reflection;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;

namespace HeatUp.Tests.Runs.Conduct;

/// <summary>Rule 7: there is no method that writes, reacts, votes, presses, forwards, invites or changes a profile.</summary>
/// <remarks>That Telegram's library is asked for nothing else either, <c>TdRequestTests</c> holds.</remarks>
public sealed class SilenceRuleTests
{
    [Fact]
    public void ASessionJoinsReadsAndAsksAndNothingElse()
    {
        MethodsOf(typeof(ITelegram)).ShouldBe(
            ["ConnectAsync", "LookUpAsync", "SimilarAsync", "get_Trouble"], ignoreOrder: true);
        MethodsOf(typeof(ITelegramSession)).ShouldBe(["JoinAsync", "ReadAsync"], ignoreOrder: true);
        MethodsOf(typeof(IAccountTelegram)).ShouldBe(
            ["ConnectAsync", "LookUpAsync", "SimilarAsync", "KeepHeardAsync", "get_Trouble"], ignoreOrder: true);
        MethodsOf(typeof(IAccountSession)).ShouldBe(
            ["JoinAsync", "ReadAsync", "FollowsAsync", "FollowedAsync", "TakeNews"], ignoreOrder: true);
    }

    [Fact]
    public void TheRulesHaveNoSecondDoorToTelegram() =>
        MethodsOf(typeof(LiveConduct)).ShouldBe(
            ["ConnectAsync", "LookUpAsync", "SimilarAsync", "get_Trouble", "AdmitAsync", "DisposeAsync"], ignoreOrder: true);

    [Fact]
    public void AMethodThatWritesIsSeen() =>
        MethodsOf(typeof(IWriting)).ShouldBe([nameof(IWriting.WriteAsync)]);

    /// <summary>What <see cref="ITelegram"/> must never become.</summary>
    private interface IWriting : ITelegram
    {
        ValueTask<Outcome> WriteAsync(string text);
    }

    private static IEnumerable<string> MethodsOf(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(method => method.Name);
}
