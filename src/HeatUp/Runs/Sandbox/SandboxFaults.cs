using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace HeatUp.Runs.Sandbox;

/// <summary>How often what goes wrong on the sandbox. Immutable.</summary>
public sealed class SandboxFaults
{
    private static readonly Dictionary<string, SandboxFault> ByName =
        Enum.GetValues<SandboxFault>().ToDictionary(fault => fault.Word());

    private readonly double[] chances = new double[ByName.Count];

    private SandboxFaults() { }

    /// <summary>Nothing goes wrong.</summary>
    public static SandboxFaults None { get; } = new();

    /// <summary>The words for the faults, in the order in which they are listed.</summary>
    internal static IEnumerable<string> Names => ByName.Keys;

    /// <summary>The probability of a fault, 0 to 1.</summary>
    public double this[SandboxFault fault] => chances[(int)fault];

    /// <summary>
    /// Reads names with probabilities, such as <c>flood_wait:0.02,private:0.05</c>; nothing is <see cref="None"/>. On
    /// failure <paramref name="problem"/> is a sentence that names what is wrong and what is allowed.
    /// </summary>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out SandboxFaults? faults, [NotNullWhen(false)] out string? problem)
    {
        const StringSplitOptions options = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        var read = new SandboxFaults();
        var named = new HashSet<SandboxFault>();
        problem = null;
        foreach (var part in (text ?? "").Split(',', options))
            problem ??= read.Take(part, named);
        faults = problem is null ? read : null;
        return problem is null;
    }

    /// <summary>The text that reads as these faults.</summary>
    public override string ToString() => string.Join(',', ByName.Where(name => this[name.Value] > 0)
        .Select(name => string.Create(CultureInfo.InvariantCulture, $"{name.Key}:{this[name.Value]}")));

    private string? Take(string part, HashSet<SandboxFault> named)
    {
        var colon = part.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return $"'{part}' is no fault with its probability; "
                + "write it as name:probability, such as offline:0.01.";
        var (name, number) = (part[..colon].TrimEnd(), part[(colon + 1)..].TrimStart());
        if (!ByName.TryGetValue(name, out var fault))
            return $"'{name}' is no fault of the sandbox; allowed are {string.Join(", ", ByName.Keys)}.";
        if (!named.Add(fault)) return $"'{name}' is named twice.";
        const NumberStyles styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!double.TryParse(number, styles, CultureInfo.InvariantCulture, out var chance)
            || chance is not (>= 0 and <= 1))
            return $"'{number}' is no probability of '{name}'; allowed are numbers from 0 to 1, such as 0.05.";
        chances[(int)fault] = chance;
        return null;
    }
}
