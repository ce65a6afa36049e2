namespace HeatUp.Channels;

/// <summary>A file of channels can't be changed. Its message says which, why, and what to do.</summary>
/// <param name="message">What to tell whoever asked.</param>
/// <param name="cause">What happened; null if nothing lower down failed.</param>
public sealed class ChannelFileException(string message, Exception? cause = null) : Exception(message, cause);
