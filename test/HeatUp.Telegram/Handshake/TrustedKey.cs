using System.Text;

namespace HeatUp.Telegram.Handshake;

/// <summary>The key of the server that a copy of TDLib trusts. It is in the library's file, as text.</summary>
internal static class TrustedKey
{
    private const string Begin = "-----BEGIN RSA PUBLIC KEY-----";
    private const string End = "-----END RSA PUBLIC KEY-----";

    /// <summary>Makes a copy of the library that trusts another key.</summary>
    /// <param name="library">The file of <c>libtdjson</c>.</param>
    /// <param name="copy">The file to write.</param>
    /// <param name="key">The public key, in PEM (PKCS#1).</param>
    /// <exception cref="InvalidDataException">The library doesn't have its keys in this form.</exception>
    public static void Copy(string library, string copy, string key)
    {
        var bytes = File.ReadAllBytes(library);
        Replace(bytes, key);
        File.WriteAllBytes(copy, bytes);
    }

    /// <summary>Puts another key in the place of the main servers'. All of 2048 bits are equally long.</summary>
    /// <param name="library">The bytes of <c>libtdjson</c>; the first key in them is that of the main servers.</param>
    /// <param name="key">The public key, in PEM (PKCS#1).</param>
    /// <exception cref="InvalidDataException">The library doesn't have its keys in this form.</exception>
    public static void Replace(byte[] library, string key)
    {
        var text = library.AsSpan();
        var start = text.IndexOf(Encoding.ASCII.GetBytes(Begin));
        var length = start < 0 ? -1 : text[start..].IndexOf(Encoding.ASCII.GetBytes(End)) + End.Length;
        if (length != key.Length) throw new InvalidDataException("TDLib keeps its keys in another form now.");
        Encoding.ASCII.GetBytes(key, text[start..]);
    }
}
