using System.Buffers;
using System.Buffers.Binary;
using System.Collections;
using System.Text;

namespace HeatUp.Telegram.Tl;

/// <summary>Writes TL. A field that an object doesn't have is left out, or the smallest value of its type.</summary>
internal sealed class TlWriter(TlSchema schema)
{
    private const uint Vector = 0x1cb5c415;

    private readonly ArrayBufferWriter<byte> output = new();

    /// <summary>An object's bytes.</summary>
    /// <exception cref="TlException">It has a field that its definition hasn't, or a value of another type.</exception>
    public static byte[] Write(TlObject written, TlSchema? schema = null)
    {
        var writer = new TlWriter(schema ?? TlSchema.Of229);
        writer.Object(written);
        return writer.ToArray();
    }

    /// <summary>A vector's bytes, which some methods answer.</summary>
    public static byte[] Write(IEnumerable<object> list, string type, TlSchema schema)
    {
        var writer = new TlWriter(schema);
        writer.List(list, type);
        return writer.ToArray();
    }

    public byte[] ToArray() => output.WrittenSpan.ToArray();

    public void Int(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        output.Write(bytes);
    }

    public void Long(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        output.Write(bytes);
    }

    public void Raw(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        var head = bytes.Length < 254 ? 1 : 4;
        if (head == 1) output.Write([(byte)bytes.Length]);
        else Int(254 | bytes.Length << 8);
        output.Write(bytes);
        output.Write(new byte[-(head + bytes.Length) & 3]);
    }

    public void Object(TlObject written)
    {
        var definition = schema.Named(written.Name);
        Int((int)definition.Number);
        Fields(written, definition);
    }

    private void Fields(TlObject written, TlDefinition definition)
    {
        foreach (var (name, _) in written)
            if (definition.Fields.All(field => field.Name != name))
                throw new TlException($"{definition.Name} has no field '{name}'.");
        // Some fields share a bit: then they come and go together.
        var present = definition.Fields.Where(field => IsThere(written, field)).Select(Bit).ToHashSet();
        foreach (var field in definition.Fields)
        {
            if (field.Type == "#")
                Int(present.Where(bit => bit.Flags == field.Name).Aggregate(0, (flags, bit) => flags | 1 << bit.Number));
            else if (field.Flags is null || present.Contains(Bit(field))) Value(written[field.Name], field);
        }
    }

    private static (string? Flags, int Number) Bit(TlField field) => (field.Flags, field.Bit);

    private static bool IsThere(TlObject written, TlField field) =>
        field.Type == "true" ? written.Is(field.Name) : written[field.Name] is not null;

    private void Value(object? value, TlField field)
    {
        try
        {
            Value(value, field.Type);
        }
        catch (InvalidCastException)
        {
            throw new TlException($"The field '{field.Name}' is of the type {field.Type}, not {value?.GetType().Name}.");
        }
    }

    private void Value(object? value, string type)
    {
        switch (type)
        {
            case "true":
                break;
            case "int":
                Int((int)(value ?? 0));
                break;
            case "long":
                Long((long)(value ?? 0L));
                break;
            case "double":
                Long(BitConverter.DoubleToInt64Bits((double)(value ?? 0.0)));
                break;
            case "int128" or "int256":
                Raw((byte[])value!);
                break;
            case "bytes":
                Bytes((byte[])(value ?? Array.Empty<byte>()));
                break;
            case "string":
                Bytes(Encoding.UTF8.GetBytes((string)(value ?? "")));
                break;
            case "Bool":
                Int((int)schema.Named(value is true ? "boolTrue" : "boolFalse").Number);
                break;
            case "vector<future_salt>":
                Bare((IEnumerable)value!, schema.Named("future_salt"));
                break;
            case var _ when type.StartsWith("Vector<", StringComparison.Ordinal):
                List(((IEnumerable?)value ?? Array.Empty<object>()).Cast<object>(), type[7..^1]);
                break;
            default:
                Object((TlObject?)value ?? schema.Smallest(type));
                break;
        }
    }

    private void List(IEnumerable<object> list, string type)
    {
        var all = list.ToList();
        Int(unchecked((int)Vector));
        Int(all.Count);
        foreach (var one in all) Value(one, type);
    }

    /// <summary>A vector without its number, of objects without theirs.</summary>
    private void Bare(IEnumerable list, TlDefinition definition)
    {
        var all = list.Cast<TlObject>().ToList();
        Int(all.Count);
        foreach (var one in all) Fields(one, definition);
    }
}
