namespace HeatUp.Benchmarks;

/// <summary>What those who look at the page of running sittings cost, beside the same service without them.</summary>
internal static class NowBenchmark
{
    private const int Sittings = 1_000;
    private const int Viewers = 200;
    private const int FirstVisitMax = 60 * 1024;

    /// <summary>Slower than on Telegram: none ends meanwhile.</summary>
    private const string Pace = "5";

    /// <summary>4 MiB, in hexadecimal: garbage that nobody has looked for yet would be the larger part.</summary>
    private const string GarbageMax = "400000";

    /// <summary>Others begin all the time, so that something changes every second.</summary>
    private static readonly TimeSpan BeginEvery = TimeSpan.FromMilliseconds(400);

    private static int last = Sittings;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(15);

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using var heat = await Child.ServeAsync(
            folder.File("sessions.db"), ("PACE", Pace), ("DOTNET_GCgen0size", GarbageMax));
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false })
        {
            BaseAddress = heat.Url, Timeout = Timeout.InfiniteTimeSpan,
        };
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Sittings), async (number, _) => await BeginAsync(client, number));
        using var beginning = new Timer(_ => _ = BeginAsync(client, Interlocked.Increment(ref last)), null, BeginEvery,
            BeginEvery);

        Figures.Report("first visit: the page and what it loads", await FirstVisitAsync(client), "bytes", FirstVisitMax,
            atLeast: false);
        // The picture is drawn for the first viewer, and its garbage is nobody else's.
        await using (var first = new Crowd(client))
        {
            await first.EnterAsync(1);
            await first.LookAsync(Round);
        }
        var without = await CostAsync(heat, () => Task.Delay(Round));
        var memory = heat.ResidentMegabytes;
        await using var crowd = new Crowd(client);
        await crowd.EnterAsync(Viewers);
        var before = crowd.Events;
        var with = await CostAsync(heat, () => crowd.LookAsync(Round));

        Console.WriteLine($"  {Viewers} viewers, the newest 50 of {Sittings:N0} sittings");
        Figures.Report("changes that each viewer was sent",
            (crowd.Events - before) / (double)Viewers / Round.TotalSeconds, "a second", 0.9, atLeast: true);
        Figures.Report("processor for the viewers", (with - without) * 100, "%", 10, atLeast: false);
        Figures.Report("resident memory a viewer beside the first",
            (heat.ResidentMegabytes - memory) * 1e6 / 1024 / (Viewers - 1), "KiB", 50, atLeast: false);
        Figures.Note("processor for the sittings alone", without * 100, "%");
        Figures.Note("sent to each viewer", crowd.Bytes / 1024.0 / crowd.Events, "KiB a change");
    }

    private static async Task BeginAsync(HttpClient client, int number)
    {
        using var answer = await client.PostAsync($"warmup/session_{number}", null);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The bytes of the page's parts as they are sent, without their heads.</summary>
    private static async Task<double> FirstVisitAsync(HttpClient client)
    {
        var page = await client.GetStringAsync("ui");
        var parts = System.Text.RegularExpressions.Regex.Matches(page, "(?:href|src)=\"(/ui/heat\\.[^\"]+)\"")
            .Select(match => match.Groups[1].Value).Distinct();
        double bytes = System.Text.Encoding.UTF8.GetByteCount(page);
        foreach (var part in parts)
        {
            using var asked = new HttpRequestMessage(HttpMethod.Get, part);
            asked.Headers.Add("Accept-Encoding", "gzip");
            using var answer = await client.SendAsync(asked);
            bytes += (await answer.Content.ReadAsByteArrayAsync()).Length;
        }
        return bytes;
    }

    /// <summary>Which part of a core the service takes while something goes on.</summary>
    private static async Task<double> CostAsync(Child heat, Func<Task> goesOn)
    {
        var (before, watch) = (heat.ProcessorTime, System.Diagnostics.Stopwatch.StartNew());
        await goesOn();
        return (heat.ProcessorTime - before) / watch.Elapsed;
    }

    /// <summary>Some who look, each with a stream of its own.</summary>
    private sealed class Crowd(HttpClient client) : IAsyncDisposable
    {
        private readonly CancellationTokenSource over = new();
        private readonly List<Task> viewers = [];
        private long events;
        private long bytes;

        public long Events => Volatile.Read(ref events);

        public long Bytes => Volatile.Read(ref bytes);

        /// <summary>They come one after the other, as people do.</summary>
        public async Task EnterAsync(int count)
        {
            for (var viewer = 0; viewer < count; viewer++)
                viewers.Add(ReadAsync(await client.GetStreamAsync("ui/live", over.Token)));
        }

        public async Task LookAsync(TimeSpan time)
        {
            await Task.Delay(time);
            if (viewers.FirstOrDefault(viewer => viewer.IsCompleted) is { } ended)
                throw new InvalidOperationException("A stream has ended.", ended.Exception);
        }

        public async ValueTask DisposeAsync()
        {
            await over.CancelAsync();
            await Task.WhenAll(viewers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            over.Dispose();
        }

        private async Task ReadAsync(Stream stream)
        {
            await using var closed = stream;
            var buffer = new byte[64 * 1024];
            while (await stream.ReadAsync(buffer, over.Token) is > 0 and var read)
            {
                Interlocked.Add(ref bytes, read);
                // An event ends with an empty line, and nothing else does.
                if (buffer.AsSpan(0, read).EndsWith("\n\n"u8)) Interlocked.Increment(ref events);
            }
        }
    }
}
