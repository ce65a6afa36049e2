using HeatUp.Runs;
using Microsoft.Extensions.Logging;

namespace HeatUp.TdLib;

/// <summary>What the binding makes the log say. No request's values, no account's numbers.</summary>
internal static partial class TdLibLog
{
    [LoggerMessage(EventId = 601, Message = "TDLib: {Text}")]
    public static partial void TdLibSaid(this ILogger log, LogLevel level, string text);

    [LoggerMessage(602, LogLevel.Information, "TDLib {Version} was loaded from {Path}")]
    public static partial void Loaded(this ILogger log, string version, string path);

    [LoggerMessage(603, LogLevel.Warning,
        "TDLib is version {Version}; Heat Up was tested with {Tested}. What it says may be misunderstood")]
    public static partial void OtherVersion(this ILogger log, string version, string tested);

    [LoggerMessage(604, LogLevel.Error, "An event of TDLib's could not be handled")]
    public static partial void EventFailed(this ILogger log, Exception fault);

    [LoggerMessage(605, LogLevel.Warning, "TDLib's {Class} can't be read: is it another version? {Fault}")]
    public static partial void Unreadable(this ILogger log, string? @class, string fault);

    [LoggerMessage(606, LogLevel.Warning, "TDLib did not answer {Request} within {Seconds} s")]
    public static partial void NoAnswer(this ILogger log, string request, double seconds);

    [LoggerMessage(607, LogLevel.Warning, "TDLib answered {Request} late, after {Seconds} s: {Answer}")]
    public static partial void AnsweredLate(this ILogger log, string request, double seconds, string answer);

    [LoggerMessage(608, LogLevel.Warning, "TDLib's client did not close within {Seconds} s")]
    public static partial void NotClosed(this ILogger log, double seconds);

    [LoggerMessage(609, LogLevel.Error,
        "What Telegram said to '{Account}' can't be kept: {Said}. {Fault} It is tried again before the account's next "
        + "use; after a restart it is forgotten")]
    public static partial void NotKept(this ILogger log, SessionId account, TelegramError? said, string fault);
}
