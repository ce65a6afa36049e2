using System.Runtime.InteropServices;

namespace HeatUp.TdLib;

/// <summary>Where the library lies: the setting, or else the usual places.</summary>
internal static class TdLibraryFile
{
    /// <summary>The setting that names the library or its folder.</summary>
    public const string Setting = "TDLIB_PATH";

    /// <summary>What installs the tested version on Linux with glibc on x64.</summary>
    public static string InstallCommandIn(string folder) => $"npm install --prefix {folder} {Package}@{PackageVersion}";

    private const string Package = "@prebuilt-tdlib/linux-x64-glibc";
    private const string PackageVersion = "0.1008067.0";

    /// <summary>How the library is called on this system.</summary>
    public static string Name { get; } =
        OperatingSystem.IsWindows() ? "tdjson.dll" : OperatingSystem.IsMacOS() ? "libtdjson.dylib" : "libtdjson.so";

    /// <summary>
    /// The folder of this machine's user where the library may be installed. Code of the folder in which somebody
    /// happens to be is not loaded: it is whoever's who made the folder.
    /// </summary>
    public static string UserFolder => Path.Combine(Environment.GetFolderPath(
        Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "heat-up");

    /// <summary>
    /// The library's path, or its bare name where only the system can know: it looks in its own folders then.
    /// </summary>
    /// <param name="setting">What <c>TDLIB_PATH</c> says: a file or a folder; null or empty to look around.</param>
    /// <param name="program">The folder of the running program.</param>
    /// <param name="user">The user's own folder, such as <see cref="UserFolder"/>.</param>
    /// <param name="work">The folder that its user is in; a setting's path may be relative to it.</param>
    /// <exception cref="TdLibraryException">The setting names what is not there.</exception>
    public static string Find(string? setting, string program, string user, string work)
    {
        if (!string.IsNullOrEmpty(setting)) return Named(Path.GetFullPath(setting, work));
        string[] usual =
        [
            Path.Combine(program, Name),
            InPackage(user),
        ];
        return usual.FirstOrDefault(File.Exists) ?? Name;
    }

    /// <summary>What to say of a library that isn't found, or doesn't load.</summary>
    public static string HowToGetIt =>
        OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64
        ? $"Install it with \"{InstallCommandIn(UserFolder)}\", or build it and set {Setting} to its path"
        : $"Build it as https://tdlib.github.io/td/build.html tells, and set {Setting} to its path";

    /// <summary>
    /// What to say of a library in the working folder that is not loaded; empty if there is none.
    /// </summary>
    public static string NotLoadedFrom(string work) => File.Exists(InPackage(work))
        ? $" {InPackage(work)} is not loaded, because a folder is not trusted with code: {Setting} in the environment "
            + "may name it."
        : "";

    private static string InPackage(string folder) =>
        Path.Combine(folder, "node_modules", "@prebuilt-tdlib", "linux-x64-glibc", Name);

    private static string Named(string path)
    {
        if (File.Exists(path)) return path;
        var inFolder = Path.Combine(path, Name);
        if (File.Exists(inFolder)) return inFolder;
        throw new TdLibraryException(
            Directory.Exists(path)
                ? $"{Setting} is the folder {path}, but there is no {Name} in it."
                : $"{Setting} is {path}, but there is no such file or folder.");
    }
}
