using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using HeatUp.Channels;

namespace HeatUp.Sessions.Archive;

/// <summary>The lines of an archive: JSON objects that people can read.</summary>
internal sealed class ArchiveLine(ArrayBufferWriter<byte> to) : IDisposable
{
    private const string Format = "heat-up-sessions";

    private readonly Utf8JsonWriter json = new(to, new JsonWriterOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = ActionData.DepthMax + 8,
    });

    public void WriteHeader()
    {
        json.WriteStartObject();
        json.WriteString("format"u8, Format);
        json.WriteNumber("version"u8, SessionArchive.Version);
        End();
    }

    public void Write(ArchiveRecord record)
    {
        json.WriteStartObject();
        if (record is ArchiveRecord.Action action) WriteAction(action);
        if (record is ArchiveRecord.Follows follows) WriteFollows(follows);
        if (record is ArchiveRecord.Sat sat) WriteSat(sat);
        if (record is ArchiveRecord.Ran ran) RunJson.Write(json, ran.Run);
        End();
    }

    public void Dispose() => json.Dispose();

    /// <summary>Whether a line names the format.</summary>
    /// <exception cref="FormatException">It names another one, or a newer version.</exception>
    public static bool IsHeader(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object || !line.TryGetProperty("format"u8, out var format)) return false;
        if (format.GetString() != Format) throw new FormatException($"The format '{format}' is not known here.");
        if (line.GetProperty("version"u8).GetInt32() > SessionArchive.Version)
            throw new FormatException("A newer Heat Up wrote this file: what it says that is new here is refused.");
        return true;
    }

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="isArchive">Whether a header came before: then odd values are what some database really
    /// held.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static ArchiveRecord Read(JsonElement line, bool isArchive)
    {
        if (line.ValueKind != JsonValueKind.Object) throw new FormatException("It is not a JSON object.");
        if (line.TryGetProperty("follows"u8, out var follows)) return ReadFollows(follows);
        if (line.TryGetProperty("sat"u8, out var sat)) return ReadSat(sat);
        if (line.TryGetProperty("run"u8, out var run)) return new ArchiveRecord.Ran(RunJson.Read(run));
        return ReadAction(line, isArchive);
    }

    /// <summary>Reads a time.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static DateTimeOffset TimeOf(JsonElement json) =>
        StoredTime.TryRead(Encoding.UTF8.GetBytes(json.GetString() ?? ""), out var time)
            ? time
            : throw new FormatException($"'{json}' is not a time.");

    private void End()
    {
        json.WriteEndObject();
        json.Flush();
        to.Write("\n"u8);
        json.Reset(to);
    }

    private void WriteAction(ArchiveRecord.Action action)
    {
        WriteStored("session_id", action.Session);
        WriteStored("action_type", action.Kind);
        json.WritePropertyName("action_data"u8);
        WriteData(action.Data);
        WriteStored("timestamp", action.Timestamp);
    }

    private void WriteStored(string name, byte[]? value)
    {
        json.WritePropertyName(name);
        WriteStored(value);
    }

    private void WriteStored(byte[]? value)
    {
        if (value is null) json.WriteNullValue();
        else if (Utf8.IsValid(value)) json.WriteStringValue(value);
        else WriteBytes(value);
    }

    private void WriteBytes(byte[] value)
    {
        json.WriteStartObject();
        json.WriteBase64String("base64"u8, value);
        json.WriteEndObject();
    }

    private void WriteData(byte[]? data)
    {
        // As an object where that comes back as the same bytes; else as the text itself.
        using var document = Parsed(data);
        if (document is null) WriteStored(data);
        else document.RootElement.WriteTo(json);
    }

    private static JsonDocument? Parsed(byte[]? data)
    {
        if (data is not [(byte)'{', ..]) return null;
        try
        {
            var document = JsonDocument.Parse(data, new JsonDocumentOptions { MaxDepth = ActionData.DepthMax });
            var root = document.RootElement;
            var isOurs = !IsBytes(root) && PythonJson.Of(root).AsSpan().SequenceEqual(data);
            if (isOurs) return document;
            document.Dispose();
        }
        catch (JsonException)
        {
            // It goes as text.
        }
        return null;
    }

    private void WriteFollows(ArchiveRecord.Follows follows)
    {
        json.WriteStartObject("follows"u8);
        json.WriteString("session_id"u8, follows.Session);
        json.WriteString("channel"u8, follows.Channel.Value);
        json.WriteString("joined_at"u8, StoredTime.Text(follows.JoinedAt));
        if (follows.LastReadAt is { } read) json.WriteString("last_read_at"u8, StoredTime.Text(read));
        json.WriteEndObject();
    }

    private void WriteSat(ArchiveRecord.Sat sat)
    {
        json.WriteStartObject("sat"u8);
        json.WriteString("session_id"u8, sat.Session);
        json.WriteNumber("begun"u8, sat.Begun);
        json.WriteEndObject();
    }

    private static ArchiveRecord.Follows ReadFollows(JsonElement json)
    {
        var name = json.GetProperty("channel"u8).GetString();
        if (!ChannelName.TryParse(name, out var channel))
            throw new FormatException($"'{name}' is not a channel's name.");
        DateTimeOffset? read = json.TryGetProperty("last_read_at"u8, out var at) ? TimeOf(at) : null;
        return new ArchiveRecord.Follows(SessionOf(json), channel, TimeOf(json.GetProperty("joined_at"u8)), read);
    }

    private static ArchiveRecord.Sat ReadSat(JsonElement json)
    {
        var begun = json.GetProperty("begun"u8).GetInt32();
        if (begun < 1) throw new FormatException($"A session can't have sat {begun} times.");
        return new ArchiveRecord.Sat(SessionOf(json), begun);
    }

    private static string SessionOf(JsonElement json) =>
        json.GetProperty("session_id"u8).GetString() ?? throw new FormatException("session_id is missing.");

    private static ArchiveRecord.Action ReadAction(JsonElement line, bool isArchive)
    {
        var action = new ArchiveRecord.Action(
            StoredOf(line, "session_id") ?? throw new FormatException("session_id is missing."),
            StoredOf(line, "action_type") ?? throw new FormatException("action_type is missing."),
            DataOf(line), StoredOf(line, "timestamp"));
        if (isArchive) return action;
        if (action.Session.Length == 0) throw new FormatException("session_id is empty.");
        if (action.Kind.Length == 0) throw new FormatException("action_type is empty.");
        if (!StoredTime.TryRead(action.Timestamp, out var time)) throw new FormatException(
            "timestamp is not a time such as 2024-01-10 12:34:56.");
        // A person's own file may spell times as the API does; the table has one spelling.
        return action with { Timestamp = Encoding.UTF8.GetBytes(StoredTime.Text(time)) };
    }

    private static byte[]? DataOf(JsonElement line)
    {
        if (!line.TryGetProperty("action_data"u8, out var data)) return null;
        return data.ValueKind is JsonValueKind.String or JsonValueKind.Null || IsBytes(data)
            ? StoredOf(line, "action_data")
            : PythonJson.Of(data);
    }

    private static byte[]? StoredOf(JsonElement line, string name)
    {
        if (!line.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.String) return Encoding.UTF8.GetBytes(value.GetString()!);
        return IsBytes(value)
            ? value.GetProperty("base64"u8).GetBytesFromBase64()
            : throw new FormatException($"{name} is not a string.");
    }

    private static bool IsBytes(JsonElement json) => json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty("base64"u8, out var bytes) && bytes.ValueKind == JsonValueKind.String
        && json.GetPropertyCount() == 1;
}
