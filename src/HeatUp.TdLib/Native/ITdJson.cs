namespace HeatUp.TdLib;

/// <summary>
/// TDLib's JSON boundary: the library itself, or whoever stands in for it. It pushes what it has to say, so that a
/// stand-in can speak from the timers of a clock that a test holds in its hands, with no thread of its own.
/// Thread-safe. Not public, since whoever holds it could send anything.
/// </summary>
internal interface ITdJson
{
    /// <summary>What may not show in any log.</summary>
    TdRedaction Redaction { get; }

    /// <summary>Makes a client. It comes to life, and says its first word, with its first request.</summary>
    /// <param name="receive">Called with each event of the client as UTF-8 JSON: one at a time, in order, from any
    /// thread. It may call <see cref="Send"/> from within, and may be called from within it.</param>
    /// <returns>The client's number: never one that there was before.</returns>
    int CreateClient(Action<ReadOnlyMemory<byte>> receive);

    /// <summary>Sends a request; its answer comes as an event. Answers at once.</summary>
    /// <param name="client">Which client asks.</param>
    /// <param name="request">UTF-8 JSON.</param>
    void Send(int client, ReadOnlyMemory<byte> request);

    /// <summary>Lets go of a client that has closed: nothing of it will be heard any more.</summary>
    void Forget(int client);
}
