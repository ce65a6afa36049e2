using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>
/// XML that is no page, as the JSON that says the same: an element is an object of its attributes and elements, or a
/// text; elements of one name are a list.
/// </summary>
internal static partial class XmlList
{
    private const int DepthMax = 60;

    /// <summary>Whether a text begins as XML that is no page.</summary>
    public static bool Is(string head) =>
        (head.AsSpan().TrimStart().StartsWith("<?xml", StringComparison.OrdinalIgnoreCase)
            || Root().Match(head) is { Success: true } root && !HtmlList.Is(head)
                && head.Contains($"</{root.Groups["name"]}", StringComparison.Ordinal))
        && !head.Contains("<html", StringComparison.OrdinalIgnoreCase);

    /// <summary>The JSON; null if it is no XML, or a page.</summary>
    public static string? JsonOf(string text)
    {
        if (!Is(text)) return null;
        // Several elements may stand one after another.
        return Parse(text) ?? Parse($"<list>{text}</list>");
    }

    private static string? Parse(string text)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(text.TrimStart()), new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, IgnoreComments = true,
                IgnoreProcessingInstructions = true,
            });
            return XDocument.Load(reader).Root is { } root ? ValueOf(root, 0)?.ToJsonString() : null;
        }
        catch (XmlException)
        {
            // What is broken is read like a page, of which whatever is whole counts.
            return null;
        }
    }

    [GeneratedRegex(@"^\s*<(?<name>[A-Za-z][\w:.-]*)(?:\s[^<>]*)?>", RegexOptions.ExplicitCapture)]
    private static partial Regex Root();

    private static JsonNode? ValueOf(XElement element, int depth)
    {
        if (!element.HasAttributes && !element.HasElements) return element.Value.Trim();
        if (depth == DepthMax) return null;
        var fields = new JsonObject();
        foreach (var attribute in element.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration))
            fields[attribute.Name.LocalName] = attribute.Value;
        foreach (var inner in element.Elements().GroupBy(inner => inner.Name.LocalName))
        {
            var values = inner.Select(one => ValueOf(one, depth + 1)).ToArray();
            fields[inner.Key] = values.Length == 1 ? values[0] : new JsonArray(values);
        }
        var text = string.Concat(element.Nodes().OfType<XText>().Select(node => node.Value)).Trim();
        if (text.Length > 0) fields["text"] ??= text;
        return fields;
    }
}
