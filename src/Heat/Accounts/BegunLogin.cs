using HeatUp;
using HeatUp.TdLib.Login;

namespace Heat.Accounts;

/// <summary>A login that was begun and not finished.</summary>
/// <param name="Name">The account's name here.</param>
/// <param name="Note">Where it stands; null if nobody noted it.</param>
internal sealed record BegunLogin(SessionId Name, LoginNote? Note)
{
    /// <summary>Where it stands and how it goes on, for the owner.</summary>
    public string Sentence => (Note is null
        ? $"The login of '{Name}' was begun and not finished. "
        : $"The login of '{Name}' waits for {Note.WaitsFor} ({Note.State}). ")
        + $"'heat account login {Name}' goes on.";
}
