namespace HeatUp.Testing.Peer;

/// <content>What an account can ask that is logged in.</content>
public sealed partial class ScriptedPeer
{
    private void AnswerReady(PeerCall call)
    {
        switch (call.Name)
        {
            case "getMe": call.Reply(PeerJson.User(call.Client.Owner!)); break;
            default: call.Ok(); break;
        }
    }
}
