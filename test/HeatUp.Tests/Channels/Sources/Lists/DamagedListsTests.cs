using HeatUp.Testing.Lists;

namespace HeatUp.Tests.Channels.Sources.Lists;

/// <summary>Lists that were damaged on the way.</summary>
public sealed class DamagedListsTests
{
    private const int Count = 3_000;

    [Fact]
    public async Task NoDamageMakesAnExceptionOrAWrongName()
    {
        for (var i = 0; i < Count; i++)
            (await ListTrial.RunAsync(new Seed(7).Fork(i))).Fault.ShouldBeNull($"list {i}");
    }

    [Theory]
    [InlineData("\"active\":false,")]
    [InlineData("\"")]
    [InlineData("\"\"\",")]
    [InlineData(",\"\n")]
    [InlineData("@a,\"x\n")]
    [InlineData("{\"a\":[")]
    [InlineData("{\"a\":{},")]
    [InlineData("[{\"username\":\"")]
    [InlineData("<b>")]
    [InlineData("<table><tr><td>")]
    [InlineData("<a href=https://t.me/long_demo")]
    [InlineData("&#64;")]
    [InlineData("username,")]
    [InlineData("INSERT INTO a VALUES ('\n")]
    [InlineData("| channel | link\n")]
    [InlineData("<a>\n")]
    [InlineData("[a](https://")]
    [InlineData("@a/b")]
    [InlineData("\n")]
    public async Task ALongListCostsNoMoreThanItsLength(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 400_000 / piece.Length));
        foreach (var file in new[] { "a.csv", "a.json", "a.ndjson", "a.txt", "a.html" })
        {
            var start = TimeProvider.System.GetTimestamp();
            _ = await ListOf.ReadAsync(file, $"username,title\n{text}");
            _ = await ListOf.ReadAsync(file, text);
            TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(ListTrial.TimeMax, file);
        }
    }

    [Fact]
    public void DamageIsTheSameForTheSameSeed() =>
        ListMutations.Of(new Seed(7)).Bytes.ShouldBe(ListMutations.Of(new Seed(7)).Bytes);
}
