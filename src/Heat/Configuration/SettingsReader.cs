using System.Globalization;
using HeatUp.Channels;

namespace Heat.Configuration;

/// <summary>
/// Reads settings one by one and collects what is wrong with them, so that all of it is said at once.
/// </summary>
/// <param name="texts">The settings that are set, by name.</param>
internal sealed class SettingsReader(IReadOnlyDictionary<string, SettingText> texts)
{
    /// <summary>The most characters of a wrong value in the line that names it.</summary>
    private const int WrongShownMax = 80;

    /// <summary>The most characters of a value where all are shown.</summary>
    private const int ShownMax = 1000;

    private readonly List<SettingProblem> refusals = [];
    private readonly HashSet<string> secrets = [];
    private readonly Dictionary<string, string> safe = [];
    private readonly SortedDictionary<string, string> defaults = new(StringComparer.Ordinal);

    public delegate bool Parse<T>(string text, out T? value);

    /// <summary>One line each that names the setting, its value and what is allowed.</summary>
    public IReadOnlyList<string> Problems => [.. refusals.Select(refusal => refusal.Line)];

    /// <summary>The same with the settings' names.</summary>
    public IReadOnlyList<SettingProblem> Refusals => refusals;

    /// <summary>
    /// All settings that were asked for, with their defaults; an empty text for those that have none.
    /// </summary>
    public IReadOnlyDictionary<string, string> Defaults => defaults;

    /// <summary>Whether an option of the command line is among what can't be read.</summary>
    public bool HasWrongOption { get; private set; }

    /// <summary>All settings that were asked for, as people may see them, by name.</summary>
    public IReadOnlyList<SettingValue> Values =>
        [.. defaults.Keys.Select(name => new SettingValue(name, Shown(name, ShownMax), SourceOf(name)))];

    /// <summary>Where a setting's value comes from.</summary>
    public SettingSource SourceOf(string name) => texts.GetValueOrDefault(name)?.Source ?? SettingSource.Default;

    /// <summary>A setting's text; null if it isn't set and has no default.</summary>
    public string? Text(string name, string? otherwise = null)
    {
        defaults[name] = otherwise ?? "";
        return Said(name) ?? otherwise;
    }

    /// <summary>
    /// A setting that <paramref name="parse"/> understands; the default of its type if it isn't set or is wrong.
    /// </summary>
    public T? Value<T>(string name, string? otherwise, Parse<T> parse, string allowed)
    {
        if (Text(name, otherwise) is not { } text) return default;
        if (parse(text, out var value)) return value;
        HasWrongOption |= SourceOf(name).Origin == SettingOrigin.Option;
        Refuse(name, $"must be {allowed}.");
        return default;
    }

    /// <summary>A whole number within bounds.</summary>
    public long? Whole(string name, long? otherwise, long low, long high)
    {
        return Value<long?>(name, otherwise?.ToString(CultureInfo.InvariantCulture), Parse,
            high == long.MaxValue ? $"a whole number, {low} or more" : $"a whole number, {low} to {high}");

        bool Parse(string text, out long? number)
        {
            var isRead = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var read);
            number = read;
            return isRead && read >= low && read <= high;
        }
    }

    /// <summary>An http(s) address without a user's name.</summary>
    public Uri? Address(string name, string? otherwise = null)
    {
        return Value<Uri>(name, otherwise, Parse, "an absolute http or https address, without a user's name");

        static bool Parse(string text, out Uri? url) =>
            Uri.TryCreate(text, UriKind.Absolute, out url)
            && url.Scheme is "http" or "https"
            && url.UserInfo.Length == 0;
    }

    /// <summary>A setting's text that holds a secret, which is never shown.</summary>
    public string? SecretText(string name)
    {
        secrets.Add(name);
        return Text(name);
    }

    /// <summary>What people may see of a secret.</summary>
    public void ShowAs(string name, string text) => safe[name] = text;

    /// <summary>A secret, which is never shown.</summary>
    public Secret? Secret(string name)
    {
        secrets.Add(name);
        return Value<Secret>(name, null, Configuration.Secret.TryParse, "visible ASCII characters without spaces");
    }

    /// <summary>
    /// All settings whose names begin so, as they are set. They are told with the others; headers are secrets.
    /// </summary>
    public IReadOnlyDictionary<string, string> Beginning(string prefix)
    {
        var set = texts.Where(setting => setting.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(setting => setting.Key, setting => setting.Value.Text.Trim());
        foreach (var name in set.Keys)
        {
            defaults.TryAdd(name, "");
            if (name.EndsWith("HEADERS", StringComparison.Ordinal)) secrets.Add(name);
        }
        return set;
    }

    /// <summary>
    /// A folder may name a server, but not be sent what its user has set elsewhere: a key goes only to an address that
    /// the folder's file doesn't say, or that stands in the same file as the key.
    /// </summary>
    /// <param name="key">The setting of the key.</param>
    /// <param name="address">The setting of the address that it is sent to.</param>
    public void KeepFromFolder(string key, string address)
    {
        if (SourceOf(address).Origin != SettingOrigin.Folder || Said(key) is null
            || SourceOf(key).Origin == SettingOrigin.Folder) return;
        Refuse(address, $"is said by this folder, and would be sent {key}, which is said by "
            + $"{SourceOf(key).Name}: set both in the same place, or the address in the environment.");
    }

    /// <summary>What the folder's file says of this setting is refused, because code would be run for it.</summary>
    public void KeepFromFolder(string code)
    {
        if (SourceOf(code).Origin == SettingOrigin.Folder)
            Refuse(code, "must not be said by a folder, whose code would run with your rights: set it in the "
                + "environment or in your own config.env.");
    }

    /// <summary>Says that a setting isn't what it must be.</summary>
    public void Refuse(string name, string why)
    {
        var source = SourceOf(name);
        var shown = Shown(name, WrongShownMax);
        var what = source.Origin == SettingOrigin.Option ? $"{source.Place} {shown}"
            : source.Origin == SettingOrigin.Default && shown.Length == 0 ? $"{name} is not set"
            : $"{name}={shown}";
        refusals.Add(new(name, $"{what}: it {why}{(source.File is { } file ? $" See {file}." : "")}"));
    }

    private string Shown(string name, int lengthMax)
    {
        var value = Said(name) ?? defaults.GetValueOrDefault(name, "");
        return value.Length > 0 && secrets.Contains(name)
            ? safe.GetValueOrDefault(name, Configuration.Secret.Mask)
            : ForeignText.Clean(Configuration.Secret.HideIn(value), lengthMax);
    }

    private string? Said(string name) => texts.GetValueOrDefault(name)?.Text.Trim();
}
