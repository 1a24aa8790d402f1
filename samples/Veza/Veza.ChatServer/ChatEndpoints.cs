namespace Veza.ChatServer;

/// <summary>The chat over WebSocket and HTTP.</summary>
public static class ChatEndpoints
{
    const int NameCharsMax = 64;

    public static void MapChat(this WebApplication app)
    {
        app.MapGet("/ws", async (HttpContext http, Sockets sockets, Rooms rooms, string? room, string? user) =>
        {
            if (!http.WebSockets.IsWebSocketRequest || !IsName(room) || !IsName(user))
            {
                http.Response.StatusCode = StatusCodes.Status400BadRequest;
                return;
            }
            if (rooms.Open(room!) is { } opened) await sockets.ServeAsync(http, user!, room!, opened);
            else http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        });

        app.MapGet("/api/rooms", (Rooms rooms) => rooms.Names);

        app.MapGet("/api/rooms/{room}/messages", async (string room, Rooms rooms, CancellationToken stopping) =>
            await rooms.HistoryAsync(room, stopping) is { } history ? Results.Text(history, "application/json") : Results.NotFound());

        app.MapPost("/api/rooms/{room}/messages", (string room, PostedMessage posted, MessageQueue queue, Moderation moderation, TimeProvider clock) =>
        {
            if (!IsName(room) || !IsName(posted.User) || string.IsNullOrEmpty(posted.Text)) return Results.BadRequest();
            if (moderation.IsBanned(posted.User)) return Results.StatusCode(StatusCodes.Status403Forbidden);
            if (!moderation.Accepts(posted.User, posted.Text)) return Results.UnprocessableEntity(new { error = "refused by moderation" });
            var message = new ChatMessage(room, posted.User, posted.Text, clock.GetUtcNow().ToUnixTimeMilliseconds());
            return queue.TryAdd(message, "http") ? Results.Accepted() : Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        });
    }

    static bool IsName(string? name) => name is { Length: > 0 and <= NameCharsMax };

    sealed record PostedMessage(string User, string Text);
}
