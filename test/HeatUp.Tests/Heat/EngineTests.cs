using global::Heat;
using global::Heat.Configuration;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Tests.Heat;

/// <summary>The path put together, or nothing left open.</summary>
public sealed class EngineTests
{
    [Fact]
    public async Task AnEngineThatCannotBePutTogetherClosesItsDatabase()
    {
        using var folder = new TempFolder();
        var settings = Settings.Load(folder.Path, []) with { DatabasePath = folder.File("sessions.db") };

        (await Should.ThrowAsync<InvalidOperationException>(
            () => Engine.OpenAsync(settings, TimeProvider.System, new BrokenLogs()))).Message.ShouldBe("No log of the pool.");

        File.Exists(folder.File("sessions.db")).ShouldBeTrue();
        File.Exists(folder.File("sessions.db-wal")).ShouldBeFalse("who closes a database last takes its log in");
    }

    private sealed class BrokenLogs : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => categoryName.Contains("ChannelPoolFile", StringComparison.Ordinal)
            ? throw new InvalidOperationException("No log of the pool.")
            : NullLogger.Instance;

        public void AddProvider(ILoggerProvider provider) { }

        public void Dispose() { }
    }
}
