namespace HeatUp.Simulations;

/// <summary>
/// The recorded exchanges with a language model can't be read or written, or don't fit the run. The message is for
/// people and says what differs or what to do.
/// </summary>
public sealed class CassetteException : Exception
{
    /// <summary>A failure.</summary>
    public CassetteException(string message, Exception? inner = null) : base(message, inner) { }
}
