using System.Net.Sockets;
using Npgsql;

namespace HeatUp.Sessions.Postgres;

/// <summary>What is wrong with the database, in one line for people: where, what, and what to do.</summary>
internal static class PostgresTrouble
{
    public static StoreException Newer(string place, int version) => Of(place,
        $"was written by a newer Heat Up (tables of version {version}; this one knows {PostgresSchema.Version})",
        "Use the newer program, or another database.");

    public static StoreException Empty(string place) =>
        new($"DATABASE_URL={place} has no tables of Heat Up. 'heat db init' makes them.") { IsEmpty = true };

    public static StoreException Pooled(string place) => Of(place,
        "is reached through a pooler that doesn't keep a connection for each client",
        "Set pool_mode=session in PgBouncer, or name PostgreSQL itself.");

    public static StoreException Foreign(string place) => Of(place,
        "has a table session_history and none of Heat Up's others",
        "It belongs to another program: name another database.");

    public static StoreException OfAnotherTelegram(string place, string telegram, string wanted) => new(
        $"DATABASE_URL={place} holds sittings of TELEGRAM_MODE={telegram}, whose memberships are not those of "
        + $"TELEGRAM_MODE={wanted}: set DATABASE_URL to a database of its own for {wanted}.");

    public static StoreException OfAnotherCluster(string place, string cluster, string wanted) => Of(place,
        $"belongs to the cluster CLUSTER_ID={cluster}, not to {wanted}",
        "Correct CLUSTER_ID, or give this cluster a database of its own.");

    public static NotAloneException NotAlone(
        string place, string other, bool isAlone, DateTimeOffset? aliveAt) => new(
        $"DATABASE_URL={place} is in use by the node {other}. "
        + (isAlone
            ? "Stop it; or start both with 'heat serve --cluster', to have several."
            : "It was started without --cluster and lets no other in: start it anew with 'heat serve --cluster'."),
        aliveAt);

    public static NotAloneException OutOfReach(
        string place, string other, string machine, string node, DateTimeOffset? aliveAt) => new(
        $"DATABASE_URL={place} is in use by the node {other} on the machine {machine}. It and this node ({node}) can't "
        + "reach each other as long as one listens on loopback only: set CLUSTER_LISTEN on both to an address that the "
        + "other machine reaches.",
        aliveAt);

    public static StoreException DeclaredDead(string place) => new(
        $"DATABASE_URL={place}: the other nodes have declared this one dead, and go on with its runs.");

    /// <summary>A failure of PostgreSQL, or of the way to it, as ours.</summary>
    public static StoreException Explain(string place, Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or
            PostgresErrorCodes.InvalidAuthorizationSpecification } => Of(place,
            "refuses this user or its password", "Correct them in DATABASE_URL.", failure),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => Of(place,
            "names a database that does not exist", "Make it with createdb, or name another.", failure),
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => Of(place,
            "has no connection left", "Raise max_connections.", failure),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied => Of(place,
            $"does not let this user do that ({OneLine(denied.MessageText)})",
            "Grant it the right to make and write tables.", failure),
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => Of(place,
            "can't be written: it is a standby", "Name the primary.", failure),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => Of(place,
            "can't grow: its disk is full", "Free some space; the service goes on by itself.", failure),
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CannotConnectNow } =>
            Of(place, "is starting or stopping", "The service goes on by itself when it is back.", failure),
        PostgresException other => Of(place, $"failed ({OneLine(other.MessageText)})", "See its log.", failure),
        NpgsqlException { InnerException: SocketException socket } => Of(place,
            $"can't be reached ({OneLine(socket.Message)})", "See that it runs and listens there.", failure),
        NpgsqlException tls when tls.Message.Contains("SSL", StringComparison.Ordinal) => Of(place,
            $"can't be used ({OneLine(tls.Message)})", "Correct sslmode in DATABASE_URL, or let it speak TLS.",
            failure),
        _ => Of(place, $"can't be used ({OneLine(failure.Message)})", "See that it runs.", failure),
    };

    private static StoreException Of(string place, string what, string advice, Exception? inner = null) =>
        new($"DATABASE_URL={place} {what}. {advice}", inner);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").TrimEnd('.');
}
