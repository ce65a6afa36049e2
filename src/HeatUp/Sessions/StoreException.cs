namespace HeatUp.Sessions;

/// <summary>
/// The store could not do what it was asked. The message is one line for people that says what to do next.
/// </summary>
public class StoreException : Exception
{
    /// <summary>A failure.</summary>
    public StoreException(string message, Exception? inner = null) : base(message, inner) { }

    /// <summary>Whether nothing of ours is there yet: the first start makes it.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>Whether what is stored is damaged, so that trying again is no use.</summary>
    internal bool IsLost { get; init; }
}
