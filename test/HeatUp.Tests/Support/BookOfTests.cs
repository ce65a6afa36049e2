using HeatUp.Runs.Conduct;

namespace HeatUp.Tests;

internal static class BookOfTests
{
    /// <summary>Adds an account of a user of Telegram's whom nobody else is.</summary>
    public static string? Add(this AccountBook book, SessionId name) =>
        book.Add(name, name.Value.Aggregate(7L, (hash, c) => hash * 31 + c));
}
