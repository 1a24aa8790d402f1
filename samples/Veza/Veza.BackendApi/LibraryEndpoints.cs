using System.Text.Json;
using Veza.Shared;

namespace Veza.BackendApi;

/// <summary>Tracks, uploads, search and playlists over HTTP.</summary>
public static class LibraryEndpoints
{
    const long UploadBytesMax = 10_000_000;
    const int TextCharsMax = 200;
    static readonly TimeSpan s_trackFor = TimeSpan.FromMinutes(15);
    static readonly TimeSpan s_searchFor = TimeSpan.FromMinutes(5);

    public static void MapLibrary(this WebApplication app)
    {
        app.MapGet("/api/tracks/{id:int}", async (int id, Library library, Users users, Cache cache, HttpContext http, CancellationToken stopping) =>
        {
            users.Authenticate(http);
            var track = await cache.GetOrLoadAsync($"track:{id}", s_trackFor, async () =>
                await library.FindAsync(id, stopping) is { } found ? JsonSerializer.Serialize(found, JsonSerializerOptions.Web) : null);
            return track is null ? Results.NotFound(new { error = "no such track" }) : Results.Text(track, "application/json");
        });

        app.MapGet("/api/search", async (string q, Library library, Users users, Cache cache, HttpContext http, CancellationToken stopping) =>
        {
            users.Authenticate(http);
            if (q.Length is 0 or > TextCharsMax) return Results.BadRequest(new { error = $"q: expected 1 to {TextCharsMax} characters" });
            var found = await cache.GetOrLoadAsync($"search:{q}", s_searchFor, async () =>
                JsonSerializer.Serialize(await library.SearchAsync(q, stopping), JsonSerializerOptions.Web));
            return Results.Text(found, "application/json");
        });

        app.MapPost("/api/tracks", async (string title, Library library, Users users, HttpContext http, CancellationToken stopping) =>
        {
            if (users.Authenticate(http) is null) return Results.Unauthorized();
            if (title.Length is 0 or > TextCharsMax) return Results.BadRequest(new { error = $"title: expected 1 to {TextCharsMax} characters" });
            if (await ReadAsync(http.Request.Body, stopping) is not { } bytes) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
            var track = await library.UploadAsync(title, http.Request.ContentType ?? "", bytes, stopping);
            return Results.Created($"/api/tracks/{track.Id}", track);
        });

        app.MapPost("/api/playlists", async (Library library, Users users, HttpContext http, CancellationToken stopping) =>
        {
            if (users.Authenticate(http) is null) return Results.Unauthorized();
            var id = await library.CreatePlaylistAsync(stopping);
            return Results.Created($"/api/playlists/{id}", new { id });
        });
    }

    /// <summary>Reads a body to its end and gives its size; null above the limit.</summary>
    static async Task<long?> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        var total = 0L;
        while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            total += read;
            if (total > UploadBytesMax) return null;
        }
        return total;
    }
}
