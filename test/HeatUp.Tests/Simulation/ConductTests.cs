using System.Reflection;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.Runs.Sandbox;
using HeatUp.Tests.House;

namespace HeatUp.Tests.Simulation;

/// <summary>A population lives on the sandbox; there is no way from it to a real server.</summary>
public sealed class ConductTests
{
    private static readonly Type[] Simulation =
        [.. typeof(HeatUp.Simulations.Simulation).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith("HeatUp.Simulations", StringComparison.Ordinal) is true)];

    [Fact]
    public void NobodyCanHandASimulationATelegram() =>
        (from type in Simulation
         where type.IsVisible
         from member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)
         from taken in (member as MethodBase)?.GetParameters().Select(parameter => parameter.ParameterType)
             ?? (member is PropertyInfo property ? [property.PropertyType] : [])
         where typeof(ITelegram).IsAssignableFrom(taken)
         select $"{type}.{member.Name}").ShouldBeEmpty();

    [Fact]
    public void TheOnlyTelegramThatASimulationMakesIsTheSandbox() =>
        (from type in Simulation
         from used in TypeUses.Of(type)
         where typeof(ITelegram).IsAssignableFrom(used) && used != typeof(ITelegram)
         where used.Namespace?.StartsWith("HeatUp.Simulations", StringComparison.Ordinal) is not true
         select used).Distinct().ShouldBe([typeof(SandboxTelegram)]);

    [Fact]
    public void ASimulationKnowsNoRealAccounts() =>
        (from type in Simulation
         from used in TypeUses.Of(type)
         where used.Namespace == typeof(LiveConduct).Namespace && used != typeof(ISittingGate)
         select $"{type} uses {used}").Distinct().ShouldBeEmpty();

    [Fact]
    public void TheCommandThatSimulatesUsesNoServiceAndNoBinding() =>
        (from type in typeof(global::Heat.Configuration.Settings).Assembly.GetTypes()
         where type.FullName!.StartsWith("Heat.Commands.Simulat", StringComparison.Ordinal)
             || type.FullName.StartsWith("Heat.Commands.Check", StringComparison.Ordinal)
         from used in TypeUses.Of(type)
         where used.Namespace == "Heat.Hosting" || used.Namespace?.StartsWith("HeatUp.TdLib", StringComparison.Ordinal) is true
         select $"{type} uses {used}").Distinct().ShouldBeEmpty();
}
