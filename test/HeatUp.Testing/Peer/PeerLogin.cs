using System.Security.Cryptography;
using System.Text.Json.Nodes;
using static HeatUp.Testing.Peer.PeerJson;

namespace HeatUp.Testing.Peer;

/// <summary>Logging in and out, step by step: the new state comes first, then the answer; a refusal brings no state.
/// </summary>
internal sealed class PeerLogin(ScriptedPeer peer)
{
    /// <summary>How long a QR code's link is good.</summary>
    public static readonly TimeSpan LinkFor = TimeSpan.FromSeconds(30);

    /// <summary>How long TDLib tries a folder that another client has open.</summary>
    public static readonly TimeSpan LockFor = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LockTry = TimeSpan.FromSeconds(1);
    private int links;

    /// <summary>Whether this class answers it.</summary>
    public bool Takes(PeerCall call) => call.Name is "setTdlibParameters" or "getAuthorizationState" or "logOut"
        or "close" or "setAuthenticationPhoneNumber" or "checkAuthenticationCode" or "resendAuthenticationCode"
        or "setAuthenticationEmailAddress" or "checkAuthenticationEmailCode" or "checkAuthenticationPassword"
        or "requestQrCodeAuthentication";

    public void Answer(PeerCall call)
    {
        switch (call.Name)
        {
            case "setTdlibParameters": Start(call); break;
            case "getAuthorizationState": call.Reply(StateOf(call.Client, peer.Clock.GetUtcNow())); break;
            case "close" when peer.IsDeafToClose: break;
            case "close":
                call.Ok();
                call.Client.Close(forgets: false);
                break;
            case "logOut": LogOut(call); break;
            default: GoOn(call); break;
        }
    }

    /// <summary>The state in which a client is.</summary>
    public static JsonObject StateOf(PeerClient client, DateTimeOffset now)
    {
        if (client.Login is not { } login) return Of("authorizationStateWaitTdlibParameters");
        var owner = client.Owner;
        var name = $"authorizationState{login.State}";
        return login.State switch
        {
            "WaitCode" => Of(name, ("code_info", CodeInfo(owner!, login, now))),
            "WaitEmailAddress" => Of(name, ("allow_apple_id", false), ("allow_google_id", false)),
            "WaitEmailCode" => Of(name, ("allow_apple_id", false), ("allow_google_id", false),
                ("code_info", Of("emailAddressAuthenticationCodeInfo",
                    ("email_address_pattern", "o***r@example.org"), ("length", owner!.EmailCode?.Length ?? 0)))),
            "WaitOtherDeviceConfirmation" => Of(name, ("link", login.Link)),
            "WaitPassword" => Of(name, ("password_hint", owner!.PasswordHint), ("has_recovery_email_address", false),
                ("has_passport_data", false), ("recovery_email_address_pattern", "")),
            "WaitRegistration" => Of(name, ("terms_of_service", Of("termsOfService",
                ("text", Of("formattedText", ("text", "Terms"), ("entities", new JsonArray()))),
                ("min_user_age", 0), ("show_popup", false)))),
            "WaitPremiumPurchase" => Of(name, ("store_product_id", "product"), ("premium_day_count", 7),
                ("support_email_address", "support@example.org"), ("support_email_subject", "Login")),
            _ => Of(name),
        };
    }

    /// <summary>Somebody scans a QR code with an app that is logged in.</summary>
    /// <returns>Whether the link was good.</returns>
    public bool Scan(PeerClient client, string link, PeerOwner owner)
    {
        if (client.Login is not { State: "WaitOtherDeviceConfirmation" } login || login.Link != link) return false;
        client.Login = login with { Phone = owner.Digits };
        PassCode(client, owner);
        return true;
    }

    private static JsonObject CodeInfo(PeerOwner owner, PeerFolder login, DateTimeOffset now)
    {
        var length = ("length", (JsonNode)owner.Code.Length);
        var wait = (owner.ResendAfter ?? TimeSpan.Zero) - (now - login.Since);
        var again = !login.IsResent && owner.ResendAfter is not null;
        return Of("authenticationCodeInfo", ("phone_number", owner.Phone),
            ("type", Of(login.IsResent ? "authenticationCodeTypeSms" : "authenticationCodeTypeTelegramMessage", length)),
            ("next_type", again ? Of("authenticationCodeTypeSms", ("length", owner.Code.Length)) : null),
            ("timeout", again ? (int)Math.Max(0, wait.TotalSeconds) : 0));
    }

    private void Start(PeerCall call)
    {
        var client = call.Client;
        if (client.Login is not null)
        {
            call.Fail(400, "Unexpected setTdlibParameters");
            return;
        }
        if (call.Number("api_id") <= 0 || call.Text("api_hash").Length == 0)
        {
            call.Fail(400, "Valid api_id must be provided. Can be obtained at https://my.telegram.org");
            return;
        }
        client.IsStarting = true;
        Open(call, Path.GetFullPath(call.Text("database_directory")), LockFor);
    }

    private void Open(PeerCall call, string folder, TimeSpan patience)
    {
        var client = call.Client;
        if (client.IsClosed) return;
        var taken = peer.IsOpen(folder) ? null : PeerFolder.Lock(folder);
        if (taken is null && patience > TimeSpan.Zero)
        {
            peer.After(LockTry, () => Open(call, folder, patience - LockTry));
            return;
        }
        client.IsStarting = false;
        var kept = taken is null ? null : PeerFolder.Read(folder);
        if (taken is null)
        {
            var who = peer.IsOpen(folder) ? " by current program" : "; check for another program instance running";
            call.Fail(400, $"Can't lock file \"{PeerFolder.FileIn(folder)}\", because it is already in use{who}");
        }
        else if (kept is not null && kept.Key != call.Text("database_encryption_key"))
        {
            taken.Dispose();
            call.Fail(401, "Wrong database encryption key");
        }
        else
        {
            client.FolderLock = taken;
            Begin(call, folder, kept);
        }
        peer.AnswerQueued(client);
    }

    private void Begin(PeerCall call, string folder, PeerFolder? kept)
    {
        var client = call.Client;
        var (id, hash) = ((int)call.Number("api_id"), call.Text("api_hash"));
        var now = peer.Clock.GetUtcNow();
        kept ??= new PeerFolder(call.Text("database_encryption_key"), id, hash, PeerFolder.Start, "", now);
        client.Folder = folder;
        client.Say(Option("authorization_date", 0));
        client.Enter(kept.GoOn(id, hash, now));
        call.Ok();
        peer.Connect(client);
        if (client.Login!.State == "WaitOtherDeviceConfirmation") RefreshLink(client);
    }

    private void LogOut(PeerCall call)
    {
        var client = call.Client;
        client.Pending.Remove(call);
        client.Leave();
        peer.OverNetwork(client, () =>
        {
            call.Ok();
            client.Close(forgets: true);
        });
    }

    /// <summary>A step of the login that the network decides.</summary>
    private void GoOn(PeerCall call)
    {
        var client = call.Client;
        if (!MayCome(call))
        {
            call.Fail(400, $"Call to {call.Name} unexpected");
            return;
        }
        if (call.Name == "setAuthenticationPhoneNumber" && call.Text("phone_number").Length == 0)
        {
            call.Fail(400, "Phone number must be non-empty");
            return;
        }
        if (call.Name == "setAuthenticationEmailAddress" && call.Text("email_address").Length == 0)
        {
            call.Fail(400, "Email address must be non-empty");
            return;
        }
        if (call.Name == "resendAuthenticationCode" && !MayResend(client))
        {
            call.Fail(400, "Authentication code can't be resend");
            return;
        }
        client.LoggingIn?.Fail(400, "Another authorization query has started");
        client.LoggingIn = call;
        peer.OverNetwork(client, () =>
        {
            if (!call.IsAnswered) Decide(call);
        });
    }

    private static bool MayCome(PeerCall call) => (call.Name, call.Client.Login?.State) switch
    {
        ("setAuthenticationPhoneNumber", "WaitPhoneNumber" or "WaitCode" or "WaitEmailAddress" or "WaitEmailCode"
            or "WaitPassword" or "WaitRegistration" or "WaitPremiumPurchase") => true,
        ("requestQrCodeAuthentication", "WaitPhoneNumber" or "WaitCode" or "WaitEmailAddress" or "WaitEmailCode"
            or "WaitPassword") => true,
        ("checkAuthenticationCode" or "resendAuthenticationCode", "WaitCode") => true,
        ("setAuthenticationEmailAddress", "WaitEmailAddress") => true,
        ("checkAuthenticationEmailCode", "WaitEmailCode") => true,
        ("checkAuthenticationPassword", "WaitPassword") => true,
        _ => false,
    };

    /// <summary>How long it should wait is told, and not enforced.</summary>
    private static bool MayResend(PeerClient client) => client is { Login.IsResent: false, Owner.ResendAfter: not null };

    private void Decide(PeerCall call)
    {
        var (client, owner) = (call.Client, call.Client.Owner);
        client.LoggingIn = null;
        switch (call.Name)
        {
            case "setAuthenticationPhoneNumber": TakePhone(call); break;
            case "requestQrCodeAuthentication":
                Step(client, "WaitOtherDeviceConfirmation", link: NewLink());
                call.Ok();
                peer.After(LinkFor, () => RefreshLink(client));
                break;
            case "resendAuthenticationCode":
                client.Enter(client.Login! with { IsResent = true, Since = peer.Clock.GetUtcNow() });
                call.Ok();
                break;
            case "checkAuthenticationCode": CheckCode(call, owner!, call.Text("code"), owner!.Code); break;
            case "setAuthenticationEmailAddress":
                Step(client, "WaitEmailCode");
                call.Ok();
                break;
            case "checkAuthenticationEmailCode":
                CheckEmailCode(call, owner!, call.Field("code").GetProperty("code").GetString()!);
                break;
            case "checkAuthenticationPassword":
                if (call.Text("password") == owner!.Password) Pass(call, () => BeReady(client, owner));
                else call.Fail(400, "PASSWORD_HASH_INVALID");
                break;
        }
    }

    private void TakePhone(PeerCall call)
    {
        var client = call.Client;
        if (peer.OwnerOf(PeerOwner.DigitsOf(call.Text("phone_number"))) is not { } owner)
            call.Fail(406, "PHONE_NUMBER_INVALID");
        else if (owner.PhoneError is { } error) call.Fail(error.Code, error.Message);
        else
        {
            client.Login = client.Login! with { Phone = owner.Digits, IsResent = false };
            Step(client, owner switch
            {
                { MustBuy: true } => "WaitPremiumPurchase",
                { NamesEmailAddress: true } => "WaitEmailAddress",
                { EmailCode: not null } => "WaitEmailCode",
                _ => "WaitCode",
            });
            call.Ok();
        }
    }

    private void CheckCode(PeerCall call, PeerOwner owner, string said, string right)
    {
        if (said.Length == 0) call.Fail(400, "PHONE_CODE_EMPTY");
        else if (peer.Clock.GetUtcNow() - call.Client.Login!.Since > owner.CodeFor) call.Fail(400, "PHONE_CODE_EXPIRED");
        else if (said != right) call.Fail(400, "PHONE_CODE_INVALID");
        else Pass(call, () => PassCode(call.Client, owner));
    }

    /// <summary>The code that proves a new address, after which one is sent there; or that one.</summary>
    private void CheckEmailCode(PeerCall call, PeerOwner owner, string said)
    {
        if (!owner.NamesEmailAddress) CheckCode(call, owner, said, owner.EmailCode!);
        else if (said != owner.EmailCode) call.Fail(400, "CODE_INVALID");
        else
        {
            owner.NamesEmailAddress = false;
            Pass(call, () => Step(call.Client, "WaitEmailCode"));
        }
    }

    private static void Pass(PeerCall call, Action goOn)
    {
        goOn();
        call.Ok();
    }

    private void PassCode(PeerClient client, PeerOwner owner)
    {
        if (!owner.IsRegistered) Step(client, "WaitRegistration");
        else if (owner.Password is not null) Step(client, "WaitPassword");
        else BeReady(client, owner);
    }

    private void BeReady(PeerClient client, PeerOwner owner)
    {
        owner.IsRevoked = false;
        client.Say(Option("my_id", owner.Id));
        client.Say(Of("updateUser", ("user", User(owner))));
        Step(client, PeerFolder.Ready);
        if (owner.IsFrozen) ScriptedPeer.SayFrozen(client, isFrozen: true);
    }

    private void Step(PeerClient client, string state, string link = "") =>
        client.Enter(client.Login! with { State = state, Link = link, Since = peer.Clock.GetUtcNow() });

    private void RefreshLink(PeerClient client)
    {
        if (client.IsClosed || client.Login!.State != "WaitOtherDeviceConfirmation") return;
        Step(client, "WaitOtherDeviceConfirmation", NewLink());
        peer.After(LinkFor, () => RefreshLink(client));
    }

    private string NewLink()
    {
        var token = SHA256.HashData(BitConverter.GetBytes(++links));
        return $"tg://login?token={Convert.ToBase64String(token).TrimEnd('=').Replace('+', '-').Replace('/', '_')}";
    }
}
