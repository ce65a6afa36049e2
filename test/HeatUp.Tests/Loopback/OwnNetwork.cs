using System.Diagnostics;
using HeatUp.Testing;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Loopback;

/// <summary>
/// The network that a test gives to its processes. Where none can be made, tests are skipped with the reason, or fail if
/// <c>CI</c> or <c>HEATUP_REQUIRE_NAMESPACES</c> is set.
/// </summary>
internal static class OwnNetwork
{
    /// <summary>What, set, says that tests in it may not be skipped.</summary>
    public const string Variable = "HEATUP_REQUIRE_NAMESPACES";

    private static readonly Lazy<string?> WhyNot = new(Try);

    /// <summary>Skips the test, or fails it, if no network can be made.</summary>
    public static void Require()
    {
        if (WhyNot.Value is { } why) Requirement.Miss(Variable, why);
    }

    /// <inheritdoc cref="NetworkNamespace.New"/>
    public static ProcessStartInfo New(IEnumerable<string> addresses, params string[] program) =>
        Streams(NetworkNamespace.New(addresses, program));

    /// <summary>Has a program started in the network of a process that was started so.</summary>
    public static ProcessStartInfo In(Process owner, ProcessStartInfo start)
    {
        string[] arguments =
        [
            .. NetworkNamespace.IsRoot
                ? (string[])[$"--net=/proc/{owner.Id}/ns/net"]
                : [$"--user=/proc/{owner.Id}/ns/user", $"--net=/proc/{owner.Id}/ns/net", "--preserve-credentials"],
            "--", start.FileName, .. start.ArgumentList,
        ];
        start.FileName = "nsenter";
        start.ArgumentList.Clear();
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Streams(start);
    }

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux()) return "Only Linux has networks of a process's own.";
        try
        {
            using var trial = Process.Start(New(["149.154.175.50"], "nsenter", "--version"))!;
            var said = trial.StandardError.ReadToEnd();
            trial.WaitForExit();
            return trial.ExitCode == 0 ? null : $"No network of one's own can be made here: {said.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return $"No network of one's own can be made here: {missing.Message} (util-linux and iproute2 have what is needed).";
        }
    }

    private static ProcessStartInfo Streams(ProcessStartInfo start)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        return start;
    }
}
