namespace HeatUp.Simulations;

/// <summary>
/// A run folder can't be read or written. The message is one line for people that names the file and what is wrong.
/// </summary>
public sealed class RunFolderException : Exception
{
    /// <summary>A failure.</summary>
    public RunFolderException(string message, Exception? inner = null) : base(message, inner) { }
}
