using System.Security.Cryptography;
using HeatUp.Telegram.Tl;
using HeatUp.Telegram.World;

namespace HeatUp.Telegram.Methods;

/// <summary>Logging in, by code, password or QR code, and out.</summary>
internal sealed class LoginMethods(TelegramWorld world)
{
    /// <summary>How many seconds pass until a code may be sent again, and until a token expires.</summary>
    private const int ResendAfter = 60;
    private const int TokenFor = 30;

    /// <summary>An address, most of it hidden.</summary>
    private const string EmailPattern = "o***r@example.org";

    public void AddTo(MethodTable table)
    {
        table.Add("auth.sendCode", call => SentCode(AccountOf(call)), isOpen: true);
        table.Add("auth.resendCode", call => SentAgain(AccountOf(call)), isOpen: true);
        table.Add("auth.signIn", SignIn, isOpen: true);
        table.Add("account.sendVerifyEmailCode", call => SentByEmail(OwnerOf(call)), isOpen: true);
        table.Add("account.verifyEmail", VerifyEmail, isOpen: true);
        table.Add("account.getPassword", Password, isOpen: true);
        table.Add("auth.checkPassword", CheckPassword, isOpen: true);
        table.Add("auth.exportLoginToken", Token, isOpen: true);
        table.Add("auth.logOut", LogOut, isOpen: true);
        table.Add("auth.bindTempAuthKey", Bind, isOpen: true);
        table.Add("auth.dropTempAuthKeys", _ => true, isOpen: true);
    }

    /// <summary>As they are told to themselves.</summary>
    public static TlObject UserOf(Account account) => new("user")
    {
        { "self", true }, { "id", account.Id }, { "access_hash", account.Id }, { "first_name", account.FirstName },
        { "phone", account.Phone },
        { "status", new TlObject("userStatusOffline") { { "was_online", 1_700_000_000 } } },
    };

    private Account AccountOf(Call call) =>
        world.Find(call.Query.Text("phone_number")) ?? throw new RpcError(406, "PHONE_NUMBER_INVALID");

    /// <summary>The account whose address is about to be named, or proved.</summary>
    private Account OwnerOf(Call call) =>
        world.Find(call.Query.Object("purpose")!.Text("phone_number")) ?? throw new RpcError(406, "PHONE_NUMBER_INVALID");

    private static TlObject SentCode(Account account)
    {
        var hash = $"hash{account.Id}";
        if (account.MustBuy)
            return new("auth.sentCodePaymentRequired")
            {
                { "store_product", "product" }, { "phone_code_hash", hash }, { "support_email_address", "support@example.org" },
                { "support_email_subject", "Login" }, { "premium_days", 7 }, { "currency", "EUR" }, { "amount", 399L },
            };
        if (account.NamesEmail)
            return new("auth.sentCode")
            {
                { "type", new TlObject("auth.sentCodeTypeSetUpEmailRequired") }, { "phone_code_hash", hash },
            };
        if (account.EmailCode is { } code)
            return new("auth.sentCode")
            {
                { "type", new TlObject("auth.sentCodeTypeEmailCode") { { "email_pattern", EmailPattern }, { "length", code.Length } } },
                { "phone_code_hash", hash },
            };
        return new("auth.sentCode")
        {
            { "type", new TlObject("auth.sentCodeTypeApp") { { "length", account.Code.Length } } },
            { "phone_code_hash", hash }, { "timeout", ResendAfter }, { "next_type", new TlObject("auth.codeTypeSms") },
        };
    }

    private static TlObject SentAgain(Account account) => new("auth.sentCode")
    {
        { "type", new TlObject("auth.sentCodeTypeSms") { { "length", account.Code.Length } } },
        { "phone_code_hash", $"hash{account.Id}" },
    };

    private object SignIn(Call call)
    {
        var account = AccountOf(call);
        if (account.IsCodeExpired) throw new RpcError(400, "PHONE_CODE_EXPIRED");
        var (said, right) = account.EmailCode is { } code
            ? (call.Query.Object("email_verification")?.Text("code"), code)
            : (call.Query.Text("phone_code"), account.Code);
        if (said is null or "") throw new RpcError(400, "PHONE_CODE_EMPTY");
        if (said != right) throw new RpcError(400, "PHONE_CODE_INVALID");
        return account.IsRegistered ? LogInOrAsk(call, account) : new TlObject("auth.authorizationSignUpRequired")
        {
            { "terms_of_service", new TlObject("help.termsOfService")
            {
                { "id", new TlObject("dataJSON") { { "data", "{}" } } }, { "text", "Terms" },
            } },
        };
    }

    private static TlObject SentByEmail(Account account) => new("account.sentEmailCode")
    {
        { "email_pattern", EmailPattern },
        { "length", account.EmailCode?.Length ?? throw new RpcError(400, "EMAIL_NOT_ALLOWED") },
    };

    /// <summary>An address that is proved takes the codes from now on; the first is the login's.</summary>
    private TlObject VerifyEmail(Call call)
    {
        var account = OwnerOf(call);
        if (call.Query.Object("verification")!.Text("code") != account.EmailCode) throw new RpcError(400, "CODE_INVALID");
        account.NamesEmail = false;
        return new("account.emailVerifiedLogin") { { "email", "owner@example.org" }, { "sent_code", SentCode(account) } };
    }

    private static TlObject LogInOrAsk(Call call, Account account)
    {
        if (account.Password is null) return LogIn(call, account);
        call.Device.AwaitsPassword = account;
        throw new RpcError(401, "SESSION_PASSWORD_NEEDED");
    }

    private static TlObject LogIn(Call call, Account account)
    {
        (call.Device.Account, call.Device.Ended, call.Device.AwaitsPassword) = (account, null, null);
        return new("auth.authorization") { { "user", UserOf(account) } };
    }

    private static object Password(Call call)
    {
        var account = call.Device.AwaitsPassword ?? call.Account;
        var next = new TlObject("passwordKdfAlgoUnknown");
        var answer = new TlObject("account.password")
        {
            { "new_algo", next }, { "new_secure_algo", new TlObject("securePasswordKdfAlgoUnknown") },
            { "secure_random", RandomNumberGenerator.GetBytes(32) },
        };
        if (account.Password is not { } password) return answer;
        var check = call.Device.Check = new PasswordCheck(password);
        answer.Add("has_password", true);
        answer.Add("hint", account.PasswordHint);
        answer.Add("srp_B", check.Public);
        answer.Add("srp_id", check.Id);
        answer.Add("current_algo", new TlObject("passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow")
        {
            { "salt1", check.Salt1 }, { "salt2", check.Salt2 }, { "g", 3 },
            { "p", Handshake.KeyExchange.Whole(Handshake.KeyExchange.Prime) },
        });
        return answer;
    }

    private static object CheckPassword(Call call)
    {
        if (call.Device is not { AwaitsPassword: { } account, Check: { } check })
            throw new RpcError(400, "SRP_ID_INVALID");
        var proof = call.Query.Object("password")!;
        if (proof.Long("srp_id") != check.Id) throw new RpcError(400, "SRP_ID_INVALID");
        if (!check.Holds(proof.Bytes("A"), proof.Bytes("M1"))) throw new RpcError(400, "PASSWORD_HASH_INVALID");
        return LogIn(call, account);
    }

    /// <summary>A token for a QR code, until somebody has scanned it; then the login.</summary>
    private object Token(Call call)
    {
        var device = call.Device;
        if (device.Scanner is { } scanner)
        {
            (device.Scanner, device.Token) = (null, null);
            return new TlObject("auth.loginTokenSuccess") { { "authorization", LogInOrAsk(call, scanner) } };
        }
        var token = RandomNumberGenerator.GetBytes(32);
        device.Token = Convert.ToHexStringLower(token);
        return new TlObject("auth.loginToken") { { "expires", world.Now + TokenFor }, { "token", token } };
    }

    private static object LogOut(Call call)
    {
        call.Device.Account = null;
        return new TlObject("auth.loggedOut");
    }

    /// <summary>A key for a day takes the place of one for ever. Whether the client has both is not proved here.</summary>
    private object Bind(Call call)
    {
        var device = world.DeviceOf(call.Query.Long("perm_auth_key_id"));
        if (device.Model.Length == 0) throw new RpcError(400, "ENCRYPTED_MESSAGE_INVALID");
        call.Session.Device = device;
        return true;
    }
}
