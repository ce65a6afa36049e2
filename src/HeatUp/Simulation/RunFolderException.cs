namespace HeatUp.Simulation;

/// <summary>A run folder can't be used; the message says why, for people.</summary>
public sealed class RunFolderException(string message, Exception? cause = null) : Exception(message, cause);
