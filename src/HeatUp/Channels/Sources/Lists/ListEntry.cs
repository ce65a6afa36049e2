namespace HeatUp.Channels.Sources.Lists;

/// <summary>A row of a table, an object or a text of JSON: what a list says of one channel.</summary>
/// <param name="Place">Where it stands, such as <c>line 3</c>.</param>
/// <param name="Fields">What it says, in its order; names of fields may repeat.</param>
internal sealed record ListEntry(string Place, IReadOnlyList<ListField> Fields)
{
    /// <summary>What it says in fields of a meaning, without those that say nothing.</summary>
    public IEnumerable<ListField> Of(FieldMeaning meaning) =>
        Fields.Where(field => field.Meaning == meaning && !NoValue.IsIn(field.Text));

    /// <summary>What it says, for people.</summary>
    public string Show() => ForeignText.Clean(
        string.Join(", ", Fields.Where(field => !NoValue.IsIn(field.Text))
            .Select(field => field.Text[..Math.Min(field.Text.Length, ListLimits.ShownMax)])), ListLimits.ShownMax);
}

/// <summary>A field of an entry.</summary>
/// <param name="Name">What it is called; empty for an entry that is a text.</param>
/// <param name="Meaning">What that means.</param>
/// <param name="Text">What it says.</param>
internal readonly record struct ListField(string Name, FieldMeaning Meaning, string Text)
{
    public ListField(string name, string text) : this(name, FieldNames.Of(name), text) { }
}
