using System.Security.Cryptography;
using HeatUp.Telegram.Handshake;
using HeatUp.Tests.Support;
using HeatUp.Tests.TdLib;

namespace HeatUp.Tests.Loopback;

/// <summary>
/// A copy of TDLib that trusts another server than Telegram's: its file holds the public key of the main servers as
/// text, and the copy has ours in its place. Nothing else is changed. Made once for all tests.
/// </summary>
internal static class OwnKey
{
    private static readonly Lazy<TempFolder> Made = new(Make);

    /// <summary>The library's copy.</summary>
    public static string Library => Made.Value.File("libtdjson.so");

    /// <summary>The file of the private key.</summary>
    public static string KeyFile => Made.Value.File("key.pem");

    /// <summary>The public key, as clients that aren't TDLib are told it.</summary>
    public static string PublicFile => Made.Value.File("public.pem");

    private static TempFolder Make()
    {
        var folder = new TempFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        using var rsa = Make(RSA.Create(2048));
        folder.Write("key.pem", rsa.ExportRSAPrivateKeyPem());
        folder.Write("public.pem", rsa.ExportRSAPublicKeyPem());
        TrustedKey.Copy(RealTdLib.File, folder.File("libtdjson.so"), rsa.ExportRSAPublicKeyPem());
        return folder;
    }

    /// <summary>One client writes fingerprints without the zero that they may begin with, and doesn't find its key then.
    /// </summary>
    private static RSA Make(RSA rsa)
    {
        while (new ServerKey(rsa.ExportRSAPrivateKeyPem()).Fingerprint >>> 60 == 0)
        {
            rsa.Dispose();
            rsa = RSA.Create(2048);
        }
        return rsa;
    }
}
