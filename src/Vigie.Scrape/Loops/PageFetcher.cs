using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Net;
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
    readonly bool _isPlain;
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
        var http = config.Http;
        _isPlain = http is { BasicAuth: null, Authorization: null, OAuth2: null, Headers.Count: 0 }
            && http.Proxy is { Url.Length: 0, FromEnvironment: false };
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

    /// <param name="connection">That of the target's loop.</param>
    /// <exception cref="ScrapeException">No page came; the message is Prometheus'.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public async ValueTask<FetchedPage> FetchAsync(
        TargetDefinition target, TargetConnection connection, int sizeHint, TimeProvider clock, CancellationToken stopping)
    {
        foreach (var local in _inProcess)
            if (local.Serves(target.Url)) return WriteInProcess(local, sizeHint);

        using var fetch = new FetchUnderWay(target.Timeout, clock, stopping);
        var page = new FetchedPage(sizeHint);
        bool done = false;
        try
        {
            if (!await TryFetchDirectlyAsync(target, connection, page, fetch, clock).ConfigureAwait(false))
                await FetchThroughClientAsync(target, page, fetch).ConfigureAwait(false);
            done = true;
            return page;
        }
        catch (Exception failure) when (failure is not ScrapeException)
        {
            stopping.ThrowIfCancellationRequested();
            string reason = fetch.HasTimedOut ? "context deadline exceeded" : FetchFailure.ReasonOf(failure, target.Url, fetch.HasAnswer);
            throw new ScrapeException(fetch.HasAnswer ? reason : $"Get {GoText.Quote(target.UrlText)}: {reason}")
            {
                Cause = ScrapeFailure.Fetch,
            };
        }
        finally
        {
            if (!done) page.Dispose();
        }
    }

    /// <returns>False if it takes the general client.</returns>
    async ValueTask<bool> TryFetchDirectlyAsync(TargetDefinition target, TargetConnection connection, FetchedPage page,
        FetchUnderWay fetch, TimeProvider clock)
    {
        if (!_isPlain || target.Url.Scheme != Uri.UriSchemeHttp || target.Url.UserInfo.Length > 0)
        {
            connection.Close();
            return false;
        }
        if (!connection.IsPreparedFor(target, this)) connection.Prepare(target, this, HeadersFor(target));
        if (connection.IsRedirected) return false;
        var head = await connection.GetAsync(page, fetch, clock, _bytesMax).ConfigureAwait(false);
        if (head.IsRedirect && _followsRedirects)
        {
            connection.IsRedirected = true;
            connection.Close();
            page.DropLast(page.Length);
            fetch.HasAnswer = false;
            return false;
        }
        if (head.Status != 200) throw RefusedBy(head.Status, head.Reason);
        page.ContentType = head.ContentType;
        if (!head.IsGzip) return true;
        using var zipped = new FetchedPage(0);
        zipped.Swap(page);
        Unzip(zipped, page);
        return true;
    }

    async Task FetchThroughClientAsync(TargetDefinition target, FetchedPage page, FetchUnderWay fetch)
    {
        using var request = RequestFor(target);
        using var response = await _client.SendAsync(request, fetch.Token).ConfigureAwait(false);
        fetch.HasAnswer = true;
        if (response.StatusCode != HttpStatusCode.OK) throw RefusedBy(response);
        await ReadBodyAsync(response.Content, page, fetch.Token).ConfigureAwait(false);
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
        foreach (var (name, value) in HeadersFor(target)) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    (string Name, string Value)[] HeadersFor(TargetDefinition target) =>
    [
        ("User-Agent", _userAgent),
        ("Accept", _accept),
        ("Accept-Encoding", _compression ? "gzip" : "identity"),
        ("X-Prometheus-Scrape-Timeout-Seconds", target.Timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)),
    ];

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
                TargetConnection.CheckLength(page.Length, _bytesMax);
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
            TargetConnection.CheckLength(page.Length, _bytesMax);
        }
    }

    static bool IsGzip(ICollection<string> encodings) =>
        encodings.Count == 1 && encodings.First().Equals("gzip", StringComparison.OrdinalIgnoreCase);

    ScrapeException RefusedBy(HttpResponseMessage response)
    {
        bool redirects = response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
        if (!redirects || !_followsRedirects || response.Headers.Location is not { } location)
            return RefusedBy((int)response.StatusCode, response.ReasonPhrase);
        return new ScrapeException($"Get {GoText.Quote(location.OriginalString)}: stopped after 10 redirects")
        {
            Cause = ScrapeFailure.Fetch,
        };
    }

    static ScrapeException RefusedBy(int status, string? reason) =>
        new(string.Create(CultureInfo.InvariantCulture, $"server returned HTTP status {status} {reason}")) { Cause = ScrapeFailure.Fetch };
}
