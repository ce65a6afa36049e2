using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Loopback;

/// <summary>The service over the real TDLib: what a request begins, and what its health says of accounts.</summary>
public sealed class ServiceOnLoopbackTests : ThreeAccountsTest
{
    private const string Port = "8090";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task AnAccountThatIsLostInASittingShowsInTheHealthAndHasNoNext()
    {
        await LogInAsync();
        await DoneAsync("account", "allow", "alice", "@durov");
        await PlanAsync(Join("durov"), Read("durov"), Idle());
        await Telegram.FailAsync("messages.getHistory", 401, "SESSION_REVOKED");
        await using var service = Serve();
        using var client = await ClientAsync();
        await UntilTelegramIsAsync("ok", client);

        (await client.PostAsync("/warmup/alice", null, Cancellation)).EnsureSuccessStatusCode();
        // No other account is there.
        var telegram = await UntilTelegramIsAsync("down", client);

        telegram.ShouldContain("'alice' is logged out");
        telegram.ShouldContain("heat account login alice");
        var seen = (await Telegram.SeenAsync()).Count;
        (await UntilRefusedAsync(client)).ShouldContain("heat account login alice");
        (await Telegram.SeenAsync()).Count.ShouldBe(seen);
        (await HistoryAsync("alice")).ShouldBe(["join_channel"]);
    }

    [Fact]
    public async Task ASittingWhoseServiceWasKilledGoesOnWhenItIsStartedAgain()
    {
        await LogInAsync();
        await DoneAsync("account", "allow", "alice", "@durov");
        await PlanAsync(Join("durov"), Read("durov"), Idle());
        await Telegram.HoldAsync("channels.joinChannel", "after");
        using var client = await ClientAsync();
        await using (var killed = Serve())
        {
            await UntilTelegramIsAsync("ok", client);
            (await client.PostAsync("/warmup/alice", null, Cancellation)).EnsureSuccessStatusCode();
            await Telegram.UntilAsync("channels.joinChannel", isAnswered: true);
            await killed.KillAsync();
        }
        await Telegram.DropAsync();

        await using var service = Serve();
        await Telegram.UntilAsync("channels.readHistory", isAnswered: true);

        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await HistoryAsync("alice")).Length < 3) await looks.WaitForNextTickAsync(Cancellation);
        (await HistoryAsync("alice")).ShouldBe(["join_channel", "read_messages", "idle"]);
        (await Telegram.SeenAsync()).Count(call => call is { Method: "channels.joinChannel", Answer: "ok" }).ShouldBe(1);
    }

    [Theory]
    [InlineData(
        "401 USER_DEACTIVATED_BAN", "'alice' is logged out: Telegram has banned it",
        "401 USER_DEACTIVATED", "'bob' is logged out: It was deleted at Telegram",
        "420 FROZEN_METHOD_INVALID", "'carol' is stopped: Telegram said 406 FROZEN_METHOD_INVALID.")]
    [InlineData(
        "400 PEER_FLOOD", "'alice' is stopped: Telegram said 400 PEER_FLOOD.",
        "420 FLOOD_WAIT_3600", "'bob' waits until",
        "401 AUTH_KEY_UNREGISTERED", "'carol' is logged out: Its login was ended")]
    public async Task TheHealthSaysWhatHoldsEachAccountBack(
        string alice, string ofAlice, string bob, string ofBob, string carol, string ofCarol)
    {
        string[] channels = ["durov", "telegram", "news"];
        await LogInAllAsync();
        foreach (var ((name, phone), error, channel) in Three.Zip([alice, bob, carol], channels))
        {
            await DoneAsync("account", "allow", name, $"@{channel}");
            await Telegram.FailAsync("channels.joinChannel", int.Parse(error[..3], null), error[4..], phone: phone);
        }
        await PlanAsync();
        await using var service = Serve();
        using var client = await ClientAsync();
        await UntilTelegramIsAsync("ok", client);

        foreach (var ((name, _), channel) in Three.Zip(channels))
        {
            await PlanAsync(Join(channel), Idle(), Idle());
            (await client.PostAsync($"/warmup/{name}", null, Cancellation)).EnsureSuccessStatusCode();
        }

        await UntilTelegramSaysAsync(["degraded", ofAlice, ofBob, ofCarol], client);
    }

    private HeatProcess Serve() => HeatProcess.Start(Telegram.Reached(HeatProcess.StartInfo(
        Folder, ["serve", "--urls", $"http://127.0.0.1:{Port}"], Settings)));

    private async Task<HttpClient> ClientAsync()
    {
        var socket = Folder.File("service.sock");
        await Telegram.DoAsync(new JsonObject { ["do"] = "relay", ["from"] = socket, ["to"] = Port });
        return Client(socket);
    }

    /// <summary>Why the next sitting is refused, once the one that met the loss has ended.</summary>
    private static async Task<string> UntilRefusedAsync(HttpClient client)
    {
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var answer = await client.PostAsync("/warmup/alice", null, Cancellation);
            answer.IsSuccessStatusCode.ShouldBeFalse();
            var why = await answer.Content.ReadAsStringAsync(Cancellation);
            if (!why.Contains("sitting-already-running", StringComparison.Ordinal)) return why;
            await looks.WaitForNextTickAsync(Cancellation);
        }
    }

    private static async Task<JsonNode> HealthAsync(HttpClient client)
    {
        var answer = await client.GetAsync("/health", Cancellation);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!;
    }

    private static Task<string> UntilTelegramIsAsync(string status, HttpClient client) =>
        UntilTelegramSaysAsync([$"\"{status}\""], client);

    /// <summary>Asks until the health says all of this of Telegram; answers all that it says.</summary>
    private static async Task<string> UntilTelegramSaysAsync(string[] parts, HttpClient client)
    {
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var said = "nothing";
        try
        {
            while (true)
            {
                try
                {
                    var telegram = (await HealthAsync(client))["dependencies"]!["telegram"]!;
                    said = telegram.ToJsonString(Plain);
                    if (parts.All(said.Contains)) return said;
                }
                catch (HttpRequestException)
                {
                    // It doesn't serve yet.
                }
                await looks.WaitForNextTickAsync(Cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"Not said in time; the last was: {said}");
        }
    }

    /// <summary>Over a Unix socket, which leads into the network that the service is in.</summary>
    private static HttpClient Client(string socket) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var open = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await open.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
            return new NetworkStream(open, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri($"http://127.0.0.1:{Port}"),
    };
}
