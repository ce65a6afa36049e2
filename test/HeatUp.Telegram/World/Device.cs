namespace HeatUp.Telegram.World;

/// <summary>A program on some machine that has agreed on a key with the server; perhaps somebody is logged in on it.
/// </summary>
/// <param name="key">The number of its permanent key.</param>
internal sealed class Device(long key)
{
    public long Key => key;

    /// <summary>Who is logged in; null if nobody is.</summary>
    public Account? Account { get; set; }

    /// <summary>Who has proved to have the phone but must say a password yet; null if nobody.</summary>
    public Account? AwaitsPassword { get; set; }

    /// <summary>Why the server threw it out, such as <c>SESSION_REVOKED</c>; null if it didn't.</summary>
    public string? Ended { get; set; }

    /// <summary>The secret of the password check that goes on; null if none does.</summary>
    public PasswordCheck? Check { get; set; }

    /// <summary>The token of a QR code that it shows; null if it shows none.</summary>
    public string? Token { get; set; }

    /// <summary>Who has scanned its QR code; null if nobody has.</summary>
    public Account? Scanner { get; set; }

    /// <summary>What it says of itself.</summary>
    public string Model { get; set; } = "";

    public string Version { get; set; } = "";

    public int ApiId { get; set; }

    public int Layer { get; set; }

    public bool UsesProxy { get; set; }
}
