using System.Reflection;
using System.Text.RegularExpressions;
using Heat.Configuration;
using HeatUp.Channels;
using HeatUp.Checking;
using HeatUp.Cluster;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Simulations;
using HeatUp.TdLib;

namespace HeatUp.Tests.House;

/// <summary>The library's listing is its path: a folder uses only what stands above it.</summary>
public sealed partial class ArrowTests
{
    private static readonly string[] Path = ["Primitives", "Channels", "Plans", "Runs", "Sessions", "Simulations", "Analytics"];

    private static readonly Assembly Library = typeof(Sittings).Assembly;

    private static readonly Assembly[] Assemblies =
        [Library, typeof(Checker).Assembly, typeof(ClusterLimits).Assembly, typeof(TdLibrary).Assembly,
            typeof(Settings).Assembly];

    [Fact]
    public void AFolderUsesOnlyTheFoldersAboveIt() =>
        (from type in Library.GetTypes()
         from used in TypeUses.Of(type)
         where used.Assembly == Library && !MayUse(type, used)
         select $"{type} uses {used}").Distinct().ShouldBeEmpty();

    [Fact]
    public void NoTwoFoldersUseEachOther()
    {
        var uses = (from type in Assemblies.SelectMany(assembly => assembly.GetTypes())
                    where type.Namespace?.StartsWith("Heat", StringComparison.Ordinal) is true
                    from used in TypeUses.Of(type)
                    where Assemblies.Contains(used.Assembly)
                        && used.Namespace is not null && type.Namespace != used.Namespace
                    select (User: type.Namespace, Used: used.Namespace, Example: $"{type} uses {used}")).ToList();
        var pairs = uses.Select(use => (use.User, use.Used)).ToHashSet();

        uses.Where(use => pairs.Contains((use.Used, use.User))).Select(use => use.Example).Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void AFolderNamesOnlyTheFoldersAboveIt() =>
        (from file in Tree.Files(".cs", "src/HeatUp")
         from Match named in UsingOfTheLibrary().Matches(Tree.Text(file))
         where FolderOf(file) is { } folder && !IsAboveOrSame(named.Groups[1].Value, folder)
         select $"{file}: {named.Value}").ShouldBeEmpty();

    [Fact]
    public void ANamespaceIsItsFolder() =>
        (from file in Tree.Files(".cs", "src/HeatUp")
         let space = string.Join('.', ["HeatUp", .. FolderOf(file) is { } folder ? new[] { folder } : []])
         let declared = new Regex($@"^namespace {Regex.Escape(space)}(\.\w+)*;", RegexOptions.Multiline)
         where !declared.IsMatch(Tree.Text(file))
         select $"{file} is not in {space}").ShouldBeEmpty();

    [Fact]
    public void ChannelsKnowNoSourceAndSourcesKnowNoList() =>
        (from type in Library.GetTypes()
         where type.Namespace is "HeatUp.Channels" or "HeatUp.Channels.Sources"
         from used in TypeUses.Of(type)
         where used.Namespace?.StartsWith($"{type.Namespace}.", StringComparison.Ordinal) == true
         select $"{type} uses {used}").Distinct().ShouldBeEmpty();

    [Fact]
    public void EveryFolderHasItsPlaceOnThePath() =>
        Tree.Files(".cs", "src/HeatUp").Select(FolderOf).OfType<string>().Distinct().ShouldBeSubsetOf(Path);

    [Fact]
    public void TheLibraryKnowsNothingOfTheWeb() =>
        Library.GetReferencedAssemblies().Select(assembly => assembly.Name).ShouldNotContain(name =>
            name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    [Fact]
    public void OnlyTheBindingTalksToTelegramsLibraryAndHeatUpDoesNotKnowIt()
    {
        Library.GetReferencedAssemblies().Select(assembly => assembly.Name).ShouldNotContain("HeatUp.TdLib");
        Tree.Files(".cs", "src").Where(file => TelegramsLibrary().IsMatch(Tree.Text(file)))
            .ShouldAllBe(file => file.StartsWith(System.IO.Path.Combine("src", "HeatUp.TdLib"), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(typeof(ChannelPool), typeof(Plan), false)]
    [InlineData(typeof(Plan), typeof(ChannelPool), true)]
    [InlineData(typeof(Plan), typeof(Outcome.Done), false)]
    [InlineData(typeof(Runner), typeof(ISessionStore), false)]
    [InlineData(typeof(RunRecord), typeof(Step), true)]
    [InlineData(typeof(RunRecord), typeof(SessionId), true)]
    [InlineData(typeof(RunRecord), typeof(Sittings), false)]
    [InlineData(typeof(Sittings), typeof(RunRecord), true)]
    [InlineData(typeof(Scenario), typeof(Sittings), true)]
    [InlineData(typeof(Sittings), typeof(Scenario), false)]
    public void TheRuleKnowsUpFromDown(Type user, Type used, bool may) => MayUse(user, used).ShouldBe(may);

    [Fact]
    public void AUseIsSeenWhereverItHides()
    {
        var used = typeof(Hiding).GetNestedTypes(BindingFlags.NonPublic).Append(typeof(Hiding))
            .SelectMany(TypeUses.Of).ToHashSet();

        used.ShouldContain(typeof(ISessionStore), "in a generic argument of a field");
        used.ShouldContain(typeof(RunId), "in a body");
        used.ShouldContain(typeof(StoreException), "in a catch");
        used.ShouldContain(typeof(Plan), "in a lambda's cast");
        used.ShouldContain(typeof(Channel), "in a typeof");
        used.ShouldContain(typeof(Pace), "in what a called property returns");
        used.ShouldNotContain(typeof(Sittings));
    }

    private static bool MayUse(Type user, Type used)
    {
        if (FolderOf(user) is not { } folder) return FolderOf(used) is not { } below || !IsBelowThePath(below);
        if (FolderOf(used) is { } other) return IsAboveOrSame(other, folder);
        // The library's root is its roof.
        return used.Namespace != "HeatUp" || IsBelowThePath(folder);
    }

    /// <summary>Whether a folder stands on the whole path: on what joins the folders above.</summary>
    private static bool IsBelowThePath(string folder) => Array.IndexOf(Path, folder) >= Array.IndexOf(Path, "Simulations");

    private static bool IsAboveOrSame(string folder, string other) =>
        Array.IndexOf(Path, folder) <= Array.IndexOf(Path, other);

    private static string? FolderOf(Type type) =>
        type.Namespace?.Split('.') is ["HeatUp", var folder, ..] ? folder : null;

    private static string? FolderOf(string file) =>
        file.Split('/', '\\') is ["src", "HeatUp", var folder, _, ..] ? folder : null;

    [GeneratedRegex(@"^\s*(?:global )?using (?:static |\w+ = )?HeatUp\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex UsingOfTheLibrary();

    [GeneratedRegex(@"\btd_(create_client_id|send|receive|execute)\b")]
    private static partial Regex TelegramsLibrary();

    private sealed class Hiding
    {
        private readonly List<Lazy<ISessionStore[]>> stores = [];

        public Func<object, object> Lambda => some => (Plan)some;

        public string Body()
        {
            try { return $"{default(RunId)} {typeof(Channel)} {Pace.Real} {stores.Count}"; }
            catch (StoreException) { return ""; }
        }
    }
}
