using System.CommandLine;
using System.Globalization;
using Heat.Api;
using Heat.Configuration;
using Heat.Reports;
using Heat.Shell;
using HeatUp.Channels;
using HeatUp.Channels.Sources;
using HeatUp.Sessions.Postgres;

namespace Heat.Commands.Channels;

/// <summary><c>heat channels fetch</c>: asks TGStat for channels, by hand only.</summary>
internal static class ChannelsFetchCommand
{
    /// <summary>The file beside the file of channels in which calls are counted.</summary>
    private const string LedgerName = "tgstat_calls.json";

    /// <summary>What one installation spends at most, far more than any plan allows.</summary>
    private const int BudgetMax = 1_000_000;

    public static Command Build(Terminal terminal)
    {
        var country = new Option<string?>("--country")
        {
            Description = $"The country's code at TGStat (default: {TgstatOptions.CountryDefault})",
        };
        var language = new Option<string?>("--language") { Description = "The language's code, such as english" };
        var category = new Option<string[]>("--category")
        {
            Description = "Only this category, such as News, or a code of TGStat's; may be repeated",
            DefaultValueFactory = _ => [],
        };
        var budget = new Option<int?>("--budget")
        {
            Description = "The most calls in any 30 days (default: what the subscription allows, else "
                + $"{CallLedger.CallsMaxDefault})",
            CustomParser = result => int.TryParse(
                result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var read)
                && read is >= 1 and <= BudgetMax
                    ? read
                    : Options.Wrong<int?>(result, $"--budget is a whole number from 1 to {BudgetMax}"),
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the calls that it would make; costs nothing" };
        var json = Options.Json();
        var command = new Command("fetch",
            "Searches TGStat once for each category and merges what it finds into CHANNELS_FILE.")
        { country, language, category, budget, dryRun, json }.WithExamples(
            "heat channels fetch --dry-run",
            "heat channels fetch --category Science --category Music",
            "heat channels fetch --country ru --language english --budget 50 --json");
        command.SetAction(async (parsed, _) =>
        {
            var settings = Settings.Load();
            if (settings.Tgstat.ApiToken is not { } token)
                throw new SettingsException(["TGSTAT_API_TOKEN is not set: fetching needs the token of a TGStat "
                    + "subscription (https://api.tgstat.ru)."]);
            var options = new TgstatOptions
            {
                BaseUrl = settings.Tgstat.BaseUrl,
                Token = token.Reveal(),
                Country = parsed.GetValue(country),
                Language = parsed.GetValue(language),
                Categories = parsed.GetValue(category) ?? [],
                Budget = parsed.GetValue(budget),
                // Only others' servers need a rest.
                Pause = settings.Tgstat.BaseUrl.IsLoopback ? TimeSpan.Zero : TimeSpan.FromSeconds(1),
            };
            return await FetchAsync(
                settings, options, parsed.GetValue(dryRun), parsed.GetValue(json), terminal);
        });
        return command;
    }

    private static async Task<int> FetchAsync(
        Settings settings, TgstatOptions options, bool isDry, bool asJson, Terminal terminal)
    {
        MergeSession.CheckTarget(settings.ChannelsFile, isDry);
        if (options.BaseUrl is { Scheme: "http", IsLoopback: false })
            terminal.Warn("TGSTAT_BASE_URL is not https: the token goes over the network unencrypted.");
        using var interruption = new Interruption();
        await using var store = settings.DatabaseUrl is not { } address ? null : await PostgresSessionStore.OpenAsync(
            address, telegram: null, TimeProvider.System, makes: !isDry, interruption.Token);
        using var file = store is null ? LedgerBeside(settings.ChannelsFile.Path, isDry) : null;
        ICallLedger ledger = file ?? (ICallLedger)store!.Channels;
        using var view = new FetchProgressView(terminal, TimeProvider.System);
        using var source = new TgstatSource(options, ledger, TimeProvider.System, view.Take);
        var plan = await source.PrepareAsync(interruption.Token);
        if (isDry || plan.Refusal is not null)
        {
            view.Dispose();
            return TellPlan(plan, isDry, asJson, terminal);
        }
        var session = new MergeSession(source, settings.ChannelsFile, isDry: false);
        await session.RunAsync(interruption.Token);
        view.Dispose();
        var answer = session.Answer with { Calls = CallsAnswer.Of(plan.Allowance!, source.Calls) };
        return MergeView.Tell(answer, asJson, terminal);
    }

    private static int TellPlan(TgstatPlan plan, bool isDry, bool asJson, Terminal terminal)
    {
        if (asJson) terminal.WriteJson(FetchPlanAnswer.Of(plan), ApiJson.Readable.FetchPlanAnswer);
        else if (isDry) ShowPlan(plan, terminal);
        if (plan.Refusal is not { } refusal) return ExitCode.Done;
        terminal.Complain(refusal);
        return ExitCode.Failed;
    }

    private static void ShowPlan(TgstatPlan plan, Terminal terminal)
    {
        foreach (var search in plan.Searches)
            terminal.WriteLine((terminal.IsPiped ? $"{search.Title}\t" : $"{search.Title,-14} ")
                + $"GET /{Uri.UnescapeDataString(search.Call)}&token=***");
        if (plan.Allowance is not { } allowance) return;
        terminal.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Counted.Of(plan.Searches.Count, "call")}; {allowance.Left:N0} left of {allowance.Limit:N0} in 30 days, ")
            + string.Create(CultureInfo.InvariantCulture, $"{allowance.Used:N0} made from here")
            + (allowance.SpentAtTgstat is { } spent
                ? string.Create(CultureInfo.InvariantCulture,
                    $"; TGStat counts {spent:N0} of {allowance.LimitAtTgstat:N0}.")
                : "; TGStat doesn't say how many it counts."));
    }

    private static CallLedger LedgerBeside(string channelsFile, bool isDry)
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(channelsFile))!, LedgerName);
        return isDry ? CallLedger.OpenToLook(path, TimeProvider.System) : CallLedger.Open(path, TimeProvider.System);
    }
}
