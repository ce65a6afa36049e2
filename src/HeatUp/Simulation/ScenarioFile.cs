namespace HeatUp.Simulation;

/// <summary>Reads scenarios.</summary>
public static class ScenarioFile
{
}
