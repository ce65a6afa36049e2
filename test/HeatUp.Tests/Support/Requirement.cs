using System.Diagnostics.CodeAnalysis;

namespace HeatUp.Tests.Support;

/// <summary>What a test needs and not every machine has.</summary>
internal static class Requirement
{
    /// <summary>Ends a test for want of something: it is skipped, or fails where nothing may be wanting.</summary>
    /// <param name="variable">The variable that, set like <c>CI</c>, says that it may not be wanting here.</param>
    /// <param name="why">What is missing, and how it is brought.</param>
    [DoesNotReturn]
    public static void Miss(string variable, string why)
    {
        var isRequired = new[] { "CI", variable }.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });
        if (isRequired) throw new InvalidOperationException(why);
        Assert.Skip(why);
    }
}
