using System.Text.Json;
using System.Text.Json.Nodes;
using HeatUp.Telegram.Methods;
using HeatUp.Telegram.World;

namespace HeatUp.Telegram.Control;

/// <summary>
/// How a test works with a server in another process: a line of JSON each way. What is ordered has happened when its
/// answer comes.
/// </summary>
internal sealed class ControlPort(TelegramServer server)
{
    private TelegramWorld World => server.World;

    public async Task ServeAsync(TextReader input, TextWriter output)
    {
        await SayAsync(new JsonObject { ["ready"] = true });
        while (await input.ReadLineAsync() is { } line)
        {
            JsonNode? answer;
            try
            {
                answer = await DoAsync(JsonNode.Parse(line)!.AsObject());
            }
            catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
            {
                answer = new JsonObject { ["fault"] = fault.Message };
            }
            await SayAsync(answer ?? new JsonObject());
        }

        async Task SayAsync(JsonNode said)
        {
            await output.WriteLineAsync(said.ToJsonString());
            await output.FlushAsync();
        }
    }

    private async Task<JsonNode?> DoAsync(JsonObject order)
    {
        switch (Text(order, "do"))
        {
            case "await":
                await server.Witness.UntilAsync(Text(order, "method"), Number(order, "count"), Flag(order, "answered"));
                return null;
            case "stop":
                await server.StopAsync();
                return null;
            case "start":
                if (Flag(order, "forgets_keys")) ForgetKeys();
                server.Listen(System.Net.IPAddress.Any, DataCenters.Port);
                return null;
            case "fault":
                server.Faults.Order(FaultOf(order));
                return null;
            case "clear":
                server.Faults.Clear((string?)order["method"], goesOn: !Flag(order, "drops"));
                return null;
            case "seen":
                return new JsonArray([.. server.Witness.All.Select(sight => sight.ToJson())]);
            case "relay":
                Relay.Open(Text(order, "from"), Text(order, "to"));
                return null;
            case "change_salts":
                server.Keys.ChangeSalts();
                return null;
            case var what:
                lock (World.Gate)
                {
                    return Change(what, order);
                }
        }
    }

    private JsonObject? Change(string what, JsonObject order)
    {
        switch (what)
        {
            case "account":
                World.AddAccount(new Account(Text(order, "phone"))
                {
                    FirstName = Text(order, "name"),
                    Password = (string?)order["password"],
                    PasswordHint = (string?)order["hint"] ?? "",
                    EmailCode = (string?)order["email_code"],
                    NamesEmail = Flag(order, "names_email"),
                    IsRegistered = !Flag(order, "unregistered"),
                    MustBuy = Flag(order, "must_buy"),
                });
                return null;
            case "channel":
                World.AddChannel(Text(order, "name"), Text(order, "title"), Number(order, "members"), Number(order, "posts"));
                return null;
            case "post":
                var channel = Named(order);
                server.News.OfPost(channel, TelegramWorld.Publish(channel, World.Now));
                return null;
            case "rename":
                Named(order).Name = Text(order, "name");
                return null;
            case "name":
                Named(order).OtherNames.Add(Text(order, "name"));
                return null;
            case "restrict":
                Named(order).IsRestricted = true;
                return null;
            case "follow":
                // On another device of the same account.
                Follow(AccountOf(order), Named(order), Flag(order, "follows"));
                return null;
            case "read":
                Read(AccountOf(order), Named(order));
                return null;
            case "code":
                var account = AccountOf(order);
                (account.Code, account.IsCodeExpired) = (Text(order, "code"), Flag(order, "expired"));
                return null;
            case "freeze":
                var owner = AccountOf(order);
                owner.IsFrozen = Flag(order, "frozen");
                server.News.OfConfig(owner);
                return null;
            case "end":
                End(AccountOf(order), Text(order, "error"));
                return null;
            case "scan":
                return Scan(AccountOf(order), Text(order, "token"));
            case "state":
                return State();
            default:
                throw new ArgumentException($"Nobody knows how to do '{what}'.");
        }
    }

    private void Follow(Account account, Channel channel, bool follows)
    {
        account.In(channel).Change(follows, World.Now);
        channel.Members += follows ? 1 : -1;
        server.News.OfChannel(channel, account);
    }

    private void Read(Account account, Channel channel)
    {
        var membership = account.In(channel);
        membership.ReadUpTo = channel.Newest;
        server.News.OfReading(channel, account, membership);
    }

    /// <summary>Throws an account's devices out, as Telegram does: whatever they ask next is refused.</summary>
    private void End(Account account, string error)
    {
        foreach (var device in World.Devices.Where(device => device.Account == account))
        {
            device.Ended = error;
            var talks = server.Sessions.Of(device);
            server.Sessions.Forget(device);
            foreach (var talk in talks) talk.Connection?.Cut();
        }
    }

    private JsonObject Scan(Account account, string token)
    {
        if (World.Devices.FirstOrDefault(device => device.Token == token) is not { } device)
            return new JsonObject { ["fault"] = "No device shows this code." };
        device.Scanner = account;
        server.News.OfScan(device);
        return [];
    }

    private JsonObject State() => new()
    {
        ["views_raised"] = World.ViewsRaised,
        ["broken"] = new JsonArray([.. server.Witness.Broken.Select(one => (JsonNode)one)]),
        ["connections"] = server.Connections,
        ["keys"] = server.Keys.Count,
        ["sessions"] = server.Sessions.Count,
        ["devices"] = World.Devices.Count(),
        ["tokens"] = new JsonArray([.. World.Devices.Select(device => device.Token).OfType<string>().Select(one => (JsonNode)one)]),
        ["accounts"] = new JsonArray([.. World.Accounts.Select(account => new JsonObject
        {
            ["phone"] = account.Phone,
            ["follows"] = new JsonArray(
                [.. World.Channels.Where(account.Follows).Select(channel => (JsonNode)channel.Name)]),
            ["read"] = new JsonObject(World.Channels.Select(channel =>
                KeyValuePair.Create(channel.Name, (JsonNode?)account.In(channel).ReadUpTo))),
        })]),
    };

    /// <summary>As a server that has lost its memory of keys; who is logged in on them is lost with them.</summary>
    private void ForgetKeys()
    {
        server.Keys.ForgetAll();
        server.Sessions.ForgetAll();
    }

    private static Fault FaultOf(JsonObject order) => new(Text(order, "method"))
    {
        Phone = (string?)order["phone"],
        Times = (int?)order["times"] ?? 0,
        Code = (int?)order["code"] ?? 400,
        Text = (string?)order["text"],
        Says = (string?)order["says"],
        Delay = TimeSpan.FromMilliseconds((int?)order["delay_ms"] ?? 0),
        Hold = (string?)order["hold"] switch { "before" => Hold.Before, "after" => Hold.After, _ => Hold.None },
        Cuts = Flag(order, "cuts"),
    };

    private Account AccountOf(JsonObject order) =>
        World.Find(Text(order, "phone")) ?? throw new ArgumentException($"Nobody has the number {order["phone"]}.");

    private Channel Named(JsonObject order) =>
        World.Named(Text(order, "channel")) ?? throw new ArgumentException($"There is no channel {order["channel"]}.");

    private static string Text(JsonObject order, string name) =>
        (string?)order[name] ?? throw new ArgumentException($"The order lacks '{name}'.");

    private static int Number(JsonObject order, string name) =>
        (int?)order[name] ?? throw new ArgumentException($"The order lacks '{name}'.");

    private static bool Flag(JsonObject order, string name) => (bool?)order[name] ?? false;
}
