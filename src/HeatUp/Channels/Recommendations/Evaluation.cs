using System.Text.Json.Serialization;

namespace HeatUp.Channels.Recommendations;

/// <summary>How well a way of recommending finds what was held out.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Recall20">Of what was held out, the part among a user's best 20; at most 20 count.</param>
/// <param name="Recall50">The same among the best 50.</param>
/// <param name="Ndcg20">The same among the best 20, earlier places counting more.</param>
/// <param name="Ndcg100">The same among the best 100.</param>
/// <param name="Covered">How many different items are among all users' best 20.</param>
/// <param name="Coverage">Their part of all items.</param>
public sealed record ModelQuality(
    string Model,
    [property: JsonPropertyName("recall@20")] double Recall20,
    [property: JsonPropertyName("recall@50")] double Recall50,
    [property: JsonPropertyName("ndcg@20")] double Ndcg20,
    [property: JsonPropertyName("ndcg@100")] double Ndcg100,
    int Covered,
    double Coverage);

/// <summary>An evaluation's figures.</summary>
/// <param name="Users">Users with enough positive ratings.</param>
/// <param name="Items">Items that they have.</param>
/// <param name="Training">Interactions that were learned from.</param>
/// <param name="Test">Interactions that were held out.</param>
/// <param name="Lambda">What EASE's weights were held down with.</param>
/// <param name="Models">The ways, in a fixed order.</param>
public sealed record EvaluationResult(
    int Users, int Items, int Training, int Test, double Lambda, IReadOnlyList<ModelQuality> Models);

/// <summary>
/// Compares ways of recommending: each user's last 20 % by time, then by item, is held out; the rest is learned from
/// and never recommended again.
/// </summary>
public static class Evaluation
{
    /// <summary>The least rating that counts as liking.</summary>
    public const double RatingMin = 4;

    /// <summary>The fewest liked items of a user that counts.</summary>
    public const int LikedMin = 5;

    private const int HeldOutEvery = 5;
    private const int Neighbours = 100;
    private const int ListLength = 100;

    /// <summary>Evaluates all ways.</summary>
    /// <param name="ratings">Who rated what.</param>
    /// <param name="lambda">What EASE's weights are held down with; more than 0.</param>
    /// <param name="threadCount">How many threads fit EASE.</param>
    /// <exception cref="RatingsException">There is too little to evaluate, or too much.</exception>
    public static EvaluationResult Of(IReadOnlyList<Rating> ratings, double lambda, int threadCount)
    {
        var liked = ratings.Where(rating => rating.Value >= RatingMin)
            .DistinctBy(rating => (rating.User, rating.Item))
            .GroupBy(rating => rating.User).Where(own => own.Count() >= LikedMin).ToList();
        if (liked.Count < 2) throw new RatingsException(
            $"An evaluation needs 2 or more users with {LikedMin} or more ratings of at least {RatingMin}; "
            + $"there {(liked.Count == 1 ? "is one" : "is none")}.");
        var items = liked.SelectMany(own => own).Select(rating => rating.Item).Distinct().Order(ItemOrder.Instance)
            .Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        if (items.Count > EaseScorer.ColumnsMax) throw new RatingsException(
            $"There are {items.Count} items; at most {EaseScorer.ColumnsMax} can be weighed against each other.");
        var (training, test) = Split(liked, items);
        var matrix = InteractionMatrix.Of(items.Count, training);
        return new EvaluationResult(matrix.RowCount, items.Count, matrix.Count, test.Sum(own => own.Length), lambda,
        [
            QualityOf("popularity", new PopularityScorer(matrix), matrix, test),
            QualityOf("item_knn", new NeighbourScorer(matrix, Neighbours), matrix, test),
            QualityOf("ease", EaseScorer.Fit(matrix, lambda, threadCount), matrix, test),
        ]);
    }

    private static (List<int[]> Training, List<int[]> Test) Split(
        List<IGrouping<string, Rating>> liked, Dictionary<string, int> items)
    {
        var (training, test) = (new List<int[]>(), new List<int[]>());
        foreach (var own in liked)
        {
            // Items are numbered in their own order, so that the number decides between equal times.
            var inTime = own.OrderBy(rating => rating.Time).ThenBy(rating => items[rating.Item])
                .Select(rating => items[rating.Item]).ToArray();
            var heldOut = (inTime.Length + HeldOutEvery - 1) / HeldOutEvery;
            training.Add(inTime[..^heldOut]);
            test.Add(inTime[^heldOut..]);
        }
        return (training, test);
    }

    private static ModelQuality QualityOf(
        string name, IItemScorer scorer, InteractionMatrix matrix, List<int[]> test)
    {
        var scores = new float[matrix.ColumnCount];
        var covered = new HashSet<int>();
        var (recall20, recall50, ndcg20, ndcg100) = (0.0, 0.0, 0.0, 0.0);
        for (var user = 0; user < test.Count; user++)
        {
            scorer.Score(matrix.Row(user), scores);
            foreach (var known in matrix.Row(user)) scores[known] = float.NegativeInfinity;
            var list = TopList.Of(scores, ListLength);
            var wanted = test[user].ToHashSet();
            recall20 += Recall(list, wanted, 20);
            recall50 += Recall(list, wanted, 50);
            ndcg20 += Ndcg(list, wanted, 20);
            ndcg100 += Ndcg(list, wanted, 100);
            covered.UnionWith(list.Take(20));
        }
        return new ModelQuality(name, recall20 / test.Count, recall50 / test.Count, ndcg20 / test.Count,
            ndcg100 / test.Count, covered.Count, (double)covered.Count / matrix.ColumnCount);
    }

    private static double Recall(int[] list, HashSet<int> wanted, int length) =>
        (double)list.Take(length).Count(wanted.Contains) / Math.Min(length, wanted.Count);

    private static double Ndcg(int[] list, HashSet<int> wanted, int length)
    {
        var gain = list.Take(length).Index().Where(place => wanted.Contains(place.Item))
            .Sum(place => Gain(place.Index));
        return gain / Enumerable.Range(0, Math.Min(length, wanted.Count)).Sum(Gain);
    }

    private static double Gain(int place) => 1 / Math.Log2(place + 2);

    /// <summary>Whole numbers by their value and before all else; the rest ordinal.</summary>
    private sealed class ItemOrder : IComparer<string>
    {
        public static readonly ItemOrder Instance = new();

        public int Compare(string? x, string? y) => (NumberOf(x), NumberOf(y)) switch
        {
            ({ } left, { } right) when left != right => left.CompareTo(right),
            ({ }, null) => -1,
            (null, { }) => 1,
            _ => string.CompareOrdinal(x, y),
        };

        private static ulong? NumberOf(string? text) => ulong.TryParse(text, out var number) ? number : null;
    }
}
