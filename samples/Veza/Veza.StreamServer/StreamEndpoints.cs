using System.Text.Json;
using Veza.Shared;

namespace Veza.StreamServer;

/// <summary>Streams over HTTP.</summary>
public static class StreamEndpoints
{
    const int NameCharsMax = 100;
    const int BitrateBpsMax = 10_000_000;
    const int SegmentBytesMax = 64 * 1024;
    const int BitsPerByte = 8;
    static readonly TimeSpan s_manifestFor = TimeSpan.FromMinutes(10);
    static readonly byte[] s_silence = new byte[SegmentBytesMax];

    public static void MapStreams(this WebApplication app)
    {
        app.MapPost("/api/streams", async (string title, int bitrate, Streams streams, Cache cache, Database database, CancellationToken stopping) =>
        {
            if (!IsName(title) || bitrate is <= 0 or > BitrateBpsMax) return Results.BadRequest();
            var stream = await streams.StartAsync(title, bitrate, stopping);
            if (stream is null) return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            await ManifestAsync(stream, cache, database, stopping);
            return Results.Created($"/api/streams/{stream.Id}", new { stream.Id });
        });

        app.MapDelete("/api/streams/{id}", async (string id, Streams streams, Cache cache, CancellationToken stopping) =>
        {
            cache.Delete("manifest:" + id);
            return await streams.StopAsync(id, stopping) ? Results.NoContent() : Results.NotFound();
        });

        app.MapGet("/api/streams", (Streams streams) => streams.Live.Select(stream => new { stream.Id, stream.Title, stream.BitrateBps }));

        app.MapGet("/api/streams/{id}/manifest", async (string id, Streams streams, Cache cache, Database database, CancellationToken stopping) =>
        {
            return streams.Find(id) is { } stream
                ? Results.Text(await ManifestAsync(stream, cache, database, stopping), "application/json")
                : Results.NotFound();
        });

        app.MapPost("/api/streams/{id}/viewers/{session}", (string id, string session, Streams streams) =>
        {
            if (!IsName(session)) return Results.BadRequest();
            if (streams.Find(id) is not { } stream) return Results.NotFound();
            return Results.StatusCode(streams.TryJoin(stream, session)
                ? StatusCodes.Status204NoContent
                : StatusCodes.Status503ServiceUnavailable);
        });

        app.MapDelete("/api/streams/{id}/viewers/{session}", (string id, string session, Streams streams) =>
            streams.Find(id)?.Viewers.TryRemove(session, out _) == true ? Results.NoContent() : Results.NotFound());

        app.MapGet("/api/streams/{id}/segments/latest", async (string id, Streams streams, Cache cache, Database database, CancellationToken stopping) =>
        {
            if (streams.Find(id) is not { } stream) return Results.NotFound();
            await ManifestAsync(stream, cache, database, stopping); // a segment is made for what the manifest promises
            var bytes = Math.Clamp((int)(stream.BitrateBps / BitsPerByte), 1, SegmentBytesMax);
            return Results.Bytes(s_silence.AsMemory(0, bytes), "audio/mpeg");
        });
    }

    static Task<string?> ManifestAsync(LiveStream stream, Cache cache, Database database, CancellationToken stopping) =>
        cache.GetOrLoadAsync("manifest:" + stream.Id, s_manifestFor, async () => await database.SelectAsync("streams",
            () => JsonSerializer.Serialize(new { stream.Id, stream.Title, stream.TargetBps }, JsonSerializerOptions.Web), stopping));

    static bool IsName(string? name) => name is { Length: > 0 and <= NameCharsMax };
}
