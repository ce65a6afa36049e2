namespace HeatUp.Channels.Sources.Lists;

/// <summary>How much of a list is held at once. Lengths are in characters.</summary>
internal static class ListLimits
{
    /// <summary>How much is looked at to find out the format and the separator.</summary>
    public const int HeadLength = 64 * 1024;

    /// <summary>The longest line; of a longer one only the beginning is read.</summary>
    public const int LineLengthMax = 1024 * 1024;

    /// <summary>The most of JSON or HTML, which are read as a whole.</summary>
    public const int WholeLengthMax = 64 * 1024 * 1024;

    /// <summary>The most lines of one row of a table, whose cells may hold line breaks.</summary>
    public const int RowLinesMax = 200;

    /// <summary>The most cells of a row; the rest is not read.</summary>
    public const int CellsMax = 1000;

    /// <summary>How many entries are looked at to find out what the fields hold.</summary>
    public const int SampleMax = 50;

    /// <summary>How many lines of a table are looked at for the one that names the columns.</summary>
    public const int HeaderLinesMax = 5;

    /// <summary>The longest cell that may name a channel: longer ones are texts.</summary>
    public const int NameCellMax = 4096;

    /// <summary>The most of a text that is shown in a remark.</summary>
    public const int ShownMax = 60;
}
