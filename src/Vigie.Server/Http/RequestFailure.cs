using Microsoft.AspNetCore.Connections;

namespace Vigie.Server.Http;

/// <summary>Failures while a request is read that are the client's, not ours.</summary>
static class RequestFailure
{
    /// <summary>The client has left in the middle of its request or of our answer: nobody reads what we say.</summary>
    public static bool IsDeparture(HttpContext http, Exception problem) =>
        // A reset may be seen by who reads the body before the request counts as aborted.
        problem is ConnectionResetException or ConnectionAbortedException
        || (problem is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested);

    /// <summary>What is wrong with a request in the words of this program.</summary>
    public static string TextOf(BadHttpRequestException problem) => problem.StatusCode switch
    {
        StatusCodes.Status408RequestTimeout => "the request body did not arrive within --web.read-timeout",
        StatusCodes.Status413PayloadTooLarge => $"found a body of more than {Hosting.ConnectionLimits.RequestBodyBytesMax} bytes, expected less",
        _ => problem.Message,
    };
}
