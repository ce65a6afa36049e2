using HeatUp.Telegram.Messages;
using HeatUp.Telegram.Tl;
using HeatUp.Telegram.World;

namespace HeatUp.Telegram.Methods;

/// <summary>
/// Takes calls: what is around a method is taken off, the witness notes it, faults and holds that somebody has ordered
/// are played, and the table answers.
/// </summary>
internal sealed class MethodDesk(TelegramWorld world, MethodTable table, Faults faults, Witness witness, TimeProvider clock)
{
    /// <summary>The bytes of an answer; null if none comes.</summary>
    public async Task<byte[]?> AnswerAsync(Session session, TlObject query)
    {
        try
        {
            while (Inner(session, query, out var after) is { } inner)
            {
                query = inner;
                foreach (var earlier in after) await session.WorkOf(earlier);
            }
        }
        catch (Exception unreadable) when (unreadable is TlException or InvalidDataException)
        {
            return TlWriter.Write(RpcError.Of(400, "INPUT_FETCH_ERROR"));
        }
        var call = new Call(session, query);
        var seen = witness.Sees(call);
        var fault = faults.Take(call);
        if (fault is { Delay.Ticks: > 0 }) await Task.Delay(fault.Delay, clock);
        if (fault is { Hold: Hold.Before } && !await fault.Released) return null;
        var (answer, bytes) = Answer(call, fault);
        seen.Answered(answer);
        if (fault is { Hold: Hold.After } && !await fault.Released) return null;
        if (fault is { Cuts: true })
        {
            session.Connection?.Cut();
            session.Connection = null;
        }
        return bytes;
    }

    /// <summary>What is answered, and its bytes. A method that breaks costs its client an error, and is noted.</summary>
    private (object Answer, byte[] Bytes) Answer(Call call, Fault? fault)
    {
        try
        {
            var answer = fault switch
            {
                { Text: { } text } => RpcError.Of(fault.Code, text),
                { Says: { } name } => new TlObject(name),
                _ => Answer(call),
            };
            return (answer, Bytes(answer, call));
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            witness.Breaks(broken);
            var error = RpcError.Of(500, "INTERNAL");
            return (error, TlWriter.Write(error));
        }
    }

    private object Answer(Call call)
    {
        if (call.Session.Schema.Method(call.Method) is not { } definition)
            return RpcError.Of(400, $"INPUT_METHOD_INVALID_{call.Query.Long("number")}");
        try
        {
            lock (world.Gate)
            {
                return table.Answer(call, definition);
            }
        }
        catch (RpcError error)
        {
            return error.ToObject();
        }
    }

    private static byte[] Bytes(object answer, Call call)
    {
        var schema = call.Session.Schema;
        var type = schema.Method(call.Method)?.Type ?? "";
        return answer switch
        {
            TlObject one => TlWriter.Write(one, schema),
            bool truth => TlWriter.Write(new TlObject(truth ? "boolTrue" : "boolFalse"), schema),
            IEnumerable<object> list => TlWriter.Write(list, type[7..^1], schema),
            _ => throw new TlException($"{call.Method} can't be answered with {answer}."),
        };
    }

    /// <summary>What a query has in it, if it is only the way that another is asked.</summary>
    private static TlObject? Inner(Session session, TlObject query, out IEnumerable<long> after)
    {
        after = [];
        switch (query.Name)
        {
            case "invokeWithLayer":
                session.Device.Layer = query.Int("layer");
                session.Schema = TlSchema.Of(session.Device.Layer);
                break;
            case "initConnection":
                var device = session.Device;
                device.ApiId = query.Int("api_id");
                device.Model = query.Text("device_model");
                device.Version = query.Text("app_version");
                device.UsesProxy = query.Object("proxy") is not null;
                break;
            case "invokeWithoutUpdates":
                break;
            case "gzip_packed":
                return Packing.Open(query);
            case "invokeAfterMsg":
                after = [query.Long("msg_id")];
                break;
            case "invokeAfterMsgs":
                after = query.All<long>("msg_ids");
                break;
            default:
                return null;
        }
        return query.Object("query");
    }
}
