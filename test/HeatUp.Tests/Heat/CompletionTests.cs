using HeatUp.Tests.Sessions.Postgres;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>Tab, in real shells.</summary>
public sealed class CompletionTests(PostgresServer postgres) : IAsyncLifetime
{
    // What bash does when somebody presses Tab behind this.
    private const string Bash = """
        eval "$(heat completion bash)"
        COMP_LINE=$LINE; COMP_POINT=${#COMP_LINE}; COMP_WORDS=($COMP_LINE); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _heat_complete heat
        printf '%s\n' "${COMPREPLY[@]}"
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

        (await BashAsync("heat war")).ShouldBe("warmup");
        (await BashAsync("heat warmup alice --pa")).ShouldBe("--pace");
        (await BashAsync("heat help ch")).ShouldBe("channels");
        (await BashAsync("heat completion ")).ShouldBe("bash fish pwsh zsh");
        (await BashAsync("heat history ")).ShouldBe("alice bob:1 bob:2 user@x мария");
        // Bash itself replaces what stands after the last of its word breaks.
        (await BashAsync("heat forget bob:")).ShouldBe("1 2");
        (await BashAsync("heat recommend user@")).ShouldBe("x");
        (await BashAsync("heat account allow alice @bbc")).ShouldBe("bbcpersian bbcrussian");
        (await BashAsync("heat channels --category Sci")).ShouldBe("Science");
        (await BashAsync("heat report r")).ShouldBe("runs/a");
        (await BashAsync("heat simulate --resume ")).ShouldBe("runs/a");
    }

    [Fact]
    public async Task WithoutADatabaseOrWithAWrongSettingNothingIsCompletedAndNothingSaid()
    {
        File.Delete(folder.File("sessions.db"));
        (await BashAsync("heat history ")).ShouldBeEmpty();

        folder.Write(".env", "PACE=fast\n");

        (await BashAsync("heat history ")).ShouldBeEmpty();
        (await BashAsync("heat war")).ShouldBe("warmup");
        File.Exists(folder.File("sessions.db")).ShouldBeFalse();
    }

    [Fact]
    public async Task SessionsOfPostgresAreCompletedToo()
    {
        var address = PostgresServer.UrlOf(await postgres.NewDatabaseAsync());
        await HeatProcess.RunAsync(folder, ["db", "export", "all.ndjson"]);
        await HeatProcess.RunAsync(folder, ["db", "import", "all.ndjson"], ("DATABASE_URL", address));
        folder.Write(".env", $"DATABASE_URL={address}\n");

        var completed = "";
        // Who is slow is not waited for, and this machine may be busy.
        for (var tries = 0; completed.Length == 0 && tries < 10; tries++) completed = await BashAsync("heat history bob");
        completed.ShouldBe("bob:1 bob:2");
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

    private async Task<string> BashAsync(string line)
    {
        var ended = await HeatProcess.RunShellAsync(folder, $"LINE='{line}'\n{Bash}");
        return string.Join(' ', ended.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static void Skip(string shell) => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(place => File.Exists(Path.Combine(place, shell))),
        $"{shell} is not installed.");
}
