using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Vigie.Server.Hosting;

/// <summary>
/// What a client may take of the web server: all limits of Kestrel that are not left to it, on every surface. How many connections there may be
/// is <see cref="ConnectionGate"/>'s.
/// </summary>
static class ConnectionLimits
{
    /// <summary>Largest request body: that of Prometheus' remote write, and more than any API call needs.</summary>
    public const long RequestBodyBytesMax = 32 << 20;

    /// <summary>As Go's server has it: queries in a URL may be long.</summary>
    public const int RequestLineBytesMax = 1 << 20;

    public const int RequestHeadersBytesMax = 64 << 10;

    /// <summary>Longest a client may take for the head of a request, and for a TLS handshake, if <c>--web.read-timeout</c> is not shorter.</summary>
    static readonly TimeSpan s_headersTimeMax = TimeSpan.FromSeconds(30);

    /// <summary>Kestrel looks at rates once a second.</summary>
    static readonly TimeSpan s_bodyTimeoutMin = TimeSpan.FromMilliseconds(1001);

    /// <summary>A client that does not read its answer holds memory: it has 5 s, then must take this much on average.</summary>
    static readonly MinDataRate s_answerRateMin = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    /// <param name="readTimeout">
    /// <c>--web.read-timeout</c>: longest wait for the next request of a connection, and for the whole body of a request.
    /// </param>
    public static void Apply(KestrelServerLimits limits, TimeSpan readTimeout)
    {
        limits.KeepAliveTimeout = readTimeout;
        limits.RequestHeadersTimeout = HandshakeTimeout(readTimeout);
        limits.MaxRequestBodySize = RequestBodyBytesMax;
        // No body is larger than the largest, so none that takes longer than the timeout can have this rate.
        var bodyTimeMax = readTimeout > s_bodyTimeoutMin ? readTimeout : s_bodyTimeoutMin;
        limits.MinRequestBodyDataRate = new MinDataRate(RequestBodyBytesMax / bodyTimeMax.TotalSeconds, bodyTimeMax);
        limits.MinResponseDataRate = s_answerRateMin;
        limits.MaxRequestLineSize = RequestLineBytesMax;
        limits.MaxRequestHeadersTotalSize = RequestHeadersBytesMax;
        limits.MaxRequestHeaderCount = 100;
        // What is read ahead of the application, and what is written ahead of the client: Kestrel's own defaults, except that a request line must fit.
        limits.MaxRequestBufferSize = RequestLineBytesMax;
        limits.MaxResponseBufferSize = 64 << 10;
        limits.Http2.MaxStreamsPerConnection = 100;
    }

    public static TimeSpan HandshakeTimeout(TimeSpan readTimeout) => readTimeout < s_headersTimeMax ? readTimeout : s_headersTimeMax;
}
