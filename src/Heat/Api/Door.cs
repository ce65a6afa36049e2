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
internal static class Door
{
    /// <summary>Programs: the token in each request's header.</summary>
    public const string Bearer = "Bearer";

    /// <summary>Browsers: the cookie that the sign-in page gives.</summary>
    public const string Cookie = "Cookie";

    /// <summary>How long a browser stays signed in.</summary>
    public static readonly TimeSpan SignedInFor = TimeSpan.FromDays(30);

    private const string Either = "Either";

    public static void AddDoor(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(new TokenCheck(settings.ApiToken));
        if (settings.ApiToken is { } token) services.AddSchemes(token);
    }

    // A method of its own: what it names is loaded with it, and most services have no token.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddSchemes(this IServiceCollection services, Secret token)
    {
        services.AddWebEncoders();
        // Not AddAuthentication: that makes a ring of keys on the disk, and a cookie's key follows from the token.
        services.AddSingleton<IDataProtectionProvider>(new TokenProtector(token));
        services.AddAuthenticationCore(options => options.DefaultScheme = Either);
        new AuthenticationBuilder(services)
            .AddPolicyScheme(Either, null, options => options.ForwardDefaultSelector = SchemeOf)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(Bearer, null)
            .AddCookie(Cookie, Configure);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder(Either).RequireAuthenticatedUser().Build());
    }

    public static void UseDoor(this WebApplication app, Settings settings)
    {
        if (settings.ApiToken is null) return;
        app.UseAuthentication();
        app.UseAuthorization();
    }

    /// <summary>Whoever has shown the token.</summary>
    public static ClaimsPrincipal Caller(string scheme) => new(new ClaimsIdentity(scheme));

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
            var isRight = IsMeant(Request)
                && check.IsRight(Request.Headers.Authorization.ToString()[Prefix.Length..].Trim());
            return Task.FromResult(isRight
                ? AuthenticateResult.Success(new(Caller(Bearer), Bearer))
                : AuthenticateResult.NoResult());
        }

        protected override Task HandleChallengeAsync(AuthenticationProperties properties) => RefuseAsync(Context);
    }
}

/// <summary>Tells the service's token from any other text, in a time that tells nothing of it.</summary>
internal sealed class TokenCheck(Secret? token)
{
    private readonly byte[]? expected = token is null ? null : Hash(token.Reveal());

    /// <summary>Whether there is a token to be shown.</summary>
    public bool IsNeeded => expected is not null;

    public bool IsRight(string given) =>
        expected is not null && CryptographicOperations.FixedTimeEquals(Hash(given), expected);

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}

/// <summary>
/// Seals cookies with keys that follow from the token: they outlive a restart, hold on every machine that has the
/// token, and end with it.
/// </summary>
internal sealed class TokenProtector : IDataProtectionProvider, IDataProtector
{
    private const int KeyLength = 32;

    private readonly byte[] key;

    public TokenProtector(Secret token) : this(Encoding.UTF8.GetBytes(token.Reveal()), "Heat Up") { }

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
