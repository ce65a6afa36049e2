using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using HeatUp.Simulations;

namespace HeatUp.Checking;

/// <summary>
/// All that happened in one check: a hash over it, its last lines, how often what came, what went wrong.
/// </summary>
internal sealed class Journal(VirtualTime time) : IDisposable
{
    private const int TailMax = 60;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly StringBuilder lines = new();
    private readonly Queue<string> tail = new();
    private readonly long[] counts = new long[Enum.GetValues<Exercised>().Length];

    /// <summary>What went wrong first; null if nothing did.</summary>
    public Violation? Violation { get; private set; }

    /// <summary>Writes down what happened.</summary>
    public void Tell(string what)
    {
        var line = $"{time.GetUtcNow().UtcDateTime:MM-dd HH:mm:ss.fff} {what}";
        lines.Append(line).Append('\n');
        tail.Enqueue(line);
        if (tail.Count > TailMax) tail.Dequeue();
        if (lines.Length > 1 << 15) Flush();
    }

    public void Count(Exercised what) => counts[(int)what]++;

    /// <summary>Something that must hold doesn't: the check ends here.</summary>
    public void Broken(ViolationKind kind, string invariant, SessionId? session, string sentence)
    {
        if (Violation is not null) return;
        Violation = new Violation(kind, invariant, time.GetUtcNow(), session, sentence);
        Tell($"BROKEN {invariant} {session} {sentence}");
        time.Fail(new InvalidOperationException(sentence));
    }

    public CheckResult ToResult(Seed seed)
    {
        Flush();
        return new CheckResult(
            seed, Violation, Convert.ToHexStringLower(hash.GetCurrentHash()),
            Enum.GetValues<Exercised>().ToFrozenDictionary(what => what, what => counts[(int)what]),
            time.GetUtcNow(), [.. tail]);
    }

    public void Dispose() => hash.Dispose();

    private void Flush()
    {
        hash.AppendData(Encoding.UTF8.GetBytes(lines.ToString()));
        lines.Clear();
    }
}
