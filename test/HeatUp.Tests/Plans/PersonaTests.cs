using HeatUp.Plans;

namespace HeatUp.Tests.Plans;

public sealed class PersonaTests
{
    private static readonly string[] Categories = [.. Some.ShippedPool.Categories];

    [Fact]
    public void ASessionIsTheSameInEverySitting()
    {
        var (first, second) = (Persona.Of(Some.Seed, Some.Session), Persona.Of(Some.Seed, Some.Session));

        Categories.Select(second.InterestIn).ShouldBe(Categories.Select(first.InterestIn));
        (second.Curiosity, second.Patience).ShouldBe((first.Curiosity, first.Patience));
    }

    [Fact]
    public void SessionsDiffer() =>
        People(1000).Select(Favourite).Distinct().Count().ShouldBe(Categories.Length);

    [Fact]
    public void ASessionLikesAFewThingsMuchAndMostALittle()
    {
        var interests = People(1000).SelectMany(person => Categories.Select(person.InterestIn)).Order().ToList();

        interests[0].ShouldBeGreaterThanOrEqualTo(Persona.InterestMin);
        interests[^1].ShouldBeInRange(0.95, 1);
        interests[interests.Count / 2].ShouldBeLessThan(0.2);
        interests[interests.Count * 8 / 10].ShouldBeGreaterThan(0.4);
    }

    [Fact]
    public void TraitsKeepTheirBounds()
    {
        People(1000).ShouldAllBe(person => person.Curiosity >= 0.15 && person.Curiosity <= 0.5);
        People(1000).ShouldAllBe(person => person.Patience >= 0 && person.Patience <= 1);
    }

    private static string Favourite(Persona person) => Categories.MaxBy(person.InterestIn)!;

    private static IEnumerable<Persona> People(int count) =>
        Enumerable.Range(0, count).Select(i => Persona.Of(Some.Seed, SessionId.Parse($"session{i}")));
}
