using System.Buffers.Binary;
using System.Security.Cryptography;
using HeatUp.Telegram.Methods;
using HeatUp.Telegram.Tl;

namespace HeatUp.Telegram.Messages;

/// <summary>
/// What MTProto itself does with a client's message: salts and numbers are checked, containers and what is packed are
/// opened, notices are answered, and methods go on to <see cref="MethodDesk"/>.
/// </summary>
internal sealed class MessageDesk(TelegramServer server, MethodDesk methods)
{
    private const uint Container = 0x73f1f8dc;
    private const uint Result = 0xf35c6d01;

    /// <summary>How many messages a container may hold.</summary>
    private const int ContainedMax = 1020;

    /// <summary>Answers of this size and more are packed, as Telegram does.</summary>
    private const int PackedMin = 512;

    private const int BadContainer = 64;

    public async Task TakeAsync(Connection connection, AuthKey key, Incoming message)
    {
        var session = server.Sessions.Find(key, message.Session);
        // Over another connection the key may have been thrown away meanwhile.
        if (server.Keys.Find(key.Id) is null)
        {
            Forget(session);
            return;
        }
        var isBack = !ReferenceEquals(session.Connection, connection);
        session.Connection = connection;
        if (message.Salt != key.Salt)
        {
            await SayAsync(session, new TlObject("bad_server_salt")
            {
                { "bad_msg_id", message.Id }, { "bad_msg_seqno", message.Sequence }, { "error_code", 48 },
                { "new_server_salt", key.Salt },
            });
            return;
        }
        if (server.Numbers.FaultOf(message.Id) is not 0 and var fault)
        {
            await RefuseAsync(session, message, fault);
            return;
        }
        if (session.TryBegin())
            await SayAsync(session, new TlObject("new_session_created")
            {
                { "first_msg_id", message.Id }, { "unique_id", BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) },
                { "server_salt", key.Salt },
            }, isContent: true);
        else if (isBack)
            foreach (var unsaid in session.Unacknowledged())
                await connection.SendAsync(session, unsaid);
        await OpenAsync(session, message);
    }

    /// <summary>Tells a session something that it has not asked for.</summary>
    public Task TellAsync(Session session, TlObject news) => SayAsync(session, news, isContent: true);

    private async Task OpenAsync(Session session, Incoming message)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(message.Body) != Container)
        {
            await TakeOneAsync(session, message);
            return;
        }
        if (!session.IsNew(message.Id)) return;
        if (Contained(message) is not { } all)
        {
            await RefuseAsync(session, message, BadContainer);
            return;
        }
        foreach (var one in all) await TakeOneAsync(session, one);
    }

    /// <summary>What is in a container; null if it is none.</summary>
    private static List<Incoming>? Contained(Incoming container)
    {
        try
        {
            var reader = new TlReader(TlSchema.Of229, container.Body);
            reader.Int();
            var (count, all) = (reader.Int(), new List<Incoming>());
            if (count is < 0 or > ContainedMax) return null;
            for (var i = 0; i < count; i++)
            {
                var (id, sequence, length) = (reader.Long(), reader.Int(), reader.Int());
                if (length < 4) return null;
                all.Add(container with { Id = id, Sequence = sequence, Body = reader.Take(length).ToArray() });
            }
            return all;
        }
        catch (TlException)
        {
            return null;
        }
    }

    private async Task TakeOneAsync(Session session, Incoming message)
    {
        // One that comes once more is not done once more: its answer, if it was lost, is on its way again.
        if (!session.IsNew(message.Id))
        {
            await AcknowledgeAsync(session, message);
            return;
        }
        TlObject query;
        try
        {
            query = new TlReader(TlSchema.Of229, message.Body).Query();
            if (query.Name == "gzip_packed")
                query = Packing.Open(query);
        }
        catch (Exception fault) when (fault is TlException or InvalidDataException)
        {
            await AnswerAsync(session, message.Id, RpcError.Of(400, "INPUT_FETCH_ERROR"));
            return;
        }
        // What is answered at once needs nothing else.
        if (await NoticeAsync(session, message, query)) return;
        await AcknowledgeAsync(session, message);
        session.Works(message.Id, AnswerAsync(session, message.Id, query));
    }

    /// <summary>Whether it was one of MTProto's own messages.</summary>
    private async Task<bool> NoticeAsync(Session session, Incoming message, TlObject query)
    {
        switch (query.Name)
        {
            case "msgs_ack":
                session.Acknowledge(query.All<long>("msg_ids"));
                return true;
            case "ping" or "ping_delay_disconnect":
                await SayAsync(session, new TlObject("pong")
                {
                    { "msg_id", message.Id }, { "ping_id", query.Long("ping_id") },
                }, isAnswer: true);
                return true;
            case "msgs_state_req":
                // 4: it came; 1: nothing is known of it.
                var states = query.All<long>("msg_ids").Select(id => (byte)(session.Knows(id) ? 4 : 1)).ToArray();
                await SayAsync(session, new TlObject("msgs_state_info")
                {
                    { "req_msg_id", message.Id }, { "info", states },
                }, isAnswer: true);
                return true;
            case "msg_resend_req":
                var wanted = query.All<long>("msg_ids").ToHashSet();
                foreach (var one in session.Unacknowledged().Where(one => wanted.Contains(one.Id)))
                    await session.Connection!.SendAsync(session, one);
                return true;
            case "get_future_salts":
                await SayAsync(session, Salts(session, message.Id), isAnswer: true);
                return true;
            case "destroy_session":
                await SayAsync(session, new TlObject("destroy_session_ok") { { "session_id", query.Long("session_id") } });
                return true;
            case "destroy_auth_key":
                await SayAsync(session, new TlObject("destroy_auth_key_ok"), isAnswer: true);
                Forget(session);
                return true;
            case "rpc_drop_answer":
                await AnswerAsync(session, message.Id, new TlObject("rpc_answer_unknown"));
                return true;
            case "http_wait" or "msgs_state_info" or "msgs_all_info" or "rpc_result":
                return true;
            default:
                return false;
        }
    }

    /// <summary>A client that has thrown its key away never comes back with it.</summary>
    private void Forget(Session session)
    {
        server.Keys.Forget(session.Key.Id);
        server.Sessions.Forget(session.Device);
        if (session.Key.Id == session.Device.Key) server.World.Forget(session.Device);
    }

    private TlObject Salts(Session session, long request)
    {
        var now = (int)server.Numbers.Now;
        return new("future_salts")
        {
            { "req_msg_id", request }, { "now", now },
            {
                "salts", new[]
                {
                    new TlObject("future_salt")
                    {
                        { "valid_since", now - 60 }, { "valid_until", now + 3600 },
                        { "salt", session.Key.Salt },
                    },
                }
            },
        };
    }

    private async Task AnswerAsync(Session session, long request, TlObject query)
    {
        var (layer, bytes) = (session.Schema, default(byte[]));
        if (query.Name is "rpc_error" or "rpc_answer_unknown") bytes = TlWriter.Write(query, layer);
        else bytes = await methods.AnswerAsync(session, query);
        if (bytes is null) return;
        var writer = new TlWriter(session.Schema);
        writer.Int(unchecked((int)Result));
        writer.Long(request);
        writer.Raw(bytes.Length < PackedMin ? bytes : TlWriter.Write(Packing.Pack(bytes)));
        await Connection.SayAsync(session, writer.ToArray(), server, isAnswer: true, isContent: true);
    }

    private async Task AcknowledgeAsync(Session session, Incoming message)
    {
        if (message.Sequence % 2 == 1)
            await SayAsync(session, new TlObject("msgs_ack") { { "msg_ids", new object[] { message.Id } } });
    }

    private Task RefuseAsync(Session session, Incoming message, int code) =>
        SayAsync(session, new TlObject("bad_msg_notification")
        {
            { "bad_msg_id", message.Id }, { "bad_msg_seqno", message.Sequence }, { "error_code", code },
        });

    private Task SayAsync(Session session, TlObject said, bool isAnswer = false, bool isContent = false) =>
        Connection.SayAsync(session, TlWriter.Write(said, session.Schema), server, isAnswer, isContent);
}
