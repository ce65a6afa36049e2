namespace Heat.Reports;

/// <summary>A column of a table.</summary>
/// <param name="Name">What its head says.</param>
/// <param name="Class">How the page's style shows its cells; null for plain text.</param>
public sealed record Column(string Name, string? Class = null)
{
    /// <summary>A column of numbers, which stand at the right.</summary>
    public static Column Number(string name) => new(name, "number");

    /// <summary>A column of words or days that are never broken.</summary>
    public static Column Unbroken(string name) => new(name, "short");
}
