using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace HeatUp.Plans.Llm;

/// <summary>
/// Writes the request of a chat completion: the model, the messages, and the parameters that are set.
/// </summary>
internal static class ChatRequest
{
    private static readonly JsonWriterOptions Compact =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(string model, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Compact))
        {
            json.WriteStartObject();
            // What is the same for all requests comes first.
            json.WriteString("model", model);
            WriteMessages(json, messages);
            // Some servers stream unless they are told not to.
            if (options?.AdditionalProperties?.ContainsKey("stream") != true) json.WriteBoolean("stream", false);
            if (options?.MaxOutputTokens is { } tokens) json.WriteNumber("max_completion_tokens", tokens);
            foreach (var (name, value) in options?.AdditionalProperties ?? [])
            {
                json.WritePropertyName(name);
                JsonSerializer.Serialize(json, value);
            }
            WriteFormat(json, options?.ResponseFormat);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static void WriteMessages(Utf8JsonWriter json, IEnumerable<ChatMessage> messages)
    {
        json.WriteStartArray("messages");
        foreach (var message in messages)
        {
            json.WriteStartObject();
            json.WriteString("role", message.Role.Value);
            json.WriteString("content", message.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteFormat(Utf8JsonWriter json, ChatResponseFormat? format)
    {
        if (format is not ChatResponseFormatJson asked) return;
        json.WriteStartObject("response_format");
        json.WriteString("type", asked.Schema is null ? "json_object" : "json_schema");
        if (asked.Schema is { } schema)
        {
            json.WriteStartObject("json_schema");
            json.WriteString("name", asked.SchemaName);
            json.WriteBoolean("strict", true);
            json.WritePropertyName("schema");
            schema.WriteTo(json);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
