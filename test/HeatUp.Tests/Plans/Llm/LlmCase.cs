using System.Runtime.CompilerServices;
using System.Text.Json;
using HeatUp.Testing;

namespace HeatUp.Tests.Plans.Llm;

/// <summary>
/// A server that answers by rules, and what comes of it. The first rule whose conditions hold for a request answers it:
/// its number from 0 (<c>number</c>, <c>below</c>), a parameter that it has, the form that it asks for, a role that it
/// has, a role that comes twice in a row.
/// </summary>
internal sealed class LlmCase
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private int requests;

    public string Base { get; init; } = "/v1";

    public int Sittings { get; init; } = 1;

    public required Expected Expect { get; init; }

    public required IReadOnlyList<Rule> Rules { get; init; }

    public static IEnumerable<string> Names() =>
        Directory.GetFiles(Folder(), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order();

    public static LlmCase Read(string name) =>
        JsonSerializer.Deserialize<LlmCase>(File.ReadAllBytes(Path.Combine(Folder(), $"{name}.json")), Json)!;

    public Task<StubReply> AnswerAsync(StubRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        var number = requests++;
        return Task.FromResult(Rules.First(rule => rule.When?.Holds(number, body.RootElement) != false).Reply());
    }

    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "Cases");

    internal sealed record Expected(
        string Planner, string? Code, IReadOnlyList<string>? Says, IReadOnlyList<long>? Tokens, int? Requests,
        IReadOnlyList<string?>? Forms, IReadOnlyList<string?>? Limits);

    internal sealed record Rule(Condition? When, int? Status, JsonElement Body, Dictionary<string, string>? Headers)
    {
        public StubReply Reply()
        {
            var isText = Body.ValueKind == JsonValueKind.String;
            var type = Headers?.GetValueOrDefault("Content-Type") ?? "application/json";
            return StubReply.Raw(isText ? Body.GetString()! : Body.GetRawText(), type, Status ?? 200) with
            {
                RetryAfter = Headers?.GetValueOrDefault("Retry-After"),
            };
        }
    }

    internal sealed record Condition(int? Number, int? Below, string? Has, string? Form, string? Role, bool RepeatsRole)
    {
        public bool Holds(int number, JsonElement request)
        {
            var form = request.TryGetProperty("response_format", out var asked)
                ? asked.GetProperty("type").GetString()
                : null;
            var roles = request.GetProperty("messages").EnumerateArray()
                .Select(message => message.GetProperty("role").GetString()).ToList();
            return (Number is null || Number == number)
                && (Below is null || number < Below)
                && (Has is null || request.TryGetProperty(Has, out _))
                && (Form is null || Form == form)
                && (Role is null || roles.Contains(Role))
                && (!RepeatsRole || roles.Zip(roles.Skip(1)).Any(pair => pair.First == pair.Second));
        }
    }
}
