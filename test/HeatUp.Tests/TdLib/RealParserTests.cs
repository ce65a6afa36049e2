using System.Text.Json;
using System.Text.RegularExpressions;
using HeatUp.TdLib.Api;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.TdLib;

/// <summary>What the real library makes of what is sent to it: its parser needs neither network nor login.</summary>
public sealed class RealParserTests : IDisposable
{
    private const string NotParsed = "Failed to parse";

    private readonly TempFolder folder = new();

    public static TheoryData<string> Requests => [.. TdRequestSamples.In("").Select(request => request.Name)];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task EveryRequestIsTakenWithAllItsFields(string name)
    {
        var request = TdRequestSamples.In(folder.Path).Single(sample => sample.Name == name);
        Execute("""{"@type":"setLogTagVerbosityLevel","tag":"td_requests","new_verbosity_level":2}""").ShouldBe("ok");
        foreach (var secret in request.Secrets) RealTdLib.Native.Redaction.Hide(secret);
        await using (var client = new RawClient(new TdLibChild.OfflineTdJson(RealTdLib.Native)))
        {
            var json = System.Text.Encoding.UTF8.GetString(request.ToJson(4711));
            var answer = await client.AskAsync(json, IsAnswer);
            answer.ToString().ShouldNotContain(NotParsed);

            using var sent = JsonDocument.Parse(json);
            var fields = FieldsOf(sent.RootElement).ToList();
            // Others ask the same library meanwhile.
            var understood = RealTdLib.Log.GetSnapshot().Select(record => record.Message)
                .Where(line => Regex.IsMatch(line, $@"Receive request \d+: {name} ")).ToList();
            understood.ShouldContain(line => fields.All(field => Regex.IsMatch(line, field)), string.Join(", ", fields));
            foreach (var secret in request.Secrets) understood.ShouldAllBe(line => !line.Contains(secret, StringComparison.Ordinal));
        }

        static bool IsAnswer(JsonElement received) =>
            received.TryGetProperty("@extra", out var extra) && extra.GetInt64() == 4711;
    }

    [Fact]
    public async Task AFieldOfAnotherNameWouldBeSeen()
    {
        Execute("""{"@type":"setLogTagVerbosityLevel","tag":"td_requests","new_verbosity_level":2}""").ShouldBe("ok");
        await using var client = new RawClient(RealTdLib.Native);

        await client.AskAsync("""{"@type":"openChat","chatId":-100777}""");

        RealTdLib.Log.GetSnapshot().ShouldContain(record =>
            record.Message.Contains("openChat {\n  chat_id = 0\n}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"@type":"joinChatt","chat_id":1}""", "Unknown class \"joinChatt\"")]
    [InlineData("""{"@type":"error","code":1}""", "Unknown class \"error\"")]
    [InlineData("""{"chat_id":1}""", "Can't find field \"@type\"")]
    [InlineData("""{"@type":"joinChat","chat_id":"abc"}""", "Can't parse as an integer string \"abc\"")]
    [InlineData("""{"@type":"joinChat","chat_id":true}""", "Expected String or Number, but receive Boolean")]
    [InlineData("""{"@type":"viewMessages","message_ids":5}""", "Expected Array, but receive Number")]
    [InlineData("""{"@type":"viewMessages","source":{"@type":"messageSourceNone"}}""", "Unknown class \"messageSourceNone\"")]
    [InlineData("""{"@type":"searchPublicChat","username":5}""", "Expected String, but receive Number")]
    [InlineData("""{"@type":"setTdlibParameters","database_encryption_key":"abc"}""", "Wrong padding length")]
    [InlineData("""{"@type":"openChat" """, "Failed to parse request as JSON object")]
    public async Task AWrongRequestIsNot(string request, string why)
    {
        await using var client = new RawClient(RealTdLib.Native);

        var answer = await client.AskAsync(request);

        RawClient.ClassOf(answer).ShouldBe("error");
        answer.GetProperty("code").GetInt32().ShouldBe(400);
        answer.GetProperty("message").GetString().ShouldNotBeNull().ShouldStartWith(NotParsed);
        answer.GetProperty("message").GetString().ShouldNotBeNull().ShouldContain(why);
    }

    private static string Execute(string request) =>
        RawClient.ClassOf(JsonElement.Parse(RealTdLib.Native.Execute(System.Text.Encoding.UTF8.GetBytes(request))));

    /// <summary>How the library prints each field that was sent, if it has understood it.</summary>
    private static IEnumerable<string> FieldsOf(JsonElement sent) =>
        from field in sent.EnumerateObject()
        where !field.Name.StartsWith('@')
        from line in (string[])[$@"\b{field.Name} = {ValueOf(field.Value)}", .. InnerFieldsOf(field.Value)]
        select line;

    private static IEnumerable<string> InnerFieldsOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object ? FieldsOf(value) : [];

    private static string ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => $@"{RawClient.ClassOf(value)} \{{",
        JsonValueKind.Array => $@"vector\[{value.GetArrayLength()}\] \{{\s*{string.Join(@"\s+", value.EnumerateArray())}\s*\}}",
        JsonValueKind.String => $"({Regex.Escape($"\"{value}\"")}|\\*\\*\\*)",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => $"{value}\\b",
    };
}
