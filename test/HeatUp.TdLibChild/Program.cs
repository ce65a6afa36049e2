using HeatUp.TdLib;
using HeatUp.TdLib.Api;
using HeatUp.TdLibChild;
using Microsoft.Extensions.Logging.Abstractions;

if (args is [HeatOverPeer.Word, ..])
    return await (HeatOffline.IsWanted ? HeatOffline.RunAsync(args[1..]) : HeatOverPeer.RunAsync(args[1..]));

if (args is [RawTdJson.Word, var raw]) return await RawTdJson.RunAsync(raw, Console.In, Console.Out);

// A process of its own for what a test does to processes: it opens an account's folder, says where the login stands
// (or what went wrong), and closes when its input says so. Arguments: the library, the folder, the key in base64.
var (library, folder, key) = (args[0], args[1], Convert.FromBase64String(args[2]));
var json = new OfflineTdJson(NativeTdJson.Load(library, NullLogger.Instance));
var client = new TdClient(json, TimeProvider.System, NullLogger.Instance);
var deadline = TimeSpan.FromSeconds(30);

var started = await client.SendAsync(new SetTdlibParameters(false, folder, key, 1, "hash"), deadline);
Console.WriteLine(started.Error?.ToString() ?? client.State.ToString());
if (Console.ReadLine() == "close") Console.WriteLine(await client.CloseAsync() ? client.State : "not closed");
return 0;
