using System.Runtime.CompilerServices;
using Heat.Commands;
using Heat.Configuration;
using Heat.Shell;

// Before anything else is loaded: a library that can't be opened ends the process without a word of ours.
if (Descriptors.WhyTooFew() is { } why)
{
    Console.Error.WriteLine($"error: {why}");
    return ExitCode.Failed;
}
return await Run(args);

[MethodImpl(MethodImplOptions.NoInlining)]
static Task<int> Run(string[] args) => HeatCommand.RunAsync(args);
