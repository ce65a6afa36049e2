using Microsoft.Extensions.Logging;

namespace HeatUp.Channels;

/// <summary>What the pool's file makes the log say.</summary>
internal static partial class ChannelsLog
{
    [LoggerMessage(101, LogLevel.Information, "The pool has {Channels} channels, read from {Path}")]
    public static partial void PoolRead(this ILogger log, string path, int channels);

    [LoggerMessage(102, LogLevel.Warning, "{Warning}")]
    public static partial void ChannelsFileFaulty(this ILogger log, string warning);
}
