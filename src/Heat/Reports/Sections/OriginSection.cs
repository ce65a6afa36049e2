using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>How a run was made, and how to make it again.</summary>
internal static class OriginSection
{
    private static readonly JsonWriterOptions Readable = new()
    {
        Indented = true,
        NewLine = "\n",
        // It is escaped for HTML afterwards; other scripts than Latin can be read as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Html All(Manifest manifest) => Html.Of($"""
        <dl class="facts">
        {Html.Lines(Facts(manifest).Select(fact => Html.Of($"<dt>{fact.Name}</dt><dd>{fact.Value}</dd>")))}
        </dl>
        <details><summary>The scenario</summary>
        <pre>{Scenario(manifest)}</pre>
        </details>
        <p>To run it again, save the scenario as <code>scenario.json</code>, take version
        {Figures.Word(manifest.Version)} and the same channels, and run</p>
        <pre>heat simulate scenario.json --out again</pre>
        <p>{Same(manifest)}</p>
        """);

    private static IEnumerable<(string Name, string Value)> Facts(Manifest manifest) =>
    [
        ("Version", Figures.Word(manifest.Version)),
        ("Commit", manifest.Commit is { } commit ? Figures.Word(commit) : "not known"),
        ("Seed", manifest.Seed.ToString(CultureInfo.InvariantCulture)),
        ("Scenario (SHA-256)", Figures.Word(manifest.ScenarioHash)),
        ("Channels (SHA-256)", $"{Figures.Word(manifest.PoolHash)}, {Counted.Of(manifest.PoolChannels, "channel")}"),
        ("Transcript (SHA-256)", Figures.Word(manifest.Transcript)),
        ("Deterministic", $"{(manifest.Deterministic ? "yes" : "no")}: {Figures.Sentence(manifest.Why)}"),
        ("Language model", manifest.Model is { } model ? Figures.Word(model) : "none"),
        ("Simulated until", Figures.Time(manifest.Reached)),
        ("Took", $"{Figures.Length(manifest.Took)} on {Counted.Of(manifest.Threads, "thread")}"),
        ("Folder's format", manifest.Format.ToString(CultureInfo.InvariantCulture)),
    ];

    private static string Scenario(Manifest manifest)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Readable)) manifest.Scenario.WriteTo(json);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static string Same(Manifest manifest) => manifest.Deterministic
        ? "It gives the same bytes: the transcript's hash must be the same."
        : "It gives similar results, not the same bytes.";
}
