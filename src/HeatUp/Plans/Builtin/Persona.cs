namespace HeatUp.Plans;

/// <summary>
/// What a session is like, for as long as it lives: drawn from its name alone, so that it is the same in every sitting,
/// whichever planner asks. An interest doesn't change when the pool gets other categories.
/// </summary>
public readonly struct Persona
{
    /// <summary>
    /// The interest in a category that leaves the session cold: little, but it looks in now and then.
    /// </summary>
    public const double InterestMin = 0.03;

    private const double CuriosityMin = 0.15;
    private const double CuriosityMax = 0.5;

    private readonly Seed interests;

    private Persona(Seed seed)
    {
        interests = seed.Fork("interests");
        var rng = seed.Fork("traits").ToRng();
        Curiosity = CuriosityMin + (CuriosityMax - CuriosityMin) * rng.NextDouble();
        Patience = rng.NextDouble();
    }

    /// <summary>How likely a sitting of a returning session joins something new: 0.15 to 0.5.</summary>
    public double Curiosity { get; }

    /// <summary>How long the session reads: 0, a short look, to 1, in depth.</summary>
    public double Patience { get; }

    /// <summary>The persona of a session under this seed.</summary>
    public static Persona Of(Seed seed, SessionId session) => new(seed.Fork("persona").Fork(session));

    /// <summary>
    /// How much the session likes a category: <see cref="InterestMin"/> to 1; a few are liked much, most a little.
    /// </summary>
    public double InterestIn(string category) => InterestIn(CategoryKey(category));

    /// <summary>Where the chance comes from with which a sitting's prompt shows it something else.</summary>
    internal Seed Exploring(int sitting) => interests.Fork("exploring").Fork(sitting);

    /// <summary>The number that stands for a category, for those who ask often.</summary>
    internal static long CategoryKey(string category) => (long)default(Seed).Fork(category).Value;

    internal double InterestIn(long categoryKey)
    {
        var luck = interests.Fork(categoryKey).ToRng().NextDouble();
        return InterestMin + (1 - InterestMin) * luck * luck * luck;
    }
}
