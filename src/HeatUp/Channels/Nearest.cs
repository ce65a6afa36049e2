namespace HeatUp.Channels;

/// <summary>What somebody meant who wrote a word that there isn't.</summary>
public static class Nearest
{
    /// <summary>Longer words are nobody's typing error, and would cost time to compare.</summary>
    private const int LengthMax = 64;

    /// <summary>A sentence that refuses a word, proposes the one that was meant, and lists all.</summary>
    public static string Refusal(string word, string what, IReadOnlyCollection<string> allowed) =>
        $"{Proposal(word, what, allowed)} Allowed are {string.Join(", ", allowed)}.";

    /// <summary>The same without the list.</summary>
    public static string Proposal(string word, string what, IEnumerable<string> allowed)
    {
        var shown = ForeignText.Clean(word, JsonText.ShownMax);
        return To(word, allowed) is { } meant
            ? $"'{shown}' is no {what}; did you mean '{meant}'?"
            : $"'{shown}' is no {what}.";
    }

    /// <summary>
    /// The word with the fewest typing errors between it and this one, the first of several; null if all are far: more
    /// than a third of the letters. Case, lines and hyphens are no errors.
    /// </summary>
    public static string? To(string word, IEnumerable<string> words)
    {
        if (word.Length > LengthMax) return null;
        var plain = Plain(word);
        var (nearest, least) = ((string?)null, Math.Max(1, plain.Length / 3) + 1);
        foreach (var other in words)
        {
            var letters = Plain(other);
            // At least one error for each letter that one has more: most words are out by that.
            if (Math.Abs(letters.Length - plain.Length) >= least) continue;
            var errors = Distance(plain, letters);
            if (errors < least) (nearest, least) = (other, errors);
        }
        return nearest;
    }

    /// <summary>How many letters must be added, left out, exchanged or swapped with their neighbour.</summary>
    private static int Distance(string left, string right)
    {
        var errors = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
            for (var j = 0; j <= right.Length; j++)
                errors[i, j] = i == 0 || j == 0 ? i + j : Least(errors, left, right, i, j);
        return errors[left.Length, right.Length];
    }

    private static int Least(int[,] errors, string left, string right, int i, int j)
    {
        var isSame = left[i - 1] == right[j - 1];
        var least = Math.Min(errors[i - 1, j - 1] + (isSame ? 0 : 1), Math.Min(errors[i - 1, j], errors[i, j - 1]) + 1);
        var isSwapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
        return isSwapped ? Math.Min(least, errors[i - 2, j - 2] + 1) : least;
    }

    private static string Plain(string word) =>
        word.Replace("_", "").Replace("-", "").Replace(" ", "").ToLowerInvariant();
}
