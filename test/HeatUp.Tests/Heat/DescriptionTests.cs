using System.Net;
using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HeatUp.Tests.House;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>The API's description says what is really answered, and shows it.</summary>
public sealed partial class DescriptionTests
{
    private const string ExamplesFile = "src/Heat/Api/Files/examples.json";

    /// <summary>So many items of a list are enough to show it.</summary>
    private const int ItemsMax = 2;

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatIsAnsweredIsWhatIsDescribed()
    {
        using var folder = new TempFolder();
        await using var heat = await HeatServer.StartAsync(
            settings => settings with { SimulationsDirectory = folder.File("runs") }, folder: folder);
        var description = await DescriptionOf(heat);
        var examples = new JsonObject();

        await foreach (var (operation, part, value) in AnswersAsync(heat))
        {
            if (examples[operation] is null) examples[operation] = new JsonObject();
            examples[operation]![part] = Short(value, heat.Folder.Path);
            if (SchemaOf(description, operation, part) is { } schema)
                FaultsOf(value, schema, description, $"{operation} {part}").ShouldBeEmpty();
        }

        if (Environment.GetEnvironmentVariable("UPDATE_APPROVED") == "1")
            File.WriteAllText(Path.Combine(Tree.Root, ExamplesFile), "{\n" + string.Join(",\n", examples.Select(
                one => $"\"{one.Key}\": {one.Value!.ToJsonString(Readable)}")) + "\n}\n");
        Operations(description).Select(one => one.Id).Except(examples.Select(one => one.Key)).ShouldBeEmpty();
    }

    [Fact]
    public async Task EveryRequestAndAnswerHasAnExampleThatIsOne()
    {
        await using var heat = await HeatServer.StartAsync();
        var description = await DescriptionOf(heat);
        var missing = new List<string>();

        foreach (var (id, operation) in Operations(description))
            foreach (var (part, content) in ContentsOf(operation))
            {
                var shown = content["examples"] is JsonObject several
                    ? [.. several.Select(one => one.Value!["value"]!)]
                    : content["example"] is { } one ? new[] { one } : [];
                if (shown.Length == 0) missing.Add($"{id} {part}");
                foreach (var example in shown)
                    FaultsOf(example, content["schema"]!, description, $"{id} {part}").ShouldBeEmpty();
            }

        missing.ShouldBeEmpty();
    }

    [Fact]
    public async Task EveryKindOfProblemIsNamed()
    {
        await using var heat = await HeatServer.StartAsync();
        var text = (await DescriptionOf(heat)).ToJsonString();

        var kinds = ProblemKind().Matches(Tree.Text("src/Heat/Api/Problems.cs")).Select(kind => kind.Groups[1].Value).Distinct().ToList();

        kinds.Count.ShouldBeGreaterThan(20);
        kinds.Where(kind => !text.Contains($":problem:{kind}\"") && !text.Contains($"\\u0060{kind}\\u0060")).ShouldBeEmpty();
    }

    [Fact]
    public async Task GivingASittingComesFirst()
    {
        await using var heat = await HeatServer.StartAsync();

        Operations(await DescriptionOf(heat)).First().Id.ShouldBe("warmup");
    }

    private static async IAsyncEnumerable<(string Operation, string Part, JsonNode Value)> AnswersAsync(HeatServer heat)
    {
        var begun = await JsonAsync(heat, HttpMethod.Post, "/warmup/alice");
        var run = begun["run_id"]!.GetValue<string>();
        yield return ("warmup", "202", begun);
        yield return ("run_events", "text/event-stream", await TextAsync(heat, $"/warmups/{run}/events"));
        yield return ("run", "200", await JsonAsync(heat, HttpMethod.Get, $"/warmups/{run}"));
        yield return ("warmup_sync", "200", await JsonAsync(heat, HttpMethod.Post, "/warmup-sync/alice"));
        yield return ("cancel", "200", await CancelledAsync());
        yield return ("sessions", "200", await JsonAsync(heat, HttpMethod.Get, "/sessions"));
        yield return ("history", "200", await JsonAsync(heat, HttpMethod.Get, "/sessions/alice/history"));
        yield return ("recommendations", "200", await JsonAsync(heat, HttpMethod.Get, "/sessions/alice/recommendations"));
        foreach (var (operation, path) in (IEnumerable<(string, string)>)
            [
                ("analytics", "/analytics"), ("analytics_of_session", "/analytics/sessions/alice"),
                ("analytics_of_channel", "/analytics/channels/durov"),
            ])
        {
            yield return (operation, "200", await JsonAsync(heat, HttpMethod.Get, $"{path}?days=1"));
            yield return (operation, "text/csv", await TextAsync(heat, $"{path}?days=2&format=csv&table=days"));
        }
        yield return ("forget", "200", await JsonAsync(heat, HttpMethod.Delete, "/sessions/alice"));
        yield return ("validate", "202", await JsonAsync(heat, HttpMethod.Post, "/channels/validate"));
        yield return ("validation", "200", await JsonAsync(heat, HttpMethod.Get, "/channels/validation"));
        yield return ("channels", "200", await JsonAsync(heat, HttpMethod.Get, "/channels"));
        yield return ("service", "200", await JsonAsync(heat, HttpMethod.Get, "/"));
        var health = await JsonAsync(heat, HttpMethod.Get, "/health");
        yield return ("health", "200", health);
        yield return ("health", "503", Down(health));
        var request = JsonNode.Parse("""{"name": "a", "scenario": {"sessions": 20000, "days": 90}}""")!;
        yield return ("simulate", "request", request);
        yield return ("simulate", "202", await JsonAsync(heat, HttpMethod.Post, "/simulations", request));
        yield return ("stop_simulation", "202", await JsonAsync(heat, HttpMethod.Delete, "/simulations/a"));
        yield return ("simulation_events", "text/event-stream", await TextAsync(heat, "/simulations/a/events"));
        yield return ("simulation", "200", await JsonAsync(heat, HttpMethod.Get, "/simulations/a"));
    }

    /// <summary>As a service answers whose database has failed.</summary>
    private static JsonNode Down(JsonNode health)
    {
        var down = health.DeepClone();
        down["status"] = "down";
        return down;
    }

    private static async Task<JsonNode> CancelledAsync()
    {
        await using var heat = await HeatServer.StartAtRealPaceAsync();
        var run = (await JsonAsync(heat, HttpMethod.Post, "/warmup/alice"))["run_id"]!.GetValue<string>();
        var cancelling = JsonAsync(heat, HttpMethod.Delete, $"/warmups/{run}");
        await heat.PassTimeUntil(cancelling);
        return await cancelling;
    }

    private static async Task<JsonNode> JsonAsync(HeatServer heat, HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await heat.Client.SendAsync(request, Cancellation);
        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Accepted);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!;
    }

    private static async Task<JsonNode> TextAsync(HeatServer heat, string path) =>
        JsonValue.Create(await heat.Client.GetStringAsync(path, Cancellation));

    /// <summary>The same with the first items of its lists, and the beginning of a text of events.</summary>
    private static JsonNode? Short(JsonNode? value, string folder) => value switch
    {
        JsonArray list => new JsonArray([.. list.Take(ItemsMax).Select(item => Short(item, folder))]),
        JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, Short(field.Value, folder)))),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => Short(text.GetValue<string>().Replace(folder, "/srv/heat")),
        _ => value?.DeepClone(),
    };

    private static string Short(string text) => text.StartsWith("event:", StringComparison.Ordinal)
        ? string.Join("\n\n", text.Split("\n\n").Take(ItemsMax)) + "\n\n"
        : text;

    private static async Task<JsonObject> DescriptionOf(HeatServer heat) =>
        (await heat.Client.GetFromJsonAsync<JsonObject>("/openapi/v1.json", Cancellation))!;

    private static IEnumerable<(string Id, JsonObject Operation)> Operations(JsonObject description) =>
        from path in description["paths"]!.AsObject()
        from method in path.Value!.AsObject()
        select (method.Value!["operationId"]!.GetValue<string>(), method.Value!.AsObject());

    private static IEnumerable<(string Part, JsonObject Content)> ContentsOf(JsonObject operation)
    {
        foreach (var (_, content) in operation["requestBody"]?["content"]?.AsObject() ?? []) yield return ("request", content!.AsObject());
        foreach (var (status, answer) in operation["responses"]!.AsObject())
            foreach (var (media, content) in answer!["content"]?.AsObject() ?? [])
                yield return (media == "application/json" ? status : $"{status} {media}", content!.AsObject());
    }

    private static JsonNode? SchemaOf(JsonObject description, string operation, string part) =>
        ContentsOf(Operations(description).First(one => one.Id == operation).Operation)
            .FirstOrDefault(content => content.Part == part).Content?["schema"];

    /// <summary>What a value has that its schema doesn't allow: as much of JSON Schema as descriptions use.</summary>
    private static IEnumerable<string> FaultsOf(JsonNode? value, JsonNode schema, JsonObject description, string at)
    {
        if (schema["$ref"]?.GetValue<string>() is { } named)
            schema = description["components"]!["schemas"]![named.Split('/')[^1]]!;
        if (schema["oneOf"] is JsonArray choices)
            return choices.Select(choice => FaultsOf(value, choice!, description, at).ToList()).MinBy(faults => faults.Count)!;
        var kind = value?.GetValueKind() switch
        {
            null or JsonValueKind.Null => "null",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Number => value.ToJsonString().Contains('.') || value.ToJsonString().Contains('E') ? "number" : "integer",
            var other => $"{other}".ToLowerInvariant(),
        };
        var allowed = schema["type"] is JsonArray several ? [.. several.Select(one => one!.GetValue<string>())]
            : schema["type"] is { } one ? new[] { one.GetValue<string>() } : [];
        if (allowed.Length > 0 && !allowed.Contains(kind) && !(kind == "integer" && allowed.Contains("number")))
            return [$"{at} is {kind}, not {string.Join(" or ", allowed)}"];
        return value switch
        {
            JsonArray list when schema["items"] is { } items =>
                list.SelectMany((item, index) => FaultsOf(item, items, description, $"{at}[{index}]")),
            JsonObject fields when schema["properties"] is JsonObject known => fields
                .SelectMany(field => known[field.Key] is { } property
                    ? FaultsOf(field.Value, property, description, $"{at}.{field.Key}")
                    : [$"{at}.{field.Key} is not described"])
                .Concat((schema["required"]?.AsArray() ?? []).Select(name => name!.GetValue<string>())
                    .Where(name => !fields.ContainsKey(name)).Select(name => $"{at}.{name} is missing")),
            _ => [],
        };
    }

    [GeneratedRegex("new\\(\"([a-z-]+)\", \"")]
    private static partial Regex ProblemKind();
}
