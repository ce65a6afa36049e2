using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace HeatUp.Telegram.Tl;

/// <summary>The definitions that both sides agree on, by number and by name.</summary>
internal sealed class TlSchema
{
    /// <summary>The layer of the newest definitions: that of TDLib 1.8.67.</summary>
    public const int Newest = 229;

    private const string LayerBegins = "---layer ";
    private const string Methods = "---functions---";
    private const string Types = "---types---";

    private static readonly List<TlDefinition> Definitions = [.. Read("Mtproto.tl"), .. Read("Api.tl")];
    private static readonly ConcurrentDictionary<int, TlSchema> ByLayer = new();

    private readonly Dictionary<uint, TlDefinition> byNumber = [];
    private readonly Dictionary<string, TlDefinition> byName = [];
    private readonly Dictionary<string, TlDefinition> smallest = [];

    /// <param name="definitions">All that there are, whatever their layers: each is understood.</param>
    /// <param name="layer">Says which of several of one name is written.</param>
    private TlSchema(IReadOnlyList<TlDefinition> definitions, int layer)
    {
        foreach (var definition in definitions) byNumber[definition.Number] = definition;
        foreach (var definition in definitions.Where(one => one.Layer >= layer).OrderBy(one => one.Layer))
        {
            byName.TryAdd(definition.Name, definition);
            if (!definition.IsMethod) smallest.TryAdd(definition.Type, definition);
        }
    }

    /// <summary>MTProto's and Telegram's, as TDLib speaks them.</summary>
    public static TlSchema Of229 { get; } = new(Definitions, Newest);

    public IEnumerable<TlDefinition> All => byNumber.Values;

    /// <summary>What a client of a layer understands.</summary>
    public static TlSchema Of(int layer) => ByLayer.GetOrAdd(layer, one => new(Definitions, one));

    public TlDefinition? Find(uint number) => byNumber.GetValueOrDefault(number);

    /// <summary>A method; null if there is none of this name.</summary>
    public TlDefinition? Method(string name) =>
        byName.TryGetValue(name, out var found) && found.IsMethod ? found : null;

    /// <exception cref="TlException">No definition has this name.</exception>
    public TlDefinition Named(string name) =>
        byName.GetValueOrDefault(name) ?? throw new TlException($"The schema has no '{name}'.");

    /// <summary>Whether anything of a type can be written.</summary>
    public bool HasType(string type) => smallest.ContainsKey(type);

    /// <summary>The first definition of a type, with nothing in it.</summary>
    /// <exception cref="TlException">The type has no definition.</exception>
    public TlObject Smallest(string type) => smallest.TryGetValue(type, out var definition)
        ? new TlObject(definition.Name)
        : throw new TlException($"The schema has nothing of the type '{type}'.");

    private static List<TlDefinition> Read(string file)
    {
        using var stream = typeof(TlSchema).Assembly.GetManifestResourceStream(file)!;
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return Parse(reader.ReadToEnd());
    }

    /// <summary>Definitions end in a semicolon and may go over several lines; what begins with // says nothing.</summary>
    internal static List<TlDefinition> Parse(string text)
    {
        var (definitions, open, isMethod, layer) = (new List<TlDefinition>(), new StringBuilder(), false, Newest);
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            if (line.Length == 0 || line.StartsWith("//", StringComparison.Ordinal)) continue;
            if (line is Methods or Types)
            {
                isMethod = line == Methods;
                continue;
            }
            if (line.StartsWith(LayerBegins, StringComparison.Ordinal))
            {
                (isMethod, layer) = (false, int.Parse(line[LayerBegins.Length..].Trim('-'), CultureInfo.InvariantCulture));
                continue;
            }
            open.Append(line.TrimEnd(';')).Append(' ');
            if (!line.EndsWith(';')) continue;
            definitions.Add(TlDefinition.Parse(open.ToString(), isMethod) with { Layer = layer });
            open.Clear();
        }
        return definitions;
    }
}

/// <summary>Bytes that are no TL, or an object that can't be written as it is.</summary>
internal sealed class TlException(string message) : Exception(message);
