using System.Net;
using HeatUp.Telegram;
using HeatUp.Telegram.Control;
using HeatUp.Telegram.World;

// A process of its own, for a network of its own. Argument: the file of the private key. Its input says what happens in
// its world, its output answers; when the input ends, it ends.
await using var server = new TelegramServer(await File.ReadAllTextAsync(args[0]), TimeProvider.System);
server.Listen(IPAddress.Any, DataCenters.Port);
await new ControlPort(server).ServeAsync(Console.In, Console.Out);
return 0;
