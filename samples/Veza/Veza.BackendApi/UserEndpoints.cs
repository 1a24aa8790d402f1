using System.Text.Json;
using Veza.Shared;

namespace Veza.BackendApi;

/// <summary>Accounts over HTTP.</summary>
public static class UserEndpoints
{
    const int NameCharsMax = 64;
    const int PasswordCharsMax = 128;
    static readonly TimeSpan s_profileFor = TimeSpan.FromMinutes(10);

    public static void MapUsers(this WebApplication app)
    {
        app.MapPost("/api/users", async (Credentials credentials, Users users, CancellationToken stopping) =>
        {
            if (!credentials.IsValid) return Results.BadRequest(new { error = "name or password is missing or too long" });
            var user = await users.RegisterAsync(credentials.Name, credentials.Password, stopping);
            return user is null ? Results.Conflict(new { error = "name is taken" }) : Results.Created($"/api/users/{user.Id}", Profile(user));
        });

        app.MapPost("/api/login", async (Credentials credentials, Users users, HttpContext http, CancellationToken stopping) =>
        {
            if (!credentials.IsValid) return Results.BadRequest(new { error = "name or password is missing or too long" });
            var method = credentials.Method ?? "password";
            var token = await users.LogInAsync(credentials.Name, credentials.Password, method, ClientAddress.Of(http), stopping);
            return token is null ? Results.Json(new { error = "wrong name or password" }, statusCode: 401) : Results.Ok(new { token });
        });

        app.MapPost("/api/logout", async (Users users, HttpContext http, CancellationToken stopping) =>
        {
            if (users.Authenticate(http) is null) return Results.Unauthorized();
            await users.LogOutAsync(http.Request.Headers.Authorization.ToString()["Bearer ".Length..], stopping);
            return Results.NoContent();
        });

        app.MapGet("/api/users/{id:int}", async (int id, Users users, Cache cache, HttpContext http, CancellationToken stopping) =>
        {
            if (users.Authenticate(http) is null) return Results.Unauthorized();
            var profile = await cache.GetOrLoadAsync($"user:{id}", s_profileFor, async () =>
                await users.FindAsync(id, stopping) is { } user ? JsonSerializer.Serialize(Profile(user), JsonSerializerOptions.Web) : null);
            return profile is null ? Results.NotFound() : Results.Text(profile, "application/json");
        });
    }

    static object Profile(User user) => new { user.Id, user.Name, Plan = user.IsPremium ? "premium" : "free" };

    sealed record Credentials(string Name, string Password, string? Method)
    {
        public bool IsValid => Name is { Length: > 0 and <= NameCharsMax } && Password is { Length: > 0 and <= PasswordCharsMax };
    }
}
