using Heat.Commands;
using Heat.Shell;
using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Sandbox;
using HeatUp.TdLib;
using HeatUp.Testing.Peer;

namespace HeatUp.TdLibChild;

/// <summary>
/// Heat's command line as it ships, but over a Telegram that stands in for the real one: for walking through a login in
/// a real terminal. Everybody's code is 12345, and a QR code is scanned as soon as it shows.
/// </summary>
internal static class HeatOverPeer
{
    /// <summary>The word that chooses it, before heat's own arguments.</summary>
    public const string Word = "heat";

    private static readonly TimeSpan LooksEvery = TimeSpan.FromMilliseconds(200);

    private static readonly PeerOwner[] Owners =
    [
        new("+15550001111") { Id = 1 },
        new("+15550002222") { Id = 2, Password = "meow", PasswordHint = "what the cat says" },
        new("+15550003333") { Id = 3, PhoneError = new TelegramError(400, "PHONE_NUMBER_BANNED") },
        new("+15550008888") { Id = 8, CodeFor = TimeSpan.Zero },
        new("+15550009999") { Id = 9, PhoneError = new TelegramError(400, "PHONE_NUMBER_FLOOD") },
        new("+15550004444") { Id = 4, IsRegistered = false },
        new("+15550005555") { Id = 5, PhoneError = new TelegramError(429, "Too Many Requests: retry after 3700") },
        new("+15550006666") { Id = 6, NamesEmailAddress = true, EmailCode = "654321" },
        new("+15550007777") { Id = 7, IsFrozen = true },
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        // Its accounts are no real ones: neither they nor its settings lie where those of whoever starts it do.
        Environment.SetEnvironmentVariable("XDG_DATA_HOME", Path.GetFullPath("data"));
        Environment.SetEnvironmentVariable("XDG_CONFIG_HOME", Path.GetFullPath("config"));
        var sandbox = new SandboxTelegram(
            () => ChannelPool.VerifiedOnly, TimeProvider.System, Pace.Real, new Seed(7), SandboxFaults.None);
        var peer = new ScriptedPeer(TimeProvider.System, sandbox);
        foreach (var owner in Owners) peer.Add(owner);
        using var scanner = new Timer(_ => Scan(peer), null, LooksEvery, LooksEvery);
        return await HeatCommand.RunAsync(args, Terminal.OfProcess(), (_, _, log) => peer.Library(log));
    }

    private static void Scan(ScriptedPeer peer)
    {
        if (peer.QrLink is { } link) peer.Scan(link, Owners[0]);
    }
}
