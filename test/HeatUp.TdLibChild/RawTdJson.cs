using System.Text;
using HeatUp.TdLib;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.TdLibChild;

/// <summary>
/// A client of the native library, as text: a request a line in, an event a line out; one that has closed has a
/// successor. For a network of its own: what comes in goes out as it is.
/// </summary>
internal static class RawTdJson
{
    /// <summary>The word that chooses it, before the library's file.</summary>
    public const string Word = "raw";

    public static async Task<int> RunAsync(string library, TextReader input, TextWriter output)
    {
        var json = NativeTdJson.Load(library, NullLogger.Instance);
        var client = json.CreateClient(Hear);
        while (await input.ReadLineAsync() is { } request) json.Send(client, Encoding.UTF8.GetBytes(request));
        return 0;

        void Hear(ReadOnlyMemory<byte> received)
        {
            var text = Encoding.UTF8.GetString(received.Span);
            if (text.Contains("\"authorizationStateClosed\"", StringComparison.Ordinal)) client = json.CreateClient(Hear);
            output.WriteLine(text);
            output.Flush();
        }
    }
}
