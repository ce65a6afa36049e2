using System.Collections;
using System.Runtime.InteropServices;
using System.Text.Json;
using Heat.Commands;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;

namespace HeatUp.TdLibChild;

/// <summary>
/// Heat's command line as it ships, one command after another in one process: starting the program takes longer than
/// most commands do. Each has its own folder, environment and standard streams, and standard input is empty. Whoever
/// asks writes a line for each command, and reads one with its exit code. The process is the program's own, which the
/// runtime lets this assembly take over as it starts (<c>DOTNET_STARTUP_HOOKS</c>).
/// </summary>
internal static class HeatHost
{
    private const string Nothing = "/dev/null";

    /// <summary>A command to run.</summary>
    /// <param name="Arguments">Its command line.</param>
    /// <param name="Folder">Where it is started.</param>
    /// <param name="Environment">Its whole environment.</param>
    /// <param name="Output">The file that is its standard output.</param>
    /// <param name="Error">The file that is its standard error.</param>
    public sealed record Request(
        string[] Arguments, string Folder, Dictionary<string, string?> Environment, string Output, string Error);

    public static async Task RunAsync()
    {
        using var requests = new StreamReader(new FileStream(Duplicate(0), FileAccess.Read));
        await using var answers = new StreamWriter(new FileStream(Duplicate(1), FileAccess.Write)) { AutoFlush = true };
        using (var nothing = File.OpenHandle(Nothing)) Lead(0, nothing);
        while (await requests.ReadLineAsync() is { } line)
            await answers.WriteLineAsync($"{await RunAsync(JsonSerializer.Deserialize<Request>(line)!)}");
    }

    private static async Task<int> RunAsync(Request request)
    {
        Directory.SetCurrentDirectory(request.Folder);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            Environment.SetEnvironmentVariable((string)variable.Key, null);
        foreach (var (name, value) in request.Environment) Environment.SetEnvironmentVariable(name, value);
        Lead(1, request.Output);
        Lead(2, request.Error);
        try
        {
            return await HeatCommand.RunAsync(request.Arguments);
        }
        finally
        {
            // As at the end of a process.
            SqliteConnection.ClearAllPools();
            Lead(1, Nothing);
            Lead(2, Nothing);
            Directory.SetCurrentDirectory("/");
        }
    }

    private static void Lead(int descriptor, string file)
    {
        using var handle = File.OpenHandle(file, file == Nothing ? FileMode.Open : FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        Lead(descriptor, handle);
    }

    private static void Lead(int descriptor, SafeFileHandle file) => Check(dup2((int)file.DangerousGetHandle(), descriptor));

    private static SafeFileHandle Duplicate(int descriptor) => new(Check(dup(descriptor)), ownsHandle: true);

    private static int Check(int result) => result >= 0 ? result : throw new IOException("A descriptor can't be duplicated.");

    [DllImport("libc", SetLastError = true)]
    private static extern int dup(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int dup2(int descriptor, int to);
}
