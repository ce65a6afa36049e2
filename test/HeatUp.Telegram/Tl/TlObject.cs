using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace HeatUp.Telegram.Tl;

/// <summary>
/// A value of TL: the name of its definition, and its fields. A field holds an <see cref="int"/>, a <see cref="long"/>,
/// a <see cref="double"/>, a <see cref="bool"/>, a <see cref="string"/>, bytes, another object, or a list of these. A
/// field that is not there is one that its flags leave out, or the smallest value of its type.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is no collection; it enumerates to be made with fields.")]
internal sealed class TlObject(string name) : IEnumerable<KeyValuePair<string, object>>
{
    private readonly Dictionary<string, object> fields = [];

    /// <summary>Of its definition, such as <c>peerChannel</c>.</summary>
    public string Name { get; } = name;

    /// <summary>A field; null if it is not there.</summary>
    public object? this[string field] => fields.GetValueOrDefault(field);

    /// <summary>Gives it a field; null leaves it out.</summary>
    public void Add(string field, object? value)
    {
        if (value is not null) fields[field] = value;
    }

    public int Int(string field) => fields.GetValueOrDefault(field) is int value ? value : 0;

    public long Long(string field) => fields.GetValueOrDefault(field) is long value ? value : 0;

    public bool Is(string field) => fields.GetValueOrDefault(field) is true;

    public string Text(string field) => fields.GetValueOrDefault(field) as string ?? "";

    public byte[] Bytes(string field) => fields.GetValueOrDefault(field) as byte[] ?? [];

    public TlObject? Object(string field) => fields.GetValueOrDefault(field) as TlObject;

    public IEnumerable<T> All<T>(string field) => fields.GetValueOrDefault(field) is IEnumerable list and not string
        ? list.OfType<T>()
        : [];

    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => Name;
}
