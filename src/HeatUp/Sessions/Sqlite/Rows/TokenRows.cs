using System.Globalization;
using HeatUp.Plans;

namespace HeatUp.Sessions.Sqlite;

/// <summary>What language-model calls cost: a row for each day of UTC, to which all processes add.</summary>
internal static class TokenRows
{
    private const string Add = """
        INSERT INTO llm_usage (day, input, output, cached) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (day) DO UPDATE
        SET input = input + excluded.input, output = output + excluded.output, cached = cached + excluded.cached
        """;

    private const string Day = "SELECT input, output, cached FROM llm_usage WHERE day = ?1";

    /// <summary>Adds to a day; answers its new sum.</summary>
    public static TokenUsage AddTo(SqliteDatabase db, DateOnly day, TokenUsage tokens)
    {
        db[Add].Bind(1, NameOf(day)).Bind(2, tokens.Input).Bind(3, tokens.Output).Bind(4, tokens.Cached).Run();
        return Of(db, day);
    }

    /// <summary>A day's sum.</summary>
    public static TokenUsage Of(SqliteDatabase db, DateOnly day)
    {
        var row = db[Day].Bind(1, NameOf(day));
        var tokens = row.Step() ? new TokenUsage(row.Int64(0), row.Int64(1), row.Int64(2)) : default;
        row.Reset();
        return tokens;
    }

    private static string NameOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
