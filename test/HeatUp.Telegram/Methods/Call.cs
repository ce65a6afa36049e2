using HeatUp.Telegram.Messages;
using HeatUp.Telegram.Tl;
using HeatUp.Telegram.World;

namespace HeatUp.Telegram.Methods;

/// <summary>A method that a client calls.</summary>
/// <param name="Session">Over which talk.</param>
/// <param name="Query">The method and its arguments, without what was around them.</param>
internal sealed record Call(Session Session, TlObject Query)
{
    public string Method => Query.Name;

    public Device Device => Session.Device;

    /// <summary>Who calls.</summary>
    /// <exception cref="RpcError">Nobody is logged in, or the server has thrown the device out.</exception>
    public Account Account => Device.Ended is { } ended
        ? throw new RpcError(401, ended)
        : Device.Account ?? throw new RpcError(401, "AUTH_KEY_UNREGISTERED");
}
