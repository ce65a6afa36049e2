using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;

namespace HeatUp.Sessions.Postgres;

/// <summary>
/// Where a database in PostgreSQL is, as libpq's URIs say it:
/// <c>postgres://user:password@host:port/database?sslmode=require</c>. Each part but the database may be missing;
/// what is reserved in a part is written in percent encoding.
/// </summary>
public sealed class PostgresAddress
{
    private const int PortDefault = 5432;

    // PostgreSQL allows a hundred unless told otherwise, and four nodes are to have room. Steps share a connection.
    private const int ConnectionsMax = 20;

    // More than there are: planning one anew each time costs more than running it.
    private const int StatementsKept = 64;

    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    private static readonly Dictionary<string, SslMode> SslModes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["disable"] = SslMode.Disable,
        ["allow"] = SslMode.Allow,
        ["prefer"] = SslMode.Prefer,
        ["require"] = SslMode.Require,
        ["verify-ca"] = SslMode.VerifyCA,
        ["verify-full"] = SslMode.VerifyFull,
    };

    private static readonly string[] Options =
        ["sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name", "host"];

    private readonly NpgsqlConnectionStringBuilder parts;

    private PostgresAddress(NpgsqlConnectionStringBuilder parts) => this.parts = parts;

    /// <summary>The address for people: without user and password.</summary>
    public string Place => $"postgres://{parts.Host}:{parts.Port}/{parts.Database}";

    internal string ConnectionString => parts.ConnectionString;

    /// <summary>Reads an address.</summary>
    /// <param name="text">The address.</param>
    /// <param name="address">What it says.</param>
    /// <param name="problem">Why it is none, without what it says of a password.</param>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out PostgresAddress? address, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            (address, problem) = (new PostgresAddress(Parse(text ?? "")), null);
            return true;
        }
        catch (FormatException wrong)
        {
            (address, problem) = (null, wrong.Message);
            return false;
        }
    }

    private static NpgsqlConnectionStringBuilder Parse(string text)
    {
        var scheme = Schemes.FirstOrDefault(one => text.StartsWith(one, StringComparison.OrdinalIgnoreCase))
            ?? throw new FormatException(
                "it must begin with postgres://, as in postgres://user:password@host/database");
        var (rest, query) = Cut(text[scheme.Length..], '?');
        var (authority, database) = Cut(rest, '/');
        if (database is not { Length: > 0 }) throw new FormatException("it names no database after the host's slash");
        var at = authority.LastIndexOf('@');
        var parts = new NpgsqlConnectionStringBuilder
        {
            Database = Decoded(database, "database"), ApplicationName = "heat-up", Timeout = 10, KeepAlive = 10,
            MaxAutoPrepare = StatementsKept, MaxPoolSize = ConnectionsMax,
        };
        if (at >= 0) SetUser(parts, authority[..at]);
        SetHost(parts, authority[(at + 1)..]);
        foreach (var option in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries)) Set(parts, option);
        return parts;
    }

    private static void SetUser(NpgsqlConnectionStringBuilder parts, string user)
    {
        var (name, password) = Cut(user, ':');
        parts.Username = Decoded(name, "user");
        if (password is not null) parts.Password = Decoded(password, "password");
    }

    private static void SetHost(NpgsqlConnectionStringBuilder parts, string text)
    {
        var bracket = text.IndexOf(']', StringComparison.Ordinal);
        var colon = text.IndexOf(':', bracket + 1);
        var host = Decoded((colon < 0 ? text : text[..colon]).Trim('[', ']'), "host");
        parts.Host = host.Length > 0 ? host : "localhost";
        parts.Port = colon < 0 ? PortDefault
            : int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                && port is > 0 and <= ushort.MaxValue ? port
            : throw new FormatException($"its port must be a number from 1 to {ushort.MaxValue}");
    }

    private static void Set(NpgsqlConnectionStringBuilder parts, string option)
    {
        var (name, encoded) = Cut(option, '=');
        var value = Decoded(encoded ?? "", name);
        switch (name)
        {
            case "sslmode":
                parts.SslMode = SslModes.TryGetValue(value, out var mode) ? mode
                    : throw new FormatException($"its sslmode must be one of {string.Join(", ", SslModes.Keys)}");
                break;
            case "sslrootcert": parts.RootCertificate = value; break;
            case "sslcert": parts.SslCertificate = value; break;
            case "sslkey": parts.SslKey = value; break;
            case "application_name": parts.ApplicationName = value; break;
            case "host": parts.Host = value; break;
            case "connect_timeout":
                parts.Timeout = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                    && seconds <= 1_024 ? seconds
                    : throw new FormatException("its connect_timeout must be a number of seconds, up to 1024");
                break;
            default:
                throw new FormatException(
                    $"its option '{name}' is not known; known are {string.Join(", ", Options)}");
        }
    }

    private static (string Before, string? After) Cut(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is >= 0 and var index
            ? (text[..index], text[(index + 1)..])
            : (text, null);

    private static string Decoded(string text, string part)
    {
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '%' && !(i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1])
                && char.IsAsciiHexDigit(text[i + 2])))
                throw new FormatException($"its {part} has a % that begins no escape; a % itself is written %25");
        return Uri.UnescapeDataString(text);
    }
}
