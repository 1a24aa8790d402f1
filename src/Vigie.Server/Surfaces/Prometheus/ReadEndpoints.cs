using System.Buffers;
using System.Diagnostics.Metrics;
using Vigie.Protocols;
using Vigie.Protocols.Compression;
using Vigie.Protocols.RemoteRead;
using Vigie.Remote;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>POST /api/v1/read: remote read (Prometheus, docs/querying/remote_read_api.md), with samples or with streamed chunks.</summary>
sealed class ReadEndpoints
{
    /// <summary>Largest request once decompressed.</summary>
    const int RequestBytesMax = 32 << 20;

    readonly PrometheusServices _services;
    readonly RemoteReadServer _server;
    readonly SemaphoreSlim? _places;
    readonly Meter _meter = new("Vigie.Server");
    int _active;

    public ReadEndpoints(PrometheusServices services)
    {
        _services = services;
        var options = services.Options;
        _server = new RemoteReadServer(services.Store, options.RemoteReadSamplesMax, options.RemoteReadFrameBytesMax);
        _places = options.RemoteReadConcurrencyMax > 0 ? new SemaphoreSlim(options.RemoteReadConcurrencyMax) : null;
        _meter.CreateObservableGauge("prometheus_remote_read_handler_queries", () => Volatile.Read(ref _active), null,
            "Remote read queries that are answered or wait.");
    }

    public void Map(IEndpointRouteBuilder routes) => routes.MapApi("/api/v1/read", ["POST"], ReadAsync);

    async Task ReadAsync(HttpContext http)
    {
        Interlocked.Increment(ref _active);
        bool hasPlace = false;
        try
        {
            if (_places is not null) await _places.WaitAsync(http.RequestAborted);
            hasPlace = _places is not null;
            await AnswerAsync(http, await RequestOfAsync(http));
        }
        catch (Exception problem) when (problem is ProtocolException or RemoteReadException && !http.Response.HasStarted)
        {
            await JsonApi.TextAsync(http, StatusCodes.Status400BadRequest, problem.Message + "\n");
        }
        finally
        {
            if (hasPlace) _places!.Release();
            Interlocked.Decrement(ref _active);
        }
    }

    static async Task<RemoteReadRequest> RequestOfAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var block = body.GetBuffer().AsSpan(0, (int)body.Length);
        byte[] message = new byte[SnappyBlock.DecodedLength(block, RequestBytesMax)];
        SnappyBlock.Decode(block, message);
        return RemoteReadRequest.Read(message);
    }

    async Task AnswerAsync(HttpContext http, RemoteReadRequest request)
    {
        var externalLabels = _services.Configuration.Prometheus.Global.ExternalLabels;
        if (RemoteReadServer.Negotiate(request) == RemoteReadResponseType.Samples)
        {
            byte[] answer = _server.Samples(request, externalLabels, http.RequestAborted);
            http.Response.ContentType = "application/x-protobuf";
            http.Response.Headers.ContentEncoding = "snappy";
            await http.Response.Body.WriteAsync(answer, http.RequestAborted);
            return;
        }
        http.Response.ContentType = "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse";
        await http.Response.StartAsync(http.RequestAborted);
        var output = http.Response.BodyWriter;
        await _server.StreamAsync(request, externalLabels, output, async () => await output.FlushAsync(http.RequestAborted), http.RequestAborted);
    }
}
