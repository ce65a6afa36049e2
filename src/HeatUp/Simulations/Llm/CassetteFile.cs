using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Win32.SafeHandles;

namespace HeatUp.Simulations;

/// <summary>
/// The exchanges with a language model as they lie on the disk: lines of JSON, only ever appended. In memory is where
/// each lies, and no text. A last line that a crash tore is passed over, and cut before the next is appended.
/// Thread-safe.
/// </summary>
internal sealed class CassetteFile : IDisposable
{
    /// <summary>The folder of a run's cassette, below the run's own.</summary>
    public const string Folder = "cassette";

    /// <summary>The file in that folder.</summary>
    public const string Name = "exchanges.ndjson";

    /// <summary>The version of the format that this program writes, and the newest that it reads.</summary>
    public const int FormatNow = 1;

    private const int BufferLength = 1 << 18;

    private readonly Lock gate = new();
    private readonly Dictionary<CassetteKey, (long At, int Length)> exchanges = [];
    private readonly Dictionary<CassetteKey, string> prefixes = [];
    private readonly SafeFileHandle file;
    private readonly MemoryStream unwritten = new();
    private string? prefixText;
    private CassetteKey prefixKey;
    private CassetteTotals totals;
    private long written;

    private CassetteFile(string path, SafeFileHandle file)
    {
        (Path, this.file) = (path, file);
        try
        {
            Load();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>Whose exchanges these are; empty while it is new.</summary>
    public string Model { get; private set; } = "";

    /// <summary>What its calls come to.</summary>
    public CassetteTotals Totals
    {
        get
        {
            lock (gate) return totals;
        }
    }

    /// <summary>Opens the cassette of a run folder to record in; makes it if there is none.</summary>
    /// <exception cref="CassetteException">It can't be opened, or belongs to another model.</exception>
    public static CassetteFile OpenToRecord(string runFolder, string model) => Doing(PathIn(runFolder), "open", path =>
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        // Nobody else: two runs that append would overwrite each other.
        var file = new CassetteFile(path, File.OpenHandle(
            path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        try
        {
            file.BeginFor(model);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    });

    /// <summary>Opens the cassette of a run folder to read only.</summary>
    /// <exception cref="CassetteException">It can't be opened, or holds nothing.</exception>
    public static CassetteFile OpenToReplay(string runFolder) => Doing(PathIn(runFolder), "open", path =>
    {
        if (!File.Exists(path)) throw new CassetteException(
            $"There is nothing to replay: {path} doesn't exist. Only a run with a language model records one.");
        var file = new CassetteFile(path, File.OpenHandle(
            path, FileMode.Open, FileAccess.Read, FileShare.Read));
        if (file.Model.Length > 0) return file;
        file.Dispose();
        throw new CassetteException($"There is nothing to replay: {path} is empty.");
    });

    /// <summary>Whether prompts that begin with this message were recorded.</summary>
    public bool HasPrefix(string text)
    {
        lock (gate) return prefixes.ContainsKey(KeyOfPrefix(text));
    }

    /// <summary>Whether something was recorded for this key.</summary>
    public bool Has(CassetteKey key)
    {
        lock (gate) return exchanges.ContainsKey(key);
    }

    /// <summary>What was recorded for this key, which it has.</summary>
    /// <exception cref="CassetteException">It can't be read.</exception>
    public CassetteEntry Read(CassetteKey key)
    {
        (long At, int Length) place;
        lock (gate)
        {
            place = exchanges[key];
            if (place.At + place.Length > written) Write();
        }
        return ReadLine(place).ToEntry();
    }

    /// <summary>Appends an exchange, and answers what it will be found as.</summary>
    /// <exception cref="CassetteException">It can't be written.</exception>
    public CassetteEntry Append(CassetteKey key, IReadOnlyList<ChatMessage> messages, in CassetteEntry entry)
    {
        var prefix = messages[0].Text;
        lock (gate)
        {
            var hash = KeyOfPrefix(prefix);
            if (prefixes.TryAdd(hash, prefix))
                Put(new CassetteLine { Prefix = hash.ToString(), Text = prefix }.Write());
            var line = CassetteLine.Of(key, hash, messages, entry).Write();
            // A replay must meet the same to the letter; JSON can't hold half a character, for example.
            var found = CassetteLine.Read(line).ToEntry();
            exchanges[key] = (Put(line), line.Length);
            totals = totals.With(found);
            if (unwritten.Length >= BufferLength) Write();
            return found;
        }
    }

    /// <summary>Puts all that was appended onto the disk.</summary>
    /// <exception cref="CassetteException">It can't be written.</exception>
    public void Flush()
    {
        lock (gate) Write();
        Doing(Path, "write", _ =>
        {
            RandomAccess.FlushToDisk(file);
            return 0;
        });
    }

    /// <summary>Every exchange in full, in the order in which they were recorded.</summary>
    /// <exception cref="CassetteException">One can't be read.</exception>
    public IEnumerable<CassetteExchange> ReadAll()
    {
        (CassetteKey Key, (long At, int Length) Place)[] places;
        lock (gate)
        {
            Write();
            places = [.. exchanges.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Value.At)];
        }
        return places.Select(one => InFull(one.Key, ReadLine(one.Place)));
    }

    /// <summary>Writes what is not yet written, and closes it.</summary>
    public void Dispose()
    {
        try
        {
            if (!file.IsClosed && unwritten.Length > 0) Flush();
        }
        finally
        {
            file.Dispose();
            unwritten.Dispose();
        }
    }

    private static string PathIn(string runFolder) => System.IO.Path.Combine(runFolder, Folder, Name);

    private static T Doing<T>(string path, string what, Func<string, T> work)
    {
        try
        {
            return work(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CassetteException($"The recorded exchanges can't be {Past(what)}: {failure.Message}", failure);
        }
    }

    private static string Past(string what) => what switch { "open" => "opened", "read" => "read", _ => "written" };

    private void BeginFor(string model)
    {
        if (Model.Length == 0)
        {
            Model = model;
            Put(new CassetteLine { Format = FormatNow, Model = model }.Write());
        }
        else if (Model != model)
        {
            throw new CassetteException(
                $"{Path} holds exchanges with the model '{Model}', and this run would ask '{model}': "
                + "go on with that model, or record into another folder.");
        }
        // What a crash tore would otherwise stick to the next line.
        RandomAccess.SetLength(file, written);
    }

    private CassetteKey KeyOfPrefix(string text)
    {
        // It is the same text nearly always, and a long one.
        if (!ReferenceEquals(text, prefixText)) (prefixText, prefixKey) = (text, CassetteKey.Of(text));
        return prefixKey;
    }

    private CassetteExchange InFull(CassetteKey key, CassetteLine line)
    {
        string prefix;
        lock (gate) prefix = prefixes[CassetteKey.Parse(line.Prefix!)];
        var messages = line.Messages.GetValueOrDefault()
            .Select(message => new ChatMessage(new ChatRole(message.Role), message.Text));
        return new(key, [new(ChatRole.System, prefix), .. messages], line.ToEntry());
    }

    private long Put(byte[] line)
    {
        var at = written + unwritten.Length;
        unwritten.Write(line);
        return at;
    }

    private void Write()
    {
        if (unwritten.Length == 0) return;
        Doing(Path, "write", _ =>
        {
            RandomAccess.Write(file, unwritten.GetBuffer().AsSpan(0, (int)unwritten.Length), written);
            return 0;
        });
        written += unwritten.Length;
        unwritten.SetLength(0);
    }

    private CassetteLine ReadLine((long At, int Length) place) => Doing(Path, "read", _ =>
    {
        var bytes = new byte[place.Length];
        var length = 0;
        int read;
        while ((read = RandomAccess.Read(file, bytes.AsSpan(length), place.At + length)) > 0) length += read;
        return Parsed(bytes.AsSpan(0, length), place.At);
    });

    private CassetteLine Parsed(ReadOnlySpan<byte> line, long at)
    {
        try
        {
            return CassetteLine.Read(line);
        }
        catch (JsonException failure)
        {
            throw Broken(at, failure);
        }
    }

    private CassetteException Broken(long at, Exception failure) => new(
        $"{Path} is damaged at byte {at}: {failure.Message}", failure);

    private void Load()
    {
        using var lines = new LineReader(file);
        while (lines.Next(out var line))
        {
            if (!TryTake(line, lines.At, out var failure))
            {
                // A crash can leave the last line as garbage, even with an end; an earlier one is something else.
                if (lines.Next(out _)) throw Broken(lines.At, failure!);
                return;
            }
            written = lines.At + line.Length + 1;
        }
    }

    private bool TryTake(ReadOnlySpan<byte> utf8, long at, out Exception? failure)
    {
        try
        {
            failure = null;
            Take(CassetteLine.Read(utf8), at, utf8.Length + 1);
            return true;
        }
        catch (Exception broken) when (broken is JsonException or FormatException)
        {
            failure = broken;
            return false;
        }
    }

    private void Take(CassetteLine line, long at, int length)
    {
        if (line.Format > FormatNow) throw new CassetteException(
            $"{Path} has format {line.Format}, and this version reads up to {FormatNow}: use a newer one.");
        if (line.Format is not null) Model = line.Model ?? throw new JsonException("The head names no model.");
        else if (line.Text is not null) prefixes[CassetteKey.Parse(line.Prefix ?? "")] = line.Text;
        else
        {
            totals = totals.With(line.ToEntry());
            exchanges[CassetteKey.Parse(line.Key ?? "")] = (at, length);
        }
    }

    /// <summary>The whole lines of a file, without reading it into memory at once.</summary>
    private sealed class LineReader(SafeFileHandle file) : IDisposable
    {
        private byte[] buffer = new byte[BufferLength];
        private long bufferAt;
        private int start;
        private int end;

        /// <summary>Where the line lies.</summary>
        public long At { get; private set; }

        /// <summary>The next line, without its line feed; false at the end or before a line without one.</summary>
        public bool Next(out ReadOnlySpan<byte> line)
        {
            int length;
            while ((length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n')) < 0)
                if (!Fill())
                {
                    line = default;
                    return false;
                }
            line = buffer.AsSpan(start, length);
            At = bufferAt + start;
            start += length + 1;
            return true;
        }

        public void Dispose() => buffer = [];

        private bool Fill()
        {
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (bufferAt, end, start) = (bufferAt + start, end - start, 0);
            }
            if (end == buffer.Length) Array.Resize(ref buffer, 2 * buffer.Length);
            var read = RandomAccess.Read(file, buffer.AsSpan(end), bufferAt + end);
            end += read;
            return read > 0;
        }
    }
}
