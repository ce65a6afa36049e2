namespace HeatUp.Sessions;

/// <summary>What the statements of both databases have alike for people who look at a store.</summary>
internal static class InsightsSql
{
    /// <summary>
    /// How many actions of a session are remembered. It walks through them: for those alone that are shown, if the
    /// order allows it.
    /// </summary>
    public const string CountRows = "(SELECT count(*) FROM session_history WHERE session_id = who)";

    /// <summary>The sessions of a table, each once: by leaps from one to the next in its index.</summary>
    public static string Leaps(string name, string table) => $"""
        {name}(who) AS (
            SELECT min(session_id) FROM {table}
            UNION ALL
            SELECT (SELECT min(session_id) FROM {table} WHERE session_id > {name}.who) FROM {name}
            WHERE {name}.who IS NOT NULL)
        """;

    /// <summary>The order of runs with their steps.</summary>
    public const string InOrder = " ORDER BY runs.started_at, number, step";

    /// <summary>The order of sessions; of equal ones that of their names.</summary>
    public static string OrderOf(SessionOrder order) => order switch
    {
        SessionOrder.Name => "ORDER BY who",
        SessionOrder.Sittings => "ORDER BY begun DESC, who",
        SessionOrder.Actions => "ORDER BY counted DESC, who",
        _ => "ORDER BY last DESC NULLS LAST, who",
    };
}
