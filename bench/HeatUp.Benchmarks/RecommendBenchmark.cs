using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Json;
using HeatUp.Channels.Recommendations;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Benchmarks;

internal static class RecommendBenchmark
{
    /// <summary>Writes a generated pool: how many channels, and the file.</summary>
    public const string PoolCommand = "pool";

    private const int Channels = 5_000;
    private const int Sessions = 100_000;
    private const int Questions = 2_000;
    private const double CharactersPerToken = 4;

    private static readonly string[] Categories =
    [
        "News", "Technology", "Programming", "Crypto", "Business", "Science", "Entertainment", "Sports", "Music",
        "Lifestyle", "Travel", "Books", "Games", "Health", "Education", "Art", "Cars", "Food", "Politics", "History",
    ];

    public static async Task RunAsync()
    {
        var pool = PoolOf(Channels);
        var limit = LimitSeconds(Channels);
        using var folder = new TemporaryFolder();
        var file = folder.File("sessions.db");
        await MakeAsync(file, pool);
        await using var store = await OpenAsync(file);

        using var peak = new PeakMemory();
        var reading = Stopwatch.StartNew();
        var interactions = new Interactions();
        await foreach (var (session, channel) in store.InteractionsAsync(default)) interactions.Add(session, channel);
        var read = reading.Elapsed.TotalSeconds;
        var recommender = new Recommender { Model = RecommendationModel.Of(interactions, 1) };
        // The second is made while the first still answers, as in the service.
        var making = Stopwatch.StartNew();
        var model = RecommendationModel.Of(interactions, 1);
        var made = making.Elapsed.TotalSeconds;
        recommender.Model = model;
        var megabytes = peak.Megabytes;

        Console.WriteLine($"  {Channels:N0} channels, {Sessions:N0} sessions, {interactions.Added:N0} follows "
            + $"and reads; lambda {model.Lambda}");
        Figures.Report("a model on one thread, to the inverse's multiply-adds alone", made / limit, "x", 4, false);
        Figures.Note("a model", made, "s");
        Figures.Note("reading it from the database", read, "s");
        Figures.Note("the inverse's multiply-adds alone, one thread", limit, "s");
        Figures.Report("managed memory at most, the old model included", megabytes, "MB", 1_024, atLeast: false);
        Answers(recommender, pool);
        Prompts();
    }

    public static void WritePool(int count, string path) => File.WriteAllText(path, JsonSerializer.Serialize(
        PoolOf(count).All.Select(channel => new Dictionary<string, object?>
        {
            ["username"] = channel.Name.Value,
            ["description"] = channel.Description,
            ["category"] = channel.Category,
            ["subscribers"] = channel.Subscribers,
            ["tgstat_url"] = null,
        })));

    private static void Answers(Recommender recommender, ChannelPool pool)
    {
        var times = new List<double>();
        for (var question = 0; question < Questions; question++)
        {
            var taste = new Taste([.. FollowedBy(question, pool).Select(channel => pool.All[channel].Name)], []);
            var watch = Stopwatch.StartNew();
            recommender.Recommend(taste, pool, 10);
            if (question >= 100) times.Add(watch.Elapsed.TotalMilliseconds); // The first ones are compiled.
        }
        Figures.Report("a session's top ten, p95", Figures.Quantile(times, 0.95), "ms", 2, atLeast: false);
        Figures.Note("the same, p99", Figures.Quantile(times, 0.99), "ms");
        Figures.Note("the same, median", Figures.Median(times), "ms");
    }

    private static void Prompts()
    {
        var (small, large) = (TokensFor(200), TokensFor(10_000));
        Figures.Report("tokens of a prompt, pool of 10,000 to 200", large / small, "x", 1, atLeast: false);
        Figures.Note("tokens of a prompt, pool of 200 (characters / 4)", small, "");
        Figures.Note("tokens of a prompt, pool of 10,000", large, "");
    }

    private static double TokensFor(int channels)
    {
        var pool = PoolOf(channels);
        var session = SessionId.Parse("alice");
        var past = new Recollection(session, 9, 40, DateTimeOffset.UnixEpoch,
            [.. pool.All.Take(20).Select(c => new Membership(c.Name, DateTimeOffset.UnixEpoch, null))], []);
        var advisor = new Recommender().Recommend(RecommendingAdvisor.TasteOf(past), pool, 40);
        var request = new PlanRequest(past, pool, DateTimeOffset.UnixEpoch.AddDays(1))
        {
            Suggested = [.. advisor.Select(one => one.Channel)],
        };
        var text = Prompt.SystemMessage(pool).Length
            + Prompt.SessionMessage(request, Persona.Of(new Seed(1), session)).Length;
        return text / CharactersPerToken;
    }

    /// <summary>
    /// What the inverse's multiply-adds (n x n x n / 2) would take if one core did nothing else and all of its values
    /// were in registers.
    /// </summary>
    private static double LimitSeconds(double size)
    {
        const int rounds = 30_000_000;
        MultiplyAdd(rounds / 10); // Compiled.
        var watch = Stopwatch.StartNew();
        var sum = MultiplyAdd(rounds);
        var perSecond = 12.0 * Vector256<double>.Count * rounds / watch.Elapsed.TotalSeconds;
        if (double.IsNaN(sum)) throw new InvalidOperationException("The sums are of small numbers.");
        return size * size * size / 2 / perSecond;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double MultiplyAdd(int rounds)
    {
        var (x, y) = (Vector256.Create(1e-9), Vector256.Create(1e-9));
        Vector256<double> a = default, b = default, c = default, d = default, e = default, f = default;
        Vector256<double> g = default, h = default, i = default, j = default, k = default, l = default;
        for (var round = 0; round < rounds; round++)
        {
            a = Vector256.FusedMultiplyAdd(x, y, a);
            b = Vector256.FusedMultiplyAdd(x, y, b);
            c = Vector256.FusedMultiplyAdd(x, y, c);
            d = Vector256.FusedMultiplyAdd(x, y, d);
            e = Vector256.FusedMultiplyAdd(x, y, e);
            f = Vector256.FusedMultiplyAdd(x, y, f);
            g = Vector256.FusedMultiplyAdd(x, y, g);
            h = Vector256.FusedMultiplyAdd(x, y, h);
            i = Vector256.FusedMultiplyAdd(x, y, i);
            j = Vector256.FusedMultiplyAdd(x, y, j);
            k = Vector256.FusedMultiplyAdd(x, y, k);
            l = Vector256.FusedMultiplyAdd(x, y, l);
        }
        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    /// <summary>Sessions like two or three categories; of a category the well-known channels more often.</summary>
    private static IEnumerable<int> FollowedBy(int session, ChannelPool pool)
    {
        var rng = new Seed(11).Fork(session).ToRng();
        var likes = new[] { rng.Next(Categories.Length), rng.Next(Categories.Length), rng.Next(Categories.Length) };
        var count = rng.Between(5, 30);
        var chosen = new HashSet<int>();
        for (var i = 0; i < count; i++)
        {
            var category = likes[rng.Next(likes.Length)];
            var place = (int)(rng.NextDouble() * rng.NextDouble() * (pool.All.Length / Categories.Length - 1));
            chosen.Add(place * Categories.Length + category);
        }
        return chosen.Where(channel => channel < pool.All.Length);
    }

    private static ChannelPool PoolOf(int count) => ChannelPool.Of(Enumerable.Range(0, count - 2).Select(i =>
    {
        var rng = new Seed(5).Fork(i).ToRng();
        return new Channel(ChannelName.Parse($"@{Categories[i % Categories.Length]}_{i:00000}"),
            $"What there is to know about {Categories[i % Categories.Length].ToLowerInvariant()}, every day.",
            Categories[i % Categories.Length], (long)Math.Exp(4 + 10 * rng.NextDouble()), null);
    }));

    private static Task<SqliteSessionStore> OpenAsync(string file) =>
        SqliteSessionStore.OpenAsync(
            file, TelegramMode.Sandbox, TimeProvider.System, NullLogger<SqliteSessionStore>.Instance);

    private static async Task MakeAsync(string file, ChannelPool pool)
    {
        await (await OpenAsync(file)).DisposeAsync();
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var transaction = connection.BeginTransaction();
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO memberships VALUES ($s, $c, '2026-01-01 00:00:00.000000', NULL)";
        var session = insert.Parameters.Add("$s", SqliteType.Text);
        var channel = insert.Parameters.Add("$c", SqliteType.Text);
        for (var i = 0; i < Sessions; i++)
            foreach (var followed in FollowedBy(i, pool))
            {
                (session.Value, channel.Value) = (HistoryFile.SessionName(i), pool.All[followed].Name.Value);
                insert.ExecuteNonQuery();
            }
        transaction.Commit();
    }

    /// <summary>The most managed memory that was in use, looked at often.</summary>
    private sealed class PeakMemory : IDisposable
    {
        private readonly Timer timer;
        private long most;

        public PeakMemory()
        {
            GC.Collect();
            timer = new Timer(_ => most = Math.Max(most, GC.GetTotalMemory(false)), null, 0, 20);
        }

        public double Megabytes => most / 1e6;

        public void Dispose() => timer.Dispose();
    }
}
