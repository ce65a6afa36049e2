using HeatUp.Tests.Sessions.Postgres;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>Tab, in real shells.</summary>
public sealed class CompletionTests(PostgresServer postgres) : IAsyncLifetime
{
    // What bash does when somebody presses Tab behind this; what it offers is on one line.
    private const string Bash = """
        eval "$(heat completion bash)"
        tab() {
          COMP_LINE=$1; COMP_POINT=${#COMP_LINE}; COMP_WORDS=($COMP_LINE); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
          _heat_complete heat
          echo "${COMPREPLY[*]}"
        }
        """;

    private readonly TempFolder folder = new();

    public async ValueTask InitializeAsync()
    {
        foreach (var session in (string[])["alice", "bob:1", "bob:2", "user@x", "мария"])
            await HeatProcess.RunAsync(folder, ["warmup", session, "--pace", "0"]);
        File.Copy(Repository.File("channels_data.json"), folder.File("channels_data.json"));
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task BashCompletesCommandsOptionsAndNames()
    {
        await HeatProcess.RunAsync(folder, ["simulate", "--sessions", "3", "--days", "1", "--out", "runs/a"]);

        // Bash itself replaces what stands after the last of its word breaks.
        (string Line, string Offered)[] tabs =
        [
            ("heat war", "warmup"), ("heat warmup alice --pa", "--pace"), ("heat help ch", "channels"),
            ("heat completion ", "bash fish pwsh zsh"), ("heat history ", "alice bob:1 bob:2 user@x мария"),
            ("heat forget bob:", "1 2"), ("heat recommend user@", "x"),
            ("heat account allow alice @bbc", "bbcpersian bbcrussian"), ("heat channels --category Sci", "Science"),
            ("heat report r", "runs/a"), ("heat simulate --resume ", "runs/a"),
        ];
        (await OfferedAsync([.. tabs.Select(tab => tab.Line)])).ShouldBe(tabs.Select(tab => tab.Offered));
    }

    [Fact]
    public async Task WithoutADatabaseOrWithAWrongSettingNothingIsCompletedAndNothingSaid()
    {
        File.Delete(folder.File("sessions.db"));
        (await BashAsync("heat history ")).ShouldBe([""]);

        folder.Write(".env", "PACE=fast\n");

        (await BashAsync("heat history ", "heat war")).ShouldBe(["", "warmup"]);
        File.Exists(folder.File("sessions.db")).ShouldBeFalse();
    }

    [Fact]
    public async Task SessionsOfPostgresAreCompletedToo()
    {
        var address = PostgresServer.UrlOf(await postgres.NewDatabaseAsync());
        await HeatProcess.RunAsync(folder, ["db", "export", "all.ndjson"]);
        await HeatProcess.RunAsync(folder, ["db", "import", "all.ndjson"], ("DATABASE_URL", address));
        folder.Write(".env", $"DATABASE_URL={address}\n");

        (await OfferedAsync("heat history bob")).ShouldBe(["bob:1 bob:2"]);
    }

    [Fact]
    public async Task FishCompletes()
    {
        Skip("fish");

        var ended = await HeatProcess.RunShellAsync(folder,
            "heat completion fish | source; complete -C 'heat war'; complete -C 'heat history b'", "fish");

        ended.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["warmup", "bob:1", "bob:2"]);
    }

    [Fact]
    public async Task ZshCompletes()
    {
        Skip("zsh");

        // Its completion asks the function through a key; here the function is asked with what it would find.
        var ended = await HeatProcess.RunShellAsync(folder, """
            compdef() { :; }; compadd() { shift 2; print -l -- "$@"; }; _files() { print files; }
            source <(heat completion zsh)
            try() { words=(${(z)1}); CURRENT=$2; PREFIX=$3; _heat; }
            try 'heat war' 2 war
            try 'heat history bob:' 3 bob:
            """, "zsh");

        ended.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["warmup", "bob:1", "bob:2"]);
    }

    [Fact]
    public async Task AShellThatThereIsntIsRefusedWithThoseThatThereAre()
    {
        var ended = await HeatProcess.RunAsync(folder, ["completion", "tcsh"]);

        ended.Code.ShouldBe(2);
        ended.Error.ShouldContain("'bash'");
        ended.Error.ShouldContain("'pwsh'");
    }

    /// <summary>What is offered to lines that there is an offer to: who is slow is not waited for, and this machine may be busy.</summary>
    private async Task<string[]> OfferedAsync(params string[] lines)
    {
        var offered = await BashAsync(lines);
        for (var tries = 0; offered.Contains("") && tries < 10; tries++) offered = await BashAsync(lines);
        return offered;
    }

    private async Task<string[]> BashAsync(params string[] lines)
    {
        var ended = await HeatProcess.RunShellAsync(
            folder, $"{Bash}\n{string.Join('\n', lines.Select(line => $"tab '{line}'"))}");
        ended.Out.ShouldEndWith("\n");
        return ended.Out[..^1].Split('\n');
    }

    private static void Skip(string shell) => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(place => File.Exists(Path.Combine(place, shell))),
        $"{shell} is not installed.");
}
