using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Vigie.Instrumentation;

/// <summary>Counts the bytes read of a request body that does not say its length.</summary>
sealed class CountingRequestBody : Stream
{
    readonly Stream _inner;

    CountingRequestBody(Stream inner) => _inner = inner;

    public long Bytes { get; private set; }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Puts itself in front of the body when it is needed; null when Content-Length tells the size, or there is no body.</summary>
    public static CountingRequestBody? Wrap(HttpContext context)
    {
        if (context.Request.ContentLength is not null) return null;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true) return null;
        var body = new CountingRequestBody(context.Request.Body);
        context.Request.Body = body;
        return body;
    }

    public override int Read(byte[] buffer, int offset, int count) => Count(_inner.Read(buffer, offset, count));

    public override int Read(Span<byte> buffer) => Count(_inner.Read(buffer));

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Count(await _inner.ReadAsync(buffer.AsMemory(offset, count), cancellationToken));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await _inner.ReadAsync(buffer, cancellationToken));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    int Count(int bytes)
    {
        Bytes += bytes;
        return bytes;
    }
}
