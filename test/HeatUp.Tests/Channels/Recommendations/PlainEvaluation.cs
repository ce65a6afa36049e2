using HeatUp.Channels.Recommendations;

namespace HeatUp.Tests.Channels.Recommendations;

/// <summary>
/// The evaluation once more, from its description alone: dense, slow and with an inverse by elimination.
/// </summary>
internal sealed class PlainEvaluation
{
    private readonly List<(List<string> Train, List<string> Test)> users;
    private readonly List<string> items;
    private readonly double[,] together;
    private readonly double lambda;

    public PlainEvaluation(IReadOnlyList<Rating> ratings, double lambda)
    {
        this.lambda = lambda;
        var liked = ratings.Where(rating => rating.Value >= 4).GroupBy(rating => rating.User)
            .Where(own => own.Count() >= 5).ToList();
        items = [.. liked.SelectMany(own => own).Select(rating => rating.Item).Distinct().OrderBy(int.Parse)];
        users = [.. liked.Select(own =>
        {
            var sorted = own.OrderBy(rating => rating.Time).ThenBy(rating => int.Parse(rating.Item))
                .Select(rating => rating.Item).ToList();
            var test = (int)Math.Ceiling(sorted.Count * 0.2);
            return (sorted[..^test], sorted[^test..]);
        })];
        together = new double[items.Count, items.Count];
        foreach (var (train, _) in users)
            foreach (var one in train)
                foreach (var other in train)
                    together[items.IndexOf(one), items.IndexOf(other)]++;
    }

    public int Users => users.Count;

    public int Items => items.Count;

    public int Training => users.Sum(user => user.Train.Count);

    public int Test => users.Sum(user => user.Test.Count);

    public ModelQuality QualityOf(string model)
    {
        var weights = model switch { "ease" => Ease(), "item_knn" => Neighbours(), _ => null };
        var covered = new HashSet<string>();
        double recall20 = 0, recall50 = 0, ndcg20 = 0, ndcg100 = 0;
        foreach (var (train, test) in users)
        {
            // Rounded, so that equal scores are equal in whatever order they were added.
            var list = items.Except(train).OrderByDescending(item => Math.Round(weights is null
                    ? together[items.IndexOf(item), items.IndexOf(item)]
                    : train.Sum(known => weights[items.IndexOf(known), items.IndexOf(item)]), 6))
                .ThenBy(item => items.IndexOf(item)).ToList();
            recall20 += list.Take(20).Intersect(test).Count() / (double)Math.Min(20, test.Count);
            recall50 += list.Take(50).Intersect(test).Count() / (double)Math.Min(50, test.Count);
            ndcg20 += Dcg(list, test, 20) / Dcg(test, test, 20);
            ndcg100 += Dcg(list, test, 100) / Dcg(test, test, 100);
            covered.UnionWith(list.Take(20));
        }
        return new ModelQuality(model, recall20 / Users, recall50 / Users, ndcg20 / Users, ndcg100 / Users,
            covered.Count, (double)covered.Count / Items);
    }

    private static double Dcg(List<string> list, List<string> test, int k)
    {
        var sum = 0.0;
        for (var i = 0; i < Math.Min(k, list.Count); i++)
            if (test.Contains(list[i]))
                sum += 1 / Math.Log2(i + 2);
        return sum;
    }

    private double[,] Neighbours()
    {
        var n = Items;
        var weights = new double[n, n];
        for (var item = 0; item < n; item++)
        {
            var cosines = Enumerable.Range(0, n).Where(other => other != item && together[item, other] > 0)
                .Select(other => (other, cosine: together[item, other]
                    / Math.Sqrt(together[item, item] * together[other, other])))
                .OrderByDescending(pair => pair.cosine).ThenBy(pair => pair.other).Take(100);
            foreach (var (other, cosine) in cosines) weights[other, item] = cosine;
        }
        return weights;
    }

    private double[,] Ease()
    {
        var n = Items;
        var rows = new double[n, 2 * n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
                (rows[i, j], rows[i, n + j]) = (together[i, j] + (i == j ? lambda : 0), i == j ? 1 : 0);
        for (var pivot = 0; pivot < n; pivot++)
        {
            var scale = rows[pivot, pivot];
            for (var j = 0; j < 2 * n; j++) rows[pivot, j] /= scale;
            for (var i = 0; i < n; i++)
            {
                var factor = rows[i, pivot];
                if (i == pivot || factor == 0) continue;
                for (var j = 0; j < 2 * n; j++) rows[i, j] -= factor * rows[pivot, j];
            }
        }
        var weights = new double[n, n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
                weights[i, j] = i == j ? 0 : -rows[i, n + j] / rows[j, n + j];
        return weights;
    }
}
