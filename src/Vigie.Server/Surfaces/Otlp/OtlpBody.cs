using System.IO.Compression;

namespace Vigie.Server.Surfaces.Otlp;

/// <summary>A request that is refused before its content is looked at, with the status it is answered with.</summary>
sealed class OtlpRequestException(int statusCode, string message) : Exception(message)
{
    public int StatusCode { get; } = statusCode;
}

/// <summary>Reads request bodies, bounded, unpacked.</summary>
static class OtlpBody
{
    /// <summary>Largest body, as sent and once unpacked.</summary>
    public const int BytesMax = 32 << 20;

    /// <exception cref="OtlpRequestException">An unknown or damaged encoding, or a body too large.</exception>
    public static async Task<PooledBody> ReadAsync(HttpContext http)
    {
        string encoding = http.Request.Headers.ContentEncoding.ToString();
        var body = new PooledBody((int)Math.Clamp(http.Request.ContentLength ?? 0, 4 << 10, BytesMax));
        bool complete = false;
        try
        {
            switch (encoding)
            {
                case "" or "identity":
                    await CopyAsync(http.Request.Body, body, http.RequestAborted);
                    break;
                case "gzip":
                    await using (var gzip = new GZipStream(http.Request.Body, CompressionMode.Decompress, leaveOpen: true))
                        await CopyAsync(gzip, body, http.RequestAborted);
                    break;
                default:
                    throw new OtlpRequestException(StatusCodes.Status415UnsupportedMediaType,
                        $"unsupported compression: {encoding}. Only \"gzip\" or no compression supported");
            }
            complete = true;
            return body;
        }
        catch (InvalidDataException problem)
        {
            throw new OtlpRequestException(StatusCodes.Status400BadRequest, $"found a body that is no gzip: {problem.Message}");
        }
        catch (BadHttpRequestException problem)
        {
            bool tooLarge = problem.StatusCode == StatusCodes.Status413PayloadTooLarge;
            throw new OtlpRequestException(problem.StatusCode, tooLarge ? TooLarge : Http.RequestFailure.TextOf(problem));
        }
        finally
        {
            if (!complete) body.Dispose();
        }
    }

    static string TooLarge => $"found a body of more than {BytesMax} bytes; send fewer points at once";

    static async Task CopyAsync(Stream from, PooledBody to, CancellationToken cancellation)
    {
        while (true)
        {
            int read = await from.ReadAsync(to.Free, cancellation);
            if (read == 0) return;
            to.Length += read;
            if (to.Length > BytesMax) throw new OtlpRequestException(StatusCodes.Status413PayloadTooLarge, TooLarge);
        }
    }
}

/// <summary>A body in a buffer of the pool, which <see cref="Dispose"/> gives back.</summary>
sealed class PooledBody(int capacity) : IDisposable
{
    byte[] _bytes = System.Buffers.ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Where more can be read to; never empty.</summary>
    public Memory<byte> Free
    {
        get
        {
            if (Length == _bytes.Length)
            {
                byte[] larger = System.Buffers.ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
                Bytes.CopyTo(larger);
                System.Buffers.ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = larger;
            }
            return _bytes.AsMemory(Length);
        }
    }

    public void Dispose()
    {
        System.Buffers.ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }
}
