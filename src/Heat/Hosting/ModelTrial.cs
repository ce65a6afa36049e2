using Heat.Configuration;
using HeatUp.Channels;
using HeatUp.Plans.Llm;
using HeatUp.Sessions;

namespace Heat.Hosting;

/// <summary>Tries whether the language model of the settings can plan.</summary>
internal static class ModelTrial
{
    /// <summary>Makes two small calls, and counts what they took where there is a database.</summary>
    /// <exception cref="StoreException">What they took can't be counted.</exception>
    public static async Task<LlmCheckResult> RunAsync(
        Settings settings, LlmSettings model, CancellationToken cancellation)
    {
        await using var services = HeatServices.Build(settings, StoreUse.Ask);
        var pool = services.GetRequiredService<ChannelPoolFile>().Current;
        var result = await LlmCheck.RunAsync(model.ToOptions(), pool, TimeProvider.System, cancellation);
        // A check of a new installation makes no database; there is no budget yet that it could be missing from.
        if (result.Tokens != default && (settings.DatabaseUrl is not null || File.Exists(settings.DatabasePath)))
            await services.GetRequiredService<ISessionStore>().AddTokensAsync(
                DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), result.Tokens);
        return result;
    }

    /// <summary>The server's address without what may be secret in it.</summary>
    public static string Place(LlmSettings model) =>
        model.BaseUrl.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
