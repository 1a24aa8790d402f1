using Microsoft.AspNetCore.Connections;

namespace Vigie.Server.Access;

/// <summary>Tells a client that speaks HTTP to a port with TLS so, in the words of Go's server; it would see a closed connection otherwise.</summary>
static class PlainHttpAnswer
{
    const byte TlsHandshake = 0x16;

    static ReadOnlyMemory<byte> Answer { get; } =
        "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"u8.ToArray();

    /// <param name="timeout">Longest wait for the first byte.</param>
    public static void UsePlainHttpAnswer(this IConnectionBuilder listener, TimeSpan timeout) => listener.Use(next => async connection =>
    {
        if (await SpeaksTlsAsync(connection, timeout) is not { } isTls) return;
        if (isTls) await next(connection);
        else await connection.Transport.Output.WriteAsync(Answer, connection.ConnectionClosed);
    });

    /// <returns>Null: the client has said nothing, or has left.</returns>
    static async Task<bool?> SpeaksTlsAsync(ConnectionContext connection, TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout);
        try
        {
            var read = await connection.Transport.Input.ReadAsync(limit.Token);
            bool? isTls = read.Buffer.IsEmpty ? null : read.Buffer.FirstSpan[0] == TlsHandshake;
            connection.Transport.Input.AdvanceTo(read.Buffer.Start); // nothing is taken: who reads next sees it again
            return isTls;
        }
        catch (Exception problem) when (problem is IOException or OperationCanceledException)
        {
            return null;
        }
    }
}
