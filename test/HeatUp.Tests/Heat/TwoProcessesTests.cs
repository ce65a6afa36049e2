using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>Two heat processes and one account: while one has a sitting, the other does nothing with it.</summary>
public sealed class TwoProcessesTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task WhileOneHasASittingTheOtherNeitherSitsNorLogsInNorOut()
    {
        await using (var login = TerminalProcess.Start(folder, "account login alice"))
        {
            await login.AnswerAsync("such as +15550001122:", "+15550001111");
            await login.AnswerAsync("for another phone number):", "12345");
            (await login.EndAsync()).ShouldBe(0, login.Shown);
        }
        (await RunAsync("account allow alice @durov")).Code.ShouldBe(0);
        await using var first = TerminalProcess.Start(folder, "warmup alice");
        await first.SeeAsync("@durov");

        var (sitting, logout) = (RunAsync("warmup alice"), RunAsync("account logout alice --yes"));
        await using var second = TerminalProcess.Start(folder, "account login alice");
        (await second.EndAsync()).ShouldBe(1, second.Shown);

        second.Shown.ShouldContain("Another heat process works with this account.");
        (await logout).ShouldSatisfyAllConditions(
            ended => ended.Code.ShouldBe(1),
            ended => ended.Error.ShouldContain("Another heat process works with this account."));
        (await sitting).ShouldSatisfyAllConditions(
            ended => ended.Code.ShouldBe(1),
            ended => (ended.Out + ended.Error).ShouldContain("another process"));
        (await RunAsync("account list")).Out.ShouldContain("alice");
    }

    private Task<(int Code, string Out, string Error)> RunAsync(string arguments) =>
        TerminalProcess.RunAsync(folder, arguments);
}
