using HeatUp.Sessions.Postgres;
using Npgsql;

namespace HeatUp.Tests.Sessions.Postgres;

/// <summary>Addresses as libpq's URIs say them.</summary>
public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("postgres://h/d", "h", 5432, "d", null, null)]
    [InlineData("postgresql://h:6000/d", "h", 6000, "d", null, null)]
    [InlineData("POSTGRES://u@h/d", "h", 5432, "d", "u", null)]
    [InlineData("postgres://u:p@h/d", "h", 5432, "d", "u", "p")]
    [InlineData("postgres://u%40x:p%3A%2F%40%25@h/d%20e", "h", 5432, "d e", "u@x", "p:/@%")]
    [InlineData("postgres://u:a@b@h/d", "h", 5432, "d", "u", "a@b")]
    [InlineData("postgres://u:p;Host=evil@h/d", "h", 5432, "d", "u", "p;Host=evil")]
    [InlineData("postgres://[::1]:6000/d", "::1", 6000, "d", null, null)]
    [InlineData("postgres:///d", "localhost", 5432, "d", null, null)]
    [InlineData("postgres:///d?host=/var/run/postgresql", "/var/run/postgresql", 5432, "d", null, null)]
    public void AnAddressIsReadInAllItsParts(
        string text, string host, int port, string database, string? user, string? password)
    {
        PostgresAddress.TryParse(text, out var address, out _).ShouldBeTrue();

        var parts = new NpgsqlConnectionStringBuilder(address!.ConnectionString);
        (parts.Host, parts.Port, parts.Database, parts.Username, parts.Password)
            .ShouldBe((host, port, database, user, password));
        address.Place.ShouldNotContain("p:/");
    }

    [Theory]
    [InlineData("disable", SslMode.Disable)]
    [InlineData("require", SslMode.Require)]
    [InlineData("verify-full", SslMode.VerifyFull)]
    public void HowTheWayIsEncryptedIsSaid(string word, SslMode mode)
    {
        PostgresAddress.TryParse($"postgres://h/d?sslmode={word}&connect_timeout=3", out var address, out _).ShouldBeTrue();

        var parts = new NpgsqlConnectionStringBuilder(address!.ConnectionString);
        (parts.SslMode, parts.Timeout).ShouldBe((mode, 3));
    }

    [Theory]
    [InlineData(null, "must begin with postgres://")]
    [InlineData("", "must begin with postgres://")]
    [InlineData("mysql://h/d", "must begin with postgres://")]
    [InlineData("Host=h;Database=d", "must begin with postgres://")]
    [InlineData("postgres://h", "names no database")]
    [InlineData("postgres://h/", "names no database")]
    [InlineData("postgres://h:0/d", "port must be a number from 1 to 65535")]
    [InlineData("postgres://h:x/d", "port must be a number from 1 to 65535")]
    [InlineData("postgres://h:70000/d", "port must be a number from 1 to 65535")]
    [InlineData("postgres://u:secret%zz@h/d", "password has a % that begins no escape")]
    [InlineData("postgres://h/d?sslmode=yes", "sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full")]
    [InlineData("postgres://h/d?ssl=1", "option 'ssl' is not known; known are sslmode")]
    [InlineData("postgres://h/d?connect_timeout=soon", "connect_timeout must be a number of seconds")]
    public void AWrongAddressSaysWhatIsWrongWithoutItsPassword(string? text, string problem)
    {
        PostgresAddress.TryParse(text, out var address, out var said).ShouldBeFalse();

        address.ShouldBeNull();
        said.ShouldNotBeNull().ShouldContain(problem);
        said.ShouldNotContain("secret");
    }
}
