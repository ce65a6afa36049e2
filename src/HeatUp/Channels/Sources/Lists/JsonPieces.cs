using System.Text;
using System.Text.Json;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>A text of JSON as a whole; or, if it is broken, the objects in it that are not.</summary>
internal static class JsonPieces
{
    /// <summary>How often a broken text may be gone through, in its lengths, to look for objects that are whole.</summary>
    private const int PassesMax = 8;

    /// <summary>The documents in a text, each to be disposed of by the caller.</summary>
    public static IEnumerable<JsonDocument> In(string text, Remarks remarks)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var (whole, fault) = Parse(utf8);
        if (whole is not null)
        {
            yield return whole;
            yield break;
        }
        var hasAny = false;
        foreach (var piece in Pieces(utf8))
        {
            if (!hasAny) remarks.PassOver(PassedOverReason.Unreadable, $"{fault} Only what is whole is taken.");
            hasAny = true;
            yield return piece;
        }
    }

    /// <summary>Why a text is no JSON; null if it is.</summary>
    public static string? FaultOf(string text)
    {
        var (whole, fault) = Parse(Encoding.UTF8.GetBytes(text));
        whole?.Dispose();
        return fault;
    }

    private static (JsonDocument? Json, string? Fault) Parse(byte[] utf8)
    {
        try
        {
            return (JsonDocument.Parse(utf8, JsonText.Tolerant), null);
        }
        catch (JsonException failure)
        {
            return (null, JsonText.Fault(utf8, failure));
        }
    }

    private static IEnumerable<JsonDocument> Pieces(byte[] utf8)
    {
        var budget = (long)PassesMax * utf8.Length;
        for (var at = 0; at < utf8.Length && budget > 0;)
        {
            var next = utf8.AsSpan(at).IndexOf((byte)'{');
            if (next < 0) yield break;
            at += next;
            var (piece, length) = PieceAt(utf8, at);
            budget -= length;
            at += piece is null ? 1 : length;
            if (piece is not null) yield return piece;
        }
    }

    /// <summary>The object at a place, and its length; or null, and how far it was read.</summary>
    private static (JsonDocument? Json, int Length) PieceAt(byte[] utf8, int at)
    {
        var reader = new Utf8JsonReader(utf8.AsSpan(at), new JsonReaderOptions
        {
            AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip,
        });
        try
        {
            do reader.Read();
            while (reader.CurrentDepth > 0 || reader.TokenType == JsonTokenType.StartObject);
            var length = (int)reader.BytesConsumed;
            return (JsonDocument.Parse(utf8.AsMemory(at, length), JsonText.Tolerant), length);
        }
        catch (JsonException)
        {
            return (null, (int)reader.BytesConsumed);
        }
    }
}
