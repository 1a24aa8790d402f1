using Microsoft.AspNetCore.Http;
using Vigie.Dashboards;
using Vigie.Server.Access;

namespace Vigie.Server.Surfaces.Grafana;

/// <summary>
/// Who is asking: by session cookie, or by HTTP Basic as scripts do. Requests that change something and come with a cookie must come from
/// this origin, which together with the cookie's SameSite keeps other sites from acting for the user.
/// </summary>
public sealed class SessionGuard(UserStore? users)
{
    const string CookieName = "vigie_session";

    static readonly object UserKey = new();
    static readonly User Everybody = new(0, "anonymous", "Admin", MustChangePassword: false);

    /// <summary>False with <c>--web.auth=off</c>.</summary>
    internal bool IsEnabled => users is not null;

    internal static User? UserOf(HttpContext http) => http.Items.TryGetValue(UserKey, out var user) ? (User?)user : null;

    internal static string? TokenOf(HttpContext http) => http.Request.Cookies[CookieName];

    internal async Task RunAsync(HttpContext http, RequestDelegate next, bool evenWithFirstPassword)
    {
        var user = users is null ? Everybody : FindUser(http);
        if (user is null)
        {
            if (!http.Response.HasStarted) await GrafanaSurface.WriteError(http, StatusCodes.Status401Unauthorized, "Unauthorized");
        }
        else if (!IsSafe(http.Request) && !IsSameOrigin(http.Request))
        {
            await GrafanaSurface.WriteError(http, StatusCodes.Status403Forbidden, "request from another site refused");
        }
        else if (user.MustChangePassword && !evenWithFirstPassword)
        {
            await GrafanaSurface.WriteError(http, StatusCodes.Status403Forbidden, "the first password must be changed: sign in at / or PUT /api/user/password");
        }
        else
        {
            http.Items[UserKey] = user;
            await next(http);
        }
    }

    User? FindUser(HttpContext http)
    {
        if (TokenOf(http) is { } token && users!.FindBySession(token) is { } user) return user;
        return BasicCredentials.Of(http.Request) is var (login, password) ? users!.Verify(login, password, ClientOf(http)).User : null;
    }

    internal static void SetCookie(HttpContext http, string token, TimeSpan lifetime) => http.Response.Cookies.Append(CookieName, token, new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = http.Request.IsHttps,
        Path = "/",
        MaxAge = lifetime,
    });

    internal static void ClearCookie(HttpContext http) => http.Response.Cookies.Delete(CookieName, new() { Path = "/" });

    internal static string ClientOf(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    static bool IsSafe(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);

    /// <summary>Browsers say where a request comes from; programs that say nothing carry no foreign user's cookie.</summary>
    internal static bool IsSameOrigin(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site) return site is "same-origin" or "none";
        if (request.Headers.Origin.ToString() is not { Length: > 0 } origin) return true;
        return Uri.TryCreate(origin, UriKind.Absolute, out var from) && request.Host.HasValue
            && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }
}
