using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Vigie.Configuration.Prometheus;
using Vigie.Model;
using Vigie.Protocols.Exposition;

namespace Vigie.Scrape;

/// <summary>A page of a target served by this process, to be scraped without HTTP.</summary>
public interface IInProcessTarget
{
    bool Serves(Uri url);

    /// <summary>Writes the page as text 0.0.4.</summary>
    void Write(IBufferWriter<byte> output);
}

/// <summary>The bytes of one page in a pooled buffer; dispose it to give the buffer back.</summary>
sealed class FetchedPage : IBufferWriter<byte>, IDisposable
{
    byte[] _buffer;

    public FetchedPage(int sizeHint) => _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, 4096));

    public int Length { get; private set; }
    public int Capacity => _buffer.Length;
    public string? ContentType { get; set; }
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    public Stream AsStream() => new MemoryStream(_buffer, 0, Length, writable: false);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        int wanted = Math.Max(sizeHint, 1);
        if (_buffer.Length - Length < wanted)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, Length + wanted));
            Bytes.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        return _buffer.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Length = 0;
    }
}

/// <summary>
/// Fetches pages for the targets of one job. Safe for concurrent use. Its connections are closed when its owner has retired it and the last
/// fetch has ended: fetch between <see cref="TryUse"/> and <see cref="Release"/>.
/// </summary>
sealed class PageFetcher
{
    int _users = 1; // the owner is one

    /// <summary>Where no body_size_limit is set: a target must not exhaust the memory of the server.</summary>
    const long BodyBytesMax = 512L << 20;
    const int TypicalCompression = 8;
    static ReadOnlySpan<byte> GzipStart => [0x1f, 0x8b, 0x08];

    readonly HttpMessageInvoker _client;
    readonly IReadOnlyList<IInProcessTarget> _inProcess;
    readonly string _userAgent;
    readonly string _accept;
    readonly bool _compression;
    readonly bool _followsRedirects;
    readonly long _bytesMax;

    public PageFetcher(HttpMessageHandler handler, ScrapeConfig config, ScrapeOptions options)
    {
        _client = new HttpMessageInvoker(handler);
        _inProcess = options.InProcessTargets;
        _userAgent = options.UserAgent;
        var protocols = new List<ScrapeProtocol>();
        foreach (string name in config.ScrapeProtocols)
            if (ScrapeProtocols.TryParse(name, out var protocol)) protocols.Add(protocol);
        _accept = ScrapeProtocols.AcceptHeader(protocols, config.MetricNameEscaping);
        _compression = config.EnableCompression;
        _followsRedirects = config.Http.FollowRedirects;
        _bytesMax = config.Limits.BodyBytesMax > 0 ? Math.Min(config.Limits.BodyBytesMax, BodyBytesMax) : BodyBytesMax;
    }

    /// <returns>False if the fetcher is closed already: take the one that replaced it.</returns>
    public bool TryUse()
    {
        while (true)
        {
            int users = Volatile.Read(ref _users);
            if (users == 0) return false;
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users) return true;
        }
    }

    /// <summary>Ends a use; for the owner, once it has put another fetcher in place.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0) _client.Dispose();
    }

    /// <exception cref="ScrapeException">No page came; the message is Prometheus'.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public async Task<FetchedPage> FetchAsync(
        TargetDefinition target, int sizeHint, TimeProvider clock, CancellationToken stopping)
    {
        foreach (var local in _inProcess)
            if (local.Serves(target.Url)) return WriteInProcess(local, sizeHint);

        using var timeout = new CancellationTokenSource(target.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        using var request = RequestFor(target);
        bool connected = false;
        var page = new FetchedPage(sizeHint);
        try
        {
            using var response = await _client.SendAsync(request, either.Token).ConfigureAwait(false);
            connected = true;
            if (response.StatusCode != HttpStatusCode.OK) throw new ScrapeException(ReasonOf(response)) { Cause = ScrapeFailure.Fetch };
            await ReadBodyAsync(response.Content, page, either.Token).ConfigureAwait(false);
            return page;
        }
        catch (Exception failure) when (failure is not ScrapeException)
        {
            page.Dispose();
            stopping.ThrowIfCancellationRequested();
            string reason = timeout.IsCancellationRequested ? "context deadline exceeded" : ReasonOf(failure, target.Url, connected);
            throw new ScrapeException(connected ? reason : $"Get {GoText.Quote(target.UrlText)}: {reason}") { Cause = ScrapeFailure.Fetch };
        }
        catch
        {
            page.Dispose();
            throw;
        }
    }

    static FetchedPage WriteInProcess(IInProcessTarget target, int sizeHint)
    {
        var page = new FetchedPage(sizeHint) { ContentType = "text/plain; version=0.0.4; charset=utf-8" };
        target.Write(page);
        return page;
    }

    HttpRequestMessage RequestFor(TargetDefinition target)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, target.Url);
        request.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
        request.Headers.TryAddWithoutValidation("Accept", _accept);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", _compression ? "gzip" : "identity");
        string seconds = target.Timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        request.Headers.TryAddWithoutValidation("X-Prometheus-Scrape-Timeout-Seconds", seconds);
        return request;
    }

    async Task ReadBodyAsync(HttpContent content, FetchedPage page, CancellationToken cancellation)
    {
        page.ContentType = content.Headers.TryGetValues("Content-Type", out var types) ? types.FirstOrDefault() : null;
        var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using var body = stream.ConfigureAwait(false);
        if (!IsGzip(content.Headers.ContentEncoding))
        {
            await ReadAllAsync(stream, page, cancellation).ConfigureAwait(false);
            return;
        }
        using var zipped = new FetchedPage(page.Capacity / TypicalCompression);
        await ReadAllAsync(stream, zipped, cancellation).ConfigureAwait(false);
        Unzip(zipped, page);
    }

    /// <exception cref="ScrapeException">Not gzip (RFC 1952), or not all of it.</exception>
    void Unzip(FetchedPage zipped, FetchedPage page)
    {
        const int HeaderLength = 10, TrailerLength = 8;
        bool complete = zipped.Length >= HeaderLength + TrailerLength;
        if (complete)
        {
            using var unzipping = new GZipStream(zipped.AsStream(), CompressionMode.Decompress);
            while (true)
            {
                int read = unzipping.Read(page.GetSpan());
                if (read == 0) break;
                page.Advance(read);
                CheckLength(page);
            }
            // GZipStream takes a cut stream for a short one: the length at the end tells. Of several members it is that of the last.
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(zipped.Bytes[^4..]);
            complete = length == (uint)page.Length || zipped.Bytes[1..].IndexOf(GzipStart) >= 0;
        }
        if (!complete) throw new ScrapeException("unexpected EOF") { Cause = ScrapeFailure.Fetch };
    }

    async Task ReadAllAsync(Stream stream, FetchedPage page, CancellationToken cancellation)
    {
        while (true)
        {
            int read = await stream.ReadAsync(page.GetMemory(), cancellation).ConfigureAwait(false);
            if (read == 0) return;
            page.Advance(read);
            CheckLength(page);
        }
    }

    void CheckLength(FetchedPage page)
    {
        if (page.Length >= _bytesMax) throw new ScrapeException("body size limit exceeded") { Cause = ScrapeFailure.BodySize };
    }

    static bool IsGzip(ICollection<string> encodings) =>
        encodings.Count == 1 && encodings.First().Equals("gzip", StringComparison.OrdinalIgnoreCase);

    string ReasonOf(HttpResponseMessage response)
    {
        bool redirects = response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
        if (redirects && _followsRedirects && response.Headers.Location is { } location)
            return $"Get {GoText.Quote(location.OriginalString)}: stopped after 10 redirects";
        return string.Create(CultureInfo.InvariantCulture,
            $"server returned HTTP status {(int)response.StatusCode} {response.ReasonPhrase}");
    }

    /// <summary>What Go's HTTP client says of such a failure: people know and search for these texts.</summary>
    static string ReasonOf(Exception failure, Uri url, bool connected)
    {
        string dialled = $"{(url.Host == "localhost" ? "127.0.0.1" : url.Host)}:{url.Port}";
        for (Exception? at = failure; at is not null; at = at.InnerException)
        {
            switch (at)
            {
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return $"dial tcp {dialled}: connect: connection refused";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return $"dial tcp: lookup {url.Host}: no such host";
                case SocketException { SocketErrorCode: SocketError.HostUnreachable }:
                    return $"dial tcp {dialled}: connect: no route to host";
                case SocketException { SocketErrorCode: SocketError.NetworkUnreachable }:
                    return $"dial tcp {dialled}: connect: network is unreachable";
                case SocketException { SocketErrorCode: SocketError.ConnectionReset }:
                    return $"read tcp {dialled}: read: connection reset by peer";
                case HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }:
                    return connected ? "unexpected EOF" : "EOF";
                case HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse }:
                    return "net/http: HTTP/1.x transport connection broken: malformed HTTP response";
                case AuthenticationException when at.Message.Contains("frame", StringComparison.Ordinal):
                    return "tls: first record does not look like a TLS handshake";
                case AuthenticationException when at.Message.Contains("NameMismatch", StringComparison.Ordinal):
                    return $"tls: failed to verify certificate: x509: certificate is not valid for {url.Host}";
                case AuthenticationException when at.Message.Contains("UntrustedRoot", StringComparison.Ordinal)
                    || at.Message.Contains("PartialChain", StringComparison.Ordinal):
                    return "tls: failed to verify certificate: x509: certificate signed by unknown authority";
                case InvalidDataException:
                    return at.Message.Contains("method", StringComparison.Ordinal) ? "gzip: invalid header" : "unexpected EOF";
            }
        }
        return failure.InnerException?.Message ?? failure.Message;
    }
}
