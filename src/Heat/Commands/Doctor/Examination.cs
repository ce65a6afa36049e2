using Heat.Accounts;
using Heat.Configuration;
using HeatUp.Channels;
using HeatUp.TdLib;
using Microsoft.Extensions.Logging.Abstractions;

namespace Heat.Commands.Doctor;

/// <summary>Looks at everything once. What can't be looked at because a setting is wrong says so.</summary>
/// <param name="sources">All that says settings.</param>
/// <param name="library">Loads TDLib; asked only outside the sandbox.</param>
/// <param name="callsModel">Whether the language model is tried with calls that may cost something.</param>
internal sealed class Examination(SettingSources sources, LibraryLoader library, bool callsModel)
{
    private readonly List<Finding> findings = [];
    private readonly List<string> refused = [];

    /// <summary>All findings, in the order in which one thing depends on the other.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellation)
    {
        var reading = SettingsReading.Of(sources);
        findings.AddRange(SettingsChecks.Of(reading, sources));
        // A setting that is left out may make another wrong, which is left out then.
        while (reading.Problems.Select(problem => problem.Name).OfType<string>().Except(refused).ToList() is
            { Count: > 0 } wrong)
        {
            refused.AddRange(wrong);
            reading = SettingsReading.Of(sources, refused);
        }
        var settings = reading.Settings;
        findings.Add(MachineChecks.Descriptors(settings));
        Add("channels", ["CHANNELS_FILE"], () => Channels(settings));
        await AddAsync("database", ["DATABASE_PATH", "DATABASE_URL", TelegramRules.Mode],
            () => StoreChecks.RunAsync(settings, cancellation));
        if (settings.DatabaseUrl is not null)
            Add("certificates", ["CLUSTER_CERTIFICATE", ClusterRules.ListenName],
                () => MachineChecks.Certificates(settings, TimeProvider.System));
        await AddAsync("model", ["LLM_BASE_URL", "LLM_API_KEY", "OPENAI_API_KEY", "LLM_MODEL"],
            () => ModelCheck.RunAsync(settings, callsModel, cancellation));
        Add("telegram",
            [TelegramRules.Mode, "TELEGRAM_API_ID", "TELEGRAM_API_HASH", "TDLIB_PATH", "TDLIB_DATABASE_KEY", "HOME"],
            () => Telegram(settings));
        await AddAsync("address", [SettingsRules.UrlsName, "API_TOKEN"],
            () => MachineChecks.AddressAsync(settings, cancellation));
        return findings;
    }

    private void Add(string what, string[] needed, Func<IEnumerable<Finding>> look)
    {
        if (WhyNot(what, needed) is { } blind) findings.Add(blind);
        else findings.AddRange(look());
    }

    private async Task AddAsync(string what, string[] needed, Func<Task<IReadOnlyList<Finding>>> look)
    {
        if (WhyNot(what, needed) is { } blind) findings.Add(blind);
        else findings.AddRange(await look());
    }

    private Finding? WhyNot(string what, string[] needed) => needed.FirstOrDefault(refused.Contains) is { } wrong
        ? Finding.Warning(what, $"It was not looked at, because {wrong} is wrong.", $"Correct {wrong} first.")
        : null;

    private static IEnumerable<Finding> Channels(Settings settings)
    {
        const string what = "channels";
        var file = new ChannelPoolFile(
            settings.ChannelsFile, TimeProvider.System, NullLogger<ChannelPoolFile>.Instance);
        if (file.Warnings.Length == 0)
            return [Finding.Ok(
                what, $"{settings.ChannelsFile}: {Counted.Of(file.Current.All.Length, "channel")}.")];
        return file.Warnings.Select(warning => Finding.Warning(what, warning)).SkipLast(1).Append(
            Finding.Warning(what, file.Warnings[^1], "Mend the file, or bring channels in: heat channels import FILE"));
    }

    private IEnumerable<Finding> Telegram(Settings settings)
    {
        const string what = "telegram";
        if (settings.Telegram is not { } telegram)
            return [Finding.Ok(what, "The embedded sandbox: nothing else is needed.")];
        try
        {
            var accounts = new LiveAccounts(telegram, library, TimeProvider.System, NullLoggerFactory.Instance);
            var loaded = accounts.Library;
            var state = accounts.Trouble;
            return
            [
                loaded.Warning is { } other ? Finding.Warning(what, other) : Finding.Ok(what, "TDLib can be loaded."),
                state is null
                    ? Finding.Ok(what, $"{Counted.Of(accounts.Book.List().Count, "account")} in {accounts.Folder}.")
                    : Finding.Warning(what, state),
            ];
        }
        catch (TdLibraryException missing)
        {
            return [Finding.Problem(what, missing.Message)];
        }
        catch (IOException failure)
        {
            return [Finding.Problem(what, FileTrouble.Of(failure))];
        }
    }
}
