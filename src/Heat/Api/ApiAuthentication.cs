using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Heat.Configuration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Secret = Heat.Configuration.Secret;

namespace Heat.Api;

/// <summary>
/// Who is let in. With an API_TOKEN every request must bring it, as a bearer token or by the cookie that a browser gets
/// for it, unless its endpoint says that it is open. Without one the service listens on this machine only, and all is
/// open.
/// </summary>
internal static class ApiAuthentication
{
    /// <summary>Programs: the token in each request's header.</summary>
    public const string Bearer = "Bearer";

    /// <summary>Browsers: the cookie that the sign-in page gives.</summary>
    public const string Cookie = "Cookie";

    /// <summary>How long a browser stays signed in.</summary>
    public static readonly TimeSpan SignedInFor = TimeSpan.FromDays(30);

    private const string Either = "Either";

    /// <summary>The role of those who may look and do nothing.</summary>
    private const string Looking = "looking";

    public static void AddApiAuthentication(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(new TokenCheck(settings.ApiToken, settings.ApiTokenRead));
        if (settings.ApiToken is { } token) services.AddSchemes(token, settings.ApiTokenRead);
    }

    // A method of its own: what it names is loaded with it, and most services have no token.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddSchemes(this IServiceCollection services, Secret token, Secret? readToken)
    {
        services.AddWebEncoders();
        // Not AddAuthentication: that makes a ring of keys on the disk, and a cookie's key follows from the token.
        services.AddSingleton<IDataProtectionProvider>(new TokenProtector(token, readToken));
        services.AddAuthenticationCore(options => options.DefaultScheme = Either);
        new AuthenticationBuilder(services)
            .AddPolicyScheme(Either, null, options => options.ForwardDefaultSelector = SchemeOf)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(Bearer, null)
            .AddCookie(Cookie, Configure);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder(Either).RequireAuthenticatedUser().Build());
    }

    public static void UseApiAuthentication(this WebApplication app, Settings settings)
    {
        if (settings.ApiToken is null) return;
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use((http, next) => MayAct(http) || HttpMethods.IsGet(http.Request.Method)
            || http.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null
                ? next(http)
                : Problems.ReadOnly().ExecuteAsync(http));
    }

    /// <summary>Whoever has shown a token.</summary>
    public static ClaimsPrincipal Caller(string scheme, Rights rights) => new(new ClaimsIdentity(
        rights == Rights.Look ? [new Claim(ClaimTypes.Role, Looking)] : Array.Empty<Claim>(), scheme));

    /// <summary>Whether a request may change something.</summary>
    public static bool MayAct(HttpContext http) => !http.User.IsInRole(Looking);

    /// <summary>A proxy before the service may ask for a password of its own: only a bearer's header is ours.</summary>
    private static string SchemeOf(HttpContext http) =>
        !BearerHandler.IsMeant(http.Request) && http.Request.Cookies.ContainsKey(SignIn.CookieName)
            && IsOfOwnPage(http.Request.Headers)
            ? Cookie
            : Bearer;

    /// <summary>
    /// Whether a browser says nothing else than that a page of this service asks, or that its user comes to one. It
    /// shouldn't send the cookie otherwise (SameSite), but a site is a host with all its ports.
    /// </summary>
    private static bool IsOfOwnPage(IHeaderDictionary headers) =>
        headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
        || headers["Sec-Fetch-Dest"].ToString() == "document";

    private static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = SignIn.CookieName;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.ExpireTimeSpan = SignedInFor;
        // A renewed cookie would not know whether its page came by TLS.
        options.SlidingExpiration = false;
        // The service itself speaks no TLS, a proxy before it may: the page that signs in says how it came.
        options.Events.OnSigningIn = entering =>
        {
            var origin = entering.Request.Headers.Origin.ToString();
            entering.CookieOptions.Secure =
                entering.Request.IsHttps || origin.StartsWith("https:", StringComparison.Ordinal);
            return Task.CompletedTask;
        };
        options.Events.OnRedirectToLogin = refused => RefuseAsync(refused.HttpContext);
    }

    /// <summary>A browser that wants a page is led to the one that asks for the token; a program is told.</summary>
    private static Task RefuseAsync(HttpContext http)
    {
        if (!Page.IsWanted(http)) return Problems.Token().ExecuteAsync(http);
        http.Response.Redirect(SignIn.PathFor(http.Request));
        return Task.CompletedTask;
    }

    private sealed class BearerHandler(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, TokenCheck check)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
    {
        // The scheme's case doesn't matter (RFC 9110).
        private const string Prefix = "Bearer ";

        /// <summary>Whether a request brings a bearer's token, right or wrong.</summary>
        public static bool IsMeant(HttpRequest request) =>
            request.Headers.Authorization.ToString().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var rights = IsMeant(Request)
                ? check.RightsOf(Request.Headers.Authorization.ToString()[Prefix.Length..].Trim())
                : Rights.None;
            return Task.FromResult(rights != Rights.None
                ? AuthenticateResult.Success(new(Caller(Bearer, rights), Bearer))
                : AuthenticateResult.NoResult());
        }

        protected override Task HandleChallengeAsync(AuthenticationProperties properties) => RefuseAsync(Context);
    }
}

/// <summary>What somebody may do.</summary>
internal enum Rights
{
    None,

    /// <summary>Look at everything and change nothing.</summary>
    Look,

    Act,
}

/// <summary>Tells the service's tokens from any other text, in a time that tells nothing of them.</summary>
internal sealed class TokenCheck(Secret? token, Secret? readToken)
{
    private readonly byte[]? acting = HashOf(token), looking = HashOf(readToken);

    /// <summary>Whether there is a token to be shown.</summary>
    public bool IsNeeded => acting is not null;

    /// <summary>What whoever shows this text may do.</summary>
    public Rights RightsOf(string given)
    {
        var hash = Hash(given);
        if (Is(acting, hash)) return Rights.Act;
        return Is(looking, hash) ? Rights.Look : Rights.None;
    }

    private static bool Is(byte[]? expected, byte[] given) =>
        expected is not null && CryptographicOperations.FixedTimeEquals(given, expected);

    private static byte[]? HashOf(Secret? token) => token is null ? null : Hash(token.Reveal());

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}

/// <summary>
/// Seals cookies with keys that follow from the tokens: they outlive a restart, hold on every machine that has the
/// tokens, and end with either.
/// </summary>
internal sealed class TokenProtector : IDataProtectionProvider, IDataProtector
{
    private const int KeyLength = 32;

    private readonly byte[] key;

    // A token has no space in it.
    public TokenProtector(Secret token, Secret? readToken)
        : this(Encoding.UTF8.GetBytes($"{token.Reveal()} {readToken?.Reveal()}"), "Heat Up") { }

    private TokenProtector(byte[] secret, string purpose) =>
        key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, KeyLength, info: Encoding.UTF8.GetBytes(purpose));

    public IDataProtector CreateProtector(string purpose) => new TokenProtector(key, purpose);

    public byte[] Protect(byte[] plaintext)
    {
        using var cipher = Cipher();
        var (nonce, tag) = (RandomNumberGenerator.GetBytes(NonceLength), new byte[TagLength]);
        var text = new byte[plaintext.Length];
        cipher.Encrypt(nonce, plaintext, text, tag);
        return [.. nonce, .. tag, .. text];
    }

    /// <exception cref="CryptographicException">It was sealed with another token, or changed.</exception>
    public byte[] Unprotect(byte[] protectedData)
    {
        if (protectedData.Length < NonceLength + TagLength) throw new CryptographicException("It is too short.");
        using var cipher = Cipher();
        var nonce = protectedData.AsSpan(0, NonceLength);
        var rest = protectedData.AsSpan(NonceLength);
        var plain = new byte[rest.Length - TagLength];
        cipher.Decrypt(nonce, rest[TagLength..], rest[..TagLength], plain);
        return plain;
    }

    private static int NonceLength => AesGcm.NonceByteSizes.MaxSize;

    private static int TagLength => AesGcm.TagByteSizes.MaxSize;

    private AesGcm Cipher() => new(key, TagLength);
}
