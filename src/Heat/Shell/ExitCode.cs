namespace Heat.Shell;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUse = 2;
    public const int SafetyViolated = 10;
    public const int LivenessViolated = 11;
    public const int ThresholdFailed = 99;
    public const int BadScenario = 104;
}
