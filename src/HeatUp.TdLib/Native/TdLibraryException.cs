namespace HeatUp.TdLib;

/// <summary>TDLib can't be used on this machine; the message is one line that says why, and how to get it.</summary>
public sealed class TdLibraryException : Exception
{
    /// <summary>Without a reason.</summary>
    public TdLibraryException() { }

    /// <summary>With its reason.</summary>
    public TdLibraryException(string message) : base(message) { }

    /// <summary>With its reason and what it came from.</summary>
    public TdLibraryException(string message, Exception inner) : base(message, inner) { }
}
