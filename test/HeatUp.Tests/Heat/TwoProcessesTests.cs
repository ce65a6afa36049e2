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
        await LogInAsync();
        await using var first = await SitAsync("sessions.db");

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

    [Fact]
    public async Task WithADatabaseOfItsOwnTheOtherMeetsTheAccountsLock()
    {
        await LogInAsync();
        await using var first = await SitAsync("one.db");

        var other = await TerminalProcess.RunAsync(folder, "warmup alice", ("DATABASE_PATH", folder.File("other.db")));

        other.Code.ShouldBe(1);
        (other.Out + other.Error).ReplaceLineEndings(" ").ShouldContain("The account 'alice' has a sitting elsewhere");
    }

    private async Task LogInAsync()
    {
        await using var login = TerminalProcess.Start(folder, "account login alice");
        await login.AnswerAsync("such as +15550001122:", "+15550001111");
        await login.AnswerAsync("for another phone number):", "12345");
        (await login.EndAsync()).ShouldBe(0, login.Shown);
    }

    /// <summary>A sitting that has begun.</summary>
    private async Task<TerminalProcess> SitAsync(string database)
    {
        (await RunAsync("account allow alice @durov")).Code.ShouldBe(0);
        var sitting = TerminalProcess.Start(folder, "warmup alice", ("DATABASE_PATH", folder.File(database)));
        await sitting.SeeAsync("@durov");
        return sitting;
    }

    private Task<(int Code, string Out, string Error)> RunAsync(string arguments) =>
        TerminalProcess.RunAsync(folder, arguments);
}
