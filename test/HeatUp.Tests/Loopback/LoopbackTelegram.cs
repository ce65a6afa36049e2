using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using HeatUp.Telegram.World;
using HeatUp.Testing.Peer;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Loopback;

/// <summary>A Telegram in a network of its own, and the way to work with it. One order at a time.</summary>
internal sealed class LoopbackTelegram : IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly Process process;
    private readonly Task<string> errors;

    private LoopbackTelegram(Process process) =>
        (this.process, errors) = (process, process.StandardError.ReadToEndAsync());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<LoopbackTelegram> StartAsync()
    {
        OwnNetwork.Require();
        var program = Path.Combine(AppContext.BaseDirectory, "HeatUp.Telegram.dll");
        var telegram = new LoopbackTelegram(
            Process.Start(OwnNetwork.New(DataCenters.All, "dotnet", program, OwnKey.KeyFile))!);
        await telegram.AnswerAsync();
        return telegram;
    }

    /// <summary>Has a program started where this Telegram can be reached.</summary>
    public ProcessStartInfo Reached(ProcessStartInfo start) => OwnNetwork.In(process, start);

    public Task AddAccountAsync(string phone, string name = "Alice", string? password = null, string hint = "") =>
        AddAccountAsync(new PeerOwner(phone) { Password = password, PasswordHint = hint }, name);

    /// <summary>An account that logs in as the stand-in's owner does.</summary>
    public Task AddAccountAsync(PeerOwner owner, string name) => DoAsync(new JsonObject
    {
        ["do"] = "account", ["phone"] = owner.Phone, ["name"] = name, ["password"] = owner.Password,
        ["hint"] = owner.PasswordHint, ["email_code"] = owner.EmailCode, ["names_email"] = owner.NamesEmailAddress,
        ["unregistered"] = !owner.IsRegistered, ["must_buy"] = owner.MustBuy,
    });

    public Task AddChannelAsync(string name, int posts = 20) => DoAsync(new JsonObject
    {
        ["do"] = "channel", ["name"] = name, ["title"] = $"Title of {name}", ["members"] = 1000, ["posts"] = posts,
    });

    /// <summary>A method is answered with an error.</summary>
    /// <param name="method">Which.</param>
    /// <param name="code">The error's code.</param>
    /// <param name="text">Its text.</param>
    /// <param name="times">How often; 0 for ever.</param>
    /// <param name="phone">Of whom; null for everybody.</param>
    public Task FailAsync(string method, int code, string text, int times = 0, string? phone = null) => DoAsync(new JsonObject
    {
        ["do"] = "fault", ["method"] = method, ["code"] = code, ["text"] = text, ["times"] = times,
        ["phone"] = phone?.TrimStart('+'),
    });

    /// <summary>A method is answered later, each time.</summary>
    public Task DelayAsync(string method, TimeSpan delay) => DoAsync(new JsonObject
    {
        ["do"] = "fault", ["method"] = method, ["delay_ms"] = (int)delay.TotalMilliseconds,
    });

    /// <summary>The next call of a method is held back until <see cref="ClearAsync"/> or <see cref="DropAsync"/>.</summary>
    /// <param name="method">Which.</param>
    /// <param name="edge"><c>before</c> it is done, or <c>after</c>, so that only the server knows of it.</param>
    public Task HoldAsync(string method, string edge) => DoAsync(new JsonObject
    {
        ["do"] = "fault", ["method"] = method, ["hold"] = edge, ["times"] = 1,
    });

    /// <summary>All faults are taken back, or those of a method, and what is held goes on.</summary>
    public Task ClearAsync(string? method = null) => DoAsync(new JsonObject { ["do"] = "clear", ["method"] = method });

    /// <summary>All faults are taken back. What is held before it was done is never done, as if it had not come; the answer
    /// of what was done never goes out.</summary>
    public Task DropAsync() => DoAsync(new JsonObject { ["do"] = "clear", ["drops"] = true });

    /// <summary>Each call of a method is answered with a constructor that has no fields.</summary>
    public Task SayAsync(string method, string says) => DoAsync(new JsonObject
    {
        ["do"] = "fault", ["method"] = method, ["says"] = says,
    });

    /// <summary>An account reads a channel to its end, on a device that isn't Heat Up's.</summary>
    public Task ReadOnPhoneAsync(string phone, string channel) => DoAsync(new JsonObject
    {
        ["do"] = "read", ["phone"] = phone, ["channel"] = channel,
    });

    /// <summary>An account joins or leaves a channel, on a device that isn't Heat Up's.</summary>
    public Task FollowAsync(string phone, string channel, bool follows) => DoAsync(new JsonObject
    {
        ["do"] = "follow", ["phone"] = phone, ["channel"] = channel, ["follows"] = follows,
    });

    /// <summary>A channel goes by another name.</summary>
    public Task RenameAsync(string channel, string name) => DoAsync(new JsonObject
    {
        ["do"] = "rename", ["channel"] = channel, ["name"] = name,
    });

    /// <summary>A channel gets one more name.</summary>
    public Task NameAsync(string channel, string name) => DoAsync(new JsonObject
    {
        ["do"] = "name", ["channel"] = channel, ["name"] = name,
    });

    /// <summary>A channel is shown to nobody.</summary>
    public Task RestrictAsync(string channel) => DoAsync(new JsonObject { ["do"] = "restrict", ["channel"] = channel });

    /// <summary>An account scans the one QR code that is shown, on a device that is logged in.</summary>
    public async Task ScanAsync(string phone)
    {
        var token = (string)(await StateAsync())["tokens"]!.AsArray().ShouldHaveSingleItem()!;
        await DoAsync(new JsonObject { ["do"] = "scan", ["phone"] = phone, ["token"] = token });
    }

    /// <summary>Telegram freezes an account, or thaws it, and says so unasked.</summary>
    public Task FreezeAsync(string phone, bool isFrozen = true) =>
        DoAsync(new JsonObject { ["do"] = "freeze", ["phone"] = phone, ["frozen"] = isFrozen });

    /// <summary>An account's devices are thrown out with this error.</summary>
    public Task EndAsync(string phone, string error) =>
        DoAsync(new JsonObject { ["do"] = "end", ["phone"] = phone, ["error"] = error });

    /// <summary>Waits until a method was asked for so often, or answered.</summary>
    public Task UntilAsync(string method, int count = 1, bool isAnswered = false) => DoAsync(new JsonObject
    {
        ["do"] = "await", ["method"] = method, ["count"] = count, ["answered"] = isAnswered,
    });

    /// <summary>All that clients asked for, in order.</summary>
    public async Task<IReadOnlyList<WireCall>> SeenAsync() =>
        [.. (await DoAsync(new JsonObject { ["do"] = "seen" })).AsArray().Select(one => new WireCall(one!))];

    /// <summary>How often a method was asked for.</summary>
    public async Task<int> CountAsync(string method) => (await SeenAsync()).Count(call => call.Method == method);

    /// <summary>What is so now.</summary>
    public Task<JsonNode> StateAsync() => DoAsync(new JsonObject { ["do"] = "state" });

    /// <summary>The channels that an account follows.</summary>
    public async Task<string[]> FollowedAsync(string phone) =>
        [.. (await AccountAsync(phone))["follows"]!.AsArray().Select(name => (string)name!)];

    /// <summary>Up to which post an account has read a channel.</summary>
    public async Task<int> ReadAsync(string phone, string channel) => (int)(await AccountAsync(phone))["read"]![channel]!;

    /// <summary>Does what an order says; answers what was answered.</summary>
    public async Task<JsonNode> DoAsync(JsonObject order)
    {
        await turn.WaitAsync(Cancellation);
        try
        {
            await process.StandardInput.WriteLineAsync(order.ToJsonString());
            var answer = await AnswerAsync();
            if (answer is JsonObject said && said["fault"] is { } fault) throw new InvalidOperationException((string)fault!);
            return answer;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException)
        {
            process.Kill();
        }
        process.Dispose();
        turn.Dispose();
    }

    private async Task<JsonNode> AccountAsync(string phone) => (await StateAsync())["accounts"]!.AsArray()
        .Single(account => (string)account!["phone"]! == phone.TrimStart('+'))!;

    private async Task<JsonNode> AnswerAsync() =>
        await process.StandardOutput.ReadLineAsync(Cancellation) is { } line
            ? JsonNode.Parse(line)!
            : throw new InvalidOperationException($"The Telegram on loopback has ended: {await errors}");
}

/// <summary>A call as the server saw it.</summary>
internal sealed class WireCall(JsonNode json)
{
    public string Method => (string)json["method"]!;

    public JsonNode Query => json["query"]!;

    public string? Answer => (string?)json["answer"];

    public string? Phone => (string?)json["phone"];

    public string Device => (string)json["device"]!;

    public string Version => (string)json["version"]!;

    public int ApiId => (int)json["api_id"]!;

    public bool UsesProxy => (bool)json["proxy"]!;

    public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds((long)json["at"]!);

    /// <inheritdoc/>
    public override string ToString() => $"{Method} -> {Answer} {Query.ToJsonString(JsonSerializerOptions.Default)}";
}
