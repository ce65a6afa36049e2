using System.Buffers.Binary;
using System.Text;

namespace HeatUp.Telegram.Tl;

/// <summary>Reads TL. Whatever is not as it should be is a <see cref="TlException"/>, never anything else.</summary>
internal ref struct TlReader(TlSchema schema, ReadOnlySpan<byte> bytes)
{
    /// <summary>The name of a method that the schema doesn't have; its number is in the field <c>number</c>.</summary>
    public const string Unknown = "unknown";

    /// <summary>How deep objects may lie in objects: deeper is nobody's, and would end the process.</summary>
    private const int DepthMax = 32;

    private const uint Vector = 0x1cb5c415;

    private ReadOnlySpan<byte> rest = bytes;
    private int depth = 0;

    /// <summary>What is left.</summary>
    public readonly ReadOnlySpan<byte> Rest => rest;

    public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > rest.Length) throw new TlException($"{count} bytes are asked for, {rest.Length} left.");
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    public byte[] Bytes()
    {
        var (length, head) = ((int)Take(1)[0], 1);
        if (length == 255) throw new TlException("Bytes of a length that nothing has.");
        if (length == 254) (length, head) = (Take(1)[0] | Take(1)[0] << 8 | Take(1)[0] << 16, 4);
        var bytes = Take(length).ToArray();
        Take(-(head + length) & 3);
        return bytes;
    }

    /// <summary>An object, by the number that it begins with.</summary>
    public TlObject Object()
    {
        var number = (uint)Int();
        return Fields(schema.Find(number) ?? throw new TlException($"No definition has the number {number:x8}."));
    }

    /// <summary>A method, or an object; one that the schema doesn't have is <see cref="Unknown"/>.</summary>
    public TlObject Query()
    {
        if (rest.Length < 4) throw new TlException("There is no method.");
        var number = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        if (schema.Find(number) is not null) return Object();
        rest = default;
        return new TlObject(Unknown) { { "number", (long)number } };
    }

    private TlObject Fields(TlDefinition definition)
    {
        if (++depth > DepthMax) throw new TlException("Objects lie too deep in objects.");
        var read = new TlObject(definition.Name);
        var flags = new Dictionary<string, int>();
        foreach (var field in definition.Fields)
        {
            if (field.Flags is { } word && (flags[word] & 1 << field.Bit) == 0) continue;
            if (field.Type == "#") flags[field.Name] = Int();
            else read.Add(field.Name, Value(field.Type));
        }
        depth--;
        return read;
    }

    private object Value(string type) => type switch
    {
        "int" => Int(),
        "long" => Long(),
        "double" => BinaryPrimitives.ReadDoubleLittleEndian(Take(8)),
        "int128" => Take(16).ToArray(),
        "int256" => Take(32).ToArray(),
        "bytes" => Bytes(),
        "string" => Encoding.UTF8.GetString(Bytes()),
        "true" => true,
        "Bool" => Object().Name == "boolTrue",
        "!X" => Query(),
        _ when type.StartsWith("Vector<", StringComparison.Ordinal) => List(type[7..^1]),
        _ => Object(),
    };

    private List<object> List(string type)
    {
        if ((uint)Int() != Vector) throw new TlException("A vector is missing.");
        var count = Int();
        if (count < 0 || count > rest.Length) throw new TlException($"A vector of {count} in {rest.Length} bytes.");
        var list = new List<object>();
        for (var i = 0; i < count; i++) list.Add(Value(type));
        return list;
    }
}
