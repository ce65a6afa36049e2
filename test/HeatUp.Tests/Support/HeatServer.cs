using System.Net.Http.Json;
using System.Text.Json;
using global::Heat.Hosting;
using Heat.Accounts;
using Heat.Configuration;
using Heat;
using HeatUp.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Support;

/// <summary>The service as it ships, in this process, on a free port and a database of its own.</summary>
internal sealed class HeatServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly bool ownsFolder;
    private readonly FakeTimeProvider? clock;
    private bool stopped;

    private HeatServer(WebApplication app, TempFolder folder, bool ownsFolder, TimeProvider? clock)
    {
        this.clock = clock as FakeTimeProvider;
        this.app = app;
        this.ownsFolder = ownsFolder;
        Folder = folder;
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        Client = new HttpClient(handler) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Client { get; }

    public TempFolder Folder { get; }

    /// <summary>A part of the service.</summary>
    public T Part<T>() where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>Starts one without waits, unless told otherwise.</summary>
    /// <param name="change">Other settings.</param>
    /// <param name="clock">Another clock.</param>
    /// <param name="folder">A folder with a database that is there already; it stays.</param>
    /// <param name="library">Stands in for TDLib.</param>
    public static async Task<HeatServer> StartAsync(
        Func<Settings, Settings>? change = null, TimeProvider? clock = null, TempFolder? folder = null,
        LibraryLoader? library = null)
    {
        var ownsFolder = folder is null;
        folder ??= new TempFolder();
        var settings = Settings.Load(folder.Path, []) with
        {
            DatabasePath = folder.File("sessions.db"),
            // A copy: checking channels changes the file.
            ChannelsFile = ChannelsIn(folder),
            Urls = ["http://127.0.0.1:0"],
            Pace = Pace.None,
            LogLevel = LogLevel.None,
        };
        settings = change?.Invoke(settings) ?? settings;
        var app = await HeatService.BuildAsync(settings, clock ?? TimeProvider.System, library);
        await app.StartAsync();
        return new HeatServer(app, folder, ownsFolder, clock);
    }

    private static string ChannelsIn(TempFolder folder)
    {
        var file = folder.File("channels_data.json");
        if (!File.Exists(file)) File.Copy(Repository.File("channels_data.json"), file);
        return file;
    }

    /// <summary>Starts one whose sittings wait as on Telegram, on a clock that only the test moves.</summary>
    public static Task<HeatServer> StartAtRealPaceAsync() =>
        StartAsync(settings => settings with { Pace = Pace.Real }, new FakeTimeProvider());

    /// <summary>Stops the service as SIGTERM does, and keeps the folder.</summary>
    public async Task StopAsync()
    {
        if (stopped) return;
        stopped = true;
        await PassTimeUntil(app.StopAsync());
        await app.DisposeAsync();
    }

    public async Task<JsonElement> GetAsync(string path) =>
        await Client.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

    /// <summary>
    /// On a clock of the test's, lets time pass until something is done: a join that is under way is waited for.
    /// </summary>
    public async Task PassTimeUntil(Task done)
    {
        while (clock is not null && !done.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        await done;
    }

    public Task<HttpResponseMessage> PostAsync(string path, HttpContent? body = null) =>
        Client.PostAsync(new Uri(path, UriKind.Relative), body, TestContext.Current.CancellationToken);

    /// <summary>A sitting, waited for.</summary>
    public async Task<JsonElement> SitAsync(string session)
    {
        using var answer = await PostAsync($"/warmup-sync/{session}");
        return await answer.JsonAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        if (ownsFolder) Folder.Dispose();
    }
}

internal static class Answers
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer) =>
        await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

    public static string Text(this JsonElement json, string property) => json.GetProperty(property).GetString()!;

    public static int Number(this JsonElement json, string property) => json.GetProperty(property).GetInt32();

    public static IReadOnlyList<JsonElement> List(this JsonElement json, string property) =>
        [.. json.GetProperty(property).EnumerateArray()];

    /// <summary>The last part of a problem's type, such as <c>invalid-days</c>.</summary>
    public static string Problem(this JsonElement json) => json.Text("type").Split(':')[^1];
}

internal static class TestSecret
{
    public static Secret Of(string text) =>
        Secret.TryParse(text, out var secret) ? secret : throw new FormatException();
}
