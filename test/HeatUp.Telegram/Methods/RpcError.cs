using HeatUp.Telegram.Tl;

namespace HeatUp.Telegram.Methods;

/// <summary>The server says no to a method: the way out of it.</summary>
internal sealed class RpcError(int code, string text) : Exception(text)
{
    public int Code => code;

    /// <summary>As it is answered.</summary>
    public TlObject ToObject() => Of(code, Message);

    public static TlObject Of(int code, string text) =>
        new("rpc_error") { { "error_code", code }, { "error_message", text } };
}
