using System.Runtime.InteropServices;

namespace HeatUp.TdLib;

/// <summary>The five functions of the native library that are used, found in the file that was found.</summary>
internal readonly unsafe struct NativeExports
{
    private readonly delegate* unmanaged[Cdecl]<int> createClientId;
    private readonly delegate* unmanaged[Cdecl]<int, byte*, void> send;
    private readonly delegate* unmanaged[Cdecl]<double, byte*> receive;
    private readonly delegate* unmanaged[Cdecl]<byte*, byte*> execute;
    private readonly delegate* unmanaged[Cdecl]<int, delegate* unmanaged[Cdecl]<int, byte*, void>, void> setLog;

    private NativeExports(nint library)
    {
        createClientId = (delegate* unmanaged[Cdecl]<int>)Export(library, "td_create_client_id");
        send = (delegate* unmanaged[Cdecl]<int, byte*, void>)Export(library, "td_send");
        receive = (delegate* unmanaged[Cdecl]<double, byte*>)Export(library, "td_receive");
        execute = (delegate* unmanaged[Cdecl]<byte*, byte*>)Export(library, "td_execute");
        setLog = (delegate* unmanaged[Cdecl]<int, delegate* unmanaged[Cdecl]<int, byte*, void>, void>)
            Export(library, "td_set_log_message_callback");
    }

    /// <exception cref="TdLibraryException">It can't be loaded, or is something else.</exception>
    public static NativeExports Load(string path)
    {
        nint library;
        try
        {
            library = Path.IsPathRooted(path)
                ? NativeLibrary.Load(path)
                : NativeLibrary.Load(path, typeof(NativeExports).Assembly, DllImportSearchPath.SafeDirectories);
        }
        catch (DllNotFoundException) when (!Path.IsPathRooted(path))
        {
            throw new TdLibraryException($"Telegram needs {path}, which is not on this machine. {HowToGetIt}."
                + TdLibraryFile.NotLoadedFrom(Environment.CurrentDirectory));
        }
        catch (Exception fault) when (fault is DllNotFoundException or BadImageFormatException)
        {
            throw new TdLibraryException($"{path} can't be loaded ({FirstLine(fault)}). {HowToGetIt}.", fault);
        }
        try
        {
            return new NativeExports(library);
        }
        catch (EntryPointNotFoundException fault)
        {
            throw new TdLibraryException($"{path} is not TDLib's JSON library, or one too old. {HowToGetIt}.", fault);
        }
    }

    public int CreateClient() => createClientId();

    public void Send(int client, ReadOnlySpan<byte> request)
    {
        fixed (byte* text = Terminated(request)) send(client, text);
    }

    /// <summary>The next event of any client; null if there was none in time. Only one thread may ask.</summary>
    public byte[]? Receive(TimeSpan within) => Copy(receive(within.TotalSeconds));

    /// <summary>A request that needs no client, answered at once.</summary>
    public byte[] Execute(ReadOnlySpan<byte> request)
    {
        fixed (byte* text = Terminated(request)) return Copy(execute(text)) ?? [];
    }

    /// <summary>Sends the library's log to a function, which gets the level and the text.</summary>
    public void SetLog(int levelMax, delegate* unmanaged[Cdecl]<int, byte*, void> log) => setLog(levelMax, log);

    /// <summary>What is returned belongs to the library until the thread's next call: it is copied at once.</summary>
    private static byte[]? Copy(byte* text) =>
        text is null ? null : MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text).ToArray();

    private static byte[] Terminated(ReadOnlySpan<byte> text)
    {
        var terminated = new byte[text.Length + 1];
        text.CopyTo(terminated);
        return terminated;
    }

    private static string HowToGetIt => TdLibraryFile.HowToGetIt;

    private static nint Export(nint library, string name) => NativeLibrary.GetExport(library, name);

    private static string FirstLine(Exception fault) => fault.Message.Split('\n')[0].Trim().TrimEnd('.');
}
