using HeatUp.TdLibChild;

/// <summary>What the runtime looks for in an assembly that takes a process over; it has no namespace.</summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        HeatHost.RunAsync().GetAwaiter().GetResult();
        Environment.Exit(0);
    }
}
