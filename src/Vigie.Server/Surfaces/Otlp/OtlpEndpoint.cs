using Vigie.Model;
using Vigie.Protocols;
using Vigie.Protocols.Otlp;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Otlp;

/// <summary>How an endpoint answers what is not plain success.</summary>
enum OtlpManners
{
    /// <summary>google.rpc.Status and partial success, as the OTLP specification has it.</summary>
    Otlp,
    /// <summary>Prometheus' plain texts; samples with wrong times are answered with 400, so that they are not sent again.</summary>
    Prometheus,
}

/// <summary>POST of an ExportMetricsServiceRequest, as protobuf or JSON.</summary>
sealed class OtlpEndpoint(OtlpIngest ingest, OtlpManners manners)
{
    const string Protobuf = "application/x-protobuf", Json = "application/json";

    public async Task WriteAsync(HttpContext http)
    {
        string mediaType = (http.Request.ContentType ?? "").Split(';')[0].Trim();
        bool json = mediaType.Equals(Json, StringComparison.OrdinalIgnoreCase);
        try
        {
            if (!json && !mediaType.Equals(Protobuf, StringComparison.OrdinalIgnoreCase))
                throw new OtlpRequestException(StatusCodes.Status415UnsupportedMediaType,
                    $"unsupported content type: {mediaType}, supported: [{Json}, {Protobuf}]");
            using var body = await OtlpBody.ReadAsync(http);
            var outcome = Append(body, json);
            if (outcome.WrongTimes && manners == OtlpManners.Prometheus)
                throw new OtlpRequestException(StatusCodes.Status400BadRequest, outcome.Problem!);
            await OtlpAnswers.MetricsAsync(http, json, outcome);
        }
        catch (OtlpRequestException problem)
        {
            await FailAsync(http, json, problem.StatusCode, problem.Message);
        }
        catch (ProtocolException problem)
        {
            await FailAsync(http, json, StatusCodes.Status400BadRequest, problem.Message);
        }
        catch (StoreUnavailableException problem)
        {
            await FailAsync(http, json, StatusCodes.Status503ServiceUnavailable, problem.Message);
        }
    }

    /// <summary>Numbers can be longer as protobuf than as JSON.</summary>
    OtlpOutcome Append(PooledBody body, bool json) =>
        ingest.Append(json ? OtlpJson.MetricsToProtobuf(body.Bytes, OtlpBody.BytesMax * 4) : body.Bytes);

    Task FailAsync(HttpContext http, bool json, int statusCode, string message)
    {
        if (manners == OtlpManners.Otlp) return OtlpAnswers.FailAsync(http, json, statusCode, message);
        // Upstream knows only the caller's mistakes and its own.
        if (statusCode == StatusCodes.Status415UnsupportedMediaType) statusCode = StatusCodes.Status400BadRequest;
        return JsonApi.TextAsync(http, statusCode, message + "\n");
    }
}
