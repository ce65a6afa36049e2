using HeatUp.Runs;

namespace HeatUp.TdLib;

/// <summary>Telegram said no somewhere in an action: the way out of it. Never leaves <see cref="TdTalk"/>'s users.
/// </summary>
#pragma warning disable CA1032, CA1064 // It is a way out and nothing else.
internal sealed class TdRefusal(TelegramError error) : Exception
#pragma warning restore CA1032, CA1064
{
    public TelegramError Error => error;
}
