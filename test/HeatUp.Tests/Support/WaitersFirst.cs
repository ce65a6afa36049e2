using HeatUp.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(WaitersFirst))]

namespace HeatUp.Tests.Support;

/// <summary>
/// Tests that wait long for processes of theirs begin first: others fill the time, and nobody waits for them alone at
/// the end.
/// </summary>
public sealed class WaitersFirst : ITestCollectionOrderer
{
    private static readonly string[] Waiters = ["HeatUp.Tests.Cluster.", "HeatUp.Tests.Loopback.", "DocumentsTests", "KillTests"];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Array.FindIndex(Waiters, collection.TestCollectionDisplayName.Contains) switch
        {
            < 0 => Waiters.Length,
            var place => place,
        })];
}
