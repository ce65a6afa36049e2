using System.Text;
using HeatUp.Channels;
using HeatUp.Channels.Sources;
using HeatUp.Channels.Sources.Lists;

namespace HeatUp.Tests.Channels.Sources.Lists;

/// <summary>Reads lists that lie in memory.</summary>
internal static class ListOf
{
    public static Task<SourcePart> ReadAsync(string file, string text) => ReadAsync(file, Encoding.UTF8.GetBytes(text));

    public static async Task<SourcePart> ReadAsync(string file, byte[] bytes) =>
        await new FileSource(file, () => new MemoryStream(bytes)).FetchAsync(TestContext.Current.CancellationToken)
            .SingleAsync(TestContext.Current.CancellationToken);

    /// <summary>Its channels, a line each, as <c>ListCase</c> has them.</summary>
    public static string Shown(SourcePart part) => string.Join('\n', part.Channels.Select(channel => string.Join('|',
        channel.Name, channel.Subscribers, channel.Description,
        channel.Category == Channel.NoCategory ? "" : channel.Category).TrimEnd('|')));
}
