using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Vigie.Dashboards;

namespace Vigie.Server.Surfaces.Grafana;

/// <summary>Signing in and out, and the signed-in user's own settings.</summary>
sealed class LoginEndpoints(UserStore? users, SessionGuard guard)
{
    const int BodyBytesMax = 16 << 10;

    /// <summary>Hashing a password takes a core for a third of a second; strangers get at most two cores at a time.</summary>
    readonly SemaphoreSlim _hashing = new(2);

    public async Task SignInAsync(HttpContext http)
    {
        if (users is null)
        {
            await GrafanaSurface.Write(http, new JsonObject { ["message"] = "Logged in", ["redirectUrl"] = "/" });
            return;
        }
        if (await ReadBodyAsync(http, LoginJson.Default.SignInBody) is not { } body) return;
        var result = await HashingAsync(http, () => users.SignIn(body.User ?? "", body.Password ?? "", SessionGuard.ClientOf(http)));
        switch (result.Outcome)
        {
            case SignInOutcome.SignedIn:
                SessionGuard.SetCookie(http, result.Token!, new UserStoreOptions().SessionLifetime);
                await GrafanaSurface.Write(http, new JsonObject
                {
                    ["message"] = "Logged in",
                    ["redirectUrl"] = "/",
                    ["mustChangePassword"] = result.User!.MustChangePassword,
                });
                break;
            case SignInOutcome.TooManyAttempts:
                http.Response.Headers.RetryAfter = Math.Ceiling(result.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                await GrafanaSurface.WriteError(http, StatusCodes.Status429TooManyRequests, "Too many failed attempts, try again later");
                break;
            default:
                await GrafanaSurface.WriteError(http, StatusCodes.Status401Unauthorized, "Invalid username or password");
                break;
        }
    }

    public Task SignOutAsync(HttpContext http)
    {
        if (!SessionGuard.IsSameOrigin(http.Request)) return GrafanaSurface.WriteError(http, StatusCodes.Status403Forbidden, "request from another site refused");
        if (SessionGuard.TokenOf(http) is { } token) users?.SignOut(token);
        SessionGuard.ClearCookie(http);
        http.Response.Redirect("/login");
        return Task.CompletedTask;
    }

    public Task UserAsync(HttpContext http)
    {
        var user = SessionGuard.UserOf(http)!;
        return GrafanaSurface.Write(http, new JsonObject
        {
            ["id"] = user.Id,
            ["login"] = user.Login,
            ["name"] = user.Login,
            ["email"] = "",
            ["orgId"] = 1,
            ["orgRole"] = user.Role,
            ["isGrafanaAdmin"] = user.Role == "Admin",
            ["mustChangePassword"] = user.MustChangePassword,
            ["authEnabled"] = guard.IsEnabled,
        });
    }

    public async Task ChangePasswordAsync(HttpContext http)
    {
        if (users is null)
        {
            await GrafanaSurface.WriteError(http, StatusCodes.Status400BadRequest, "signing in is switched off");
            return;
        }
        if (await ReadBodyAsync(http, LoginJson.Default.PasswordBody) is not { } body) return;
        var problem = await HashingAsync(http, () => users.ChangePassword(
            SessionGuard.UserOf(http)!.Login, body.OldPassword ?? "", body.NewPassword ?? "", SessionGuard.ClientOf(http), SessionGuard.TokenOf(http)));
        if (problem is null) await GrafanaSurface.Write(http, new JsonObject { ["message"] = "User password changed" });
        else await GrafanaSurface.WriteError(http, StatusCodes.Status400BadRequest, problem);
    }

    async Task<T> HashingAsync<T>(HttpContext http, Func<T> work)
    {
        await _hashing.WaitAsync(http.RequestAborted);
        try
        {
            return await Task.Run(work, http.RequestAborted);
        }
        finally
        {
            _hashing.Release();
        }
    }

    /// <returns>Null if the body was refused and the answer is written. Only JSON is read: a form of another site cannot send it.</returns>
    static async Task<T?> ReadBodyAsync<T>(HttpContext http, JsonTypeInfo<T> type) where T : class
    {
        if (!http.Request.HasJsonContentType())
        {
            await GrafanaSurface.WriteError(http, StatusCodes.Status415UnsupportedMediaType, "expected Content-Type: application/json");
            return null;
        }
        if (http.Request.ContentLength > BodyBytesMax)
        {
            await GrafanaSurface.WriteError(http, StatusCodes.Status413PayloadTooLarge, $"body is larger than {BodyBytesMax} bytes");
            return null;
        }
        try
        {
            if (http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
                limit.MaxRequestBodySize = BodyBytesMax;
            if (await http.Request.ReadFromJsonAsync(type, http.RequestAborted) is { } body) return body;
        }
        catch (JsonException)
        {
            // Answered below: the text may hold a password and is not repeated.
        }
        catch (BadHttpRequestException)
        {
            // Longer than the limit although it did not say so.
        }
        await GrafanaSurface.WriteError(http, StatusCodes.Status400BadRequest, "body is not the expected JSON object");
        return null;
    }
}

sealed record SignInBody(string? User, string? Password);

sealed record PasswordBody(string? OldPassword, string? NewPassword);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SignInBody))]
[JsonSerializable(typeof(PasswordBody))]
sealed partial class LoginJson : JsonSerializerContext;
