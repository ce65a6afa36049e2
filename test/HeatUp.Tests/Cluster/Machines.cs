using System.Diagnostics;
using HeatUp.Tests.Loopback;

namespace HeatUp.Tests.Cluster;

/// <summary>
/// Machines as far as a network goes: each has a namespace of Linux to itself, and a cable to a switch that all of them
/// share. Files are common to all.
/// </summary>
internal sealed class Machines : IAsyncDisposable
{
    private readonly List<Process> holders = [];

    /// <summary>How many there are.</summary>
    public int Count => holders.Count - 1;

    private Process Switch => holders[0];

    /// <summary>A machine's address in the others' eyes.</summary>
    public static string AddressOf(int machine) => $"10.9.0.{machine + 1}";

    public static async Task<Machines> StartAsync(int count)
    {
        OwnNetwork.Require();
        var machines = new Machines();
        await machines.HoldAsync(OwnNetwork.New([], Holding("ip link add switch type bridge && ip link set switch up")));
        for (var machine = 0; machine < count; machine++)
        {
            string[] own = ["--net", .. Holding("ip link set lo up")];
            await machines.HoldAsync(OwnNetwork.In(machines.Switch, new("unshare", own)));
            await RunAsync(OwnNetwork.In(machines.Switch, Shell($"""
                ip link add {Cable(machine)} type veth peer name cable netns {machines.holders[^1].Id} &&
                ip link set {Cable(machine)} master switch up
                """)));
            await RunAsync(machines.On(machine, Shell($"ip address add {AddressOf(machine)}/24 dev cable && ip link set cable up")));
        }
        return machines;
    }

    /// <summary>Has a program started on a machine.</summary>
    public ProcessStartInfo On(int machine, ProcessStartInfo start) => OwnNetwork.In(holders[machine + 1], start);

    /// <summary>Takes a machine's cable out of the switch.</summary>
    public Task CutAsync(int machine) => RunAsync(OwnNetwork.In(Switch, Shell($"ip link set {Cable(machine)} down")));

    public async ValueTask DisposeAsync()
    {
        foreach (var holder in holders)
        {
            holder.StandardInput.Close();
            await holder.WaitForExitAsync(CancellationToken.None);
            holder.Dispose();
        }
    }

    private static string Cable(int machine) => $"cable{machine}";

    /// <summary>A namespace lives as long as this, which ends with its starter.</summary>
    private static string[] Holding(string made) => ["sh", "-c", $"{made} && echo made && exec cat"];

    private static ProcessStartInfo Shell(string script) => new("sh", ["-c", script]);

    private async Task HoldAsync(ProcessStartInfo start)
    {
        holders.Add(Process.Start(start)!);
        if (await holders[^1].StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is null)
            throw new InvalidOperationException(await holders[^1].StandardError.ReadToEndAsync());
    }

    private static async Task RunAsync(ProcessStartInfo start)
    {
        var ended = await Support.HeatProcess.RunAsync(start);
        ended.Code.ShouldBe(0, ended.Error);
    }
}
