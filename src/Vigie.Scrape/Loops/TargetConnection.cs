using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Vigie.Scrape;

/// <summary>
/// A kept HTTP/1.1 connection to one target, without encryption, proxy or credentials: what most targets need, at a fraction of the cost of
/// the general client. Belongs to one loop; not thread-safe.
/// </summary>
/// <remarks>
/// A target that answers within <see cref="PatienceUs"/> is waited for on the thread at hand: cheaper than to be called back. The number of
/// threads that wait so is bounded; others, slow targets, and loops that are late (<see cref="MayWait"/>) wait without a thread.
/// </remarks>
sealed class TargetConnection : IDisposable
{
    const int PatienceUs = 8000;
    /// <summary>As in the general client, so that a changed address of the target is noticed.</summary>
    static readonly TimeSpan AgeMax = TimeSpan.FromMinutes(15);
    static readonly TimeSpan IdleMax = TimeSpan.FromMinutes(5);
    static readonly int WaitingThreadsMax = Math.Max(2, Environment.ProcessorCount / 2);
    static int s_waitingThreads;

    readonly HttpResponseHead _head = new();
    Socket? _socket;
    object? _requestOwner;
    TargetDefinition? _requestTarget;
    byte[] _request = [];
    long _openedAt;
    long _usedAt;
    bool _answersFast = true;

    /// <summary>The target redirects: the general client follows it better. Reset by another request.</summary>
    public bool IsRedirected { get; set; }

    /// <summary>The thread at hand is not needed elsewhere.</summary>
    public bool MayWait { get; set; } = true;

    public bool IsPreparedFor(TargetDefinition target, object owner) =>
        ReferenceEquals(owner, _requestOwner) && ReferenceEquals(target, _requestTarget);

    /// <summary>Makes the request that is sent from now on.</summary>
    /// <param name="owner">Whose headers they are.</param>
    public void Prepare(TargetDefinition target, object owner, (string Name, string Value)[] headers)
    {
        var url = target.Url;
        string host = url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost;
        string port = url.IsDefaultPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{url.Port}");
        bool sameServer = _requestTarget?.Url is { } before && before.Host == url.Host && before.Port == url.Port;
        if (!sameServer) Close();
        var request = new StringBuilder($"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {host}{port}\r\n");
        foreach (var (name, value) in headers) request.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        _request = Encoding.Latin1.GetBytes(request.Append("\r\n").ToString());
        (_requestOwner, _requestTarget, IsRedirected) = (owner, target, false);
    }

    /// <summary>Sends the prepared request and reads the answer's head, then its body if its status is 200.</summary>
    /// <param name="page">Gets the body as it was sent, but for a chunked coding.</param>
    /// <param name="bytesMax">A body as long as this ends the fetch.</param>
    /// <returns>The head, until the next request.</returns>
    /// <exception cref="SocketException">The connection failed.</exception>
    /// <exception cref="HttpRequestException">The answer is no HTTP.</exception>
    /// <exception cref="HttpIOException">The answer ended too early.</exception>
    /// <exception cref="ScrapeException">The body is too long.</exception>
    /// <exception cref="OperationCanceledException">The fetch must end.</exception>
    public async ValueTask<HttpResponseHead> GetAsync(FetchedPage page, FetchUnderWay fetch, TimeProvider clock, long bytesMax)
    {
        bool keep = false;
        try
        {
            bool kept = TakeKept(clock);
            if (!kept) await ConnectAsync(fetch, clock).ConfigureAwait(false);
            int headBytes = await AskAsync(page, fetch, kept).ConfigureAwait(false);
            if (headBytes == 0)
            {
                // The target closed the kept connection before it saw the request.
                Close();
                await ConnectAsync(fetch, clock).ConfigureAwait(false);
                headBytes = await AskAsync(page, fetch, kept: false).ConfigureAwait(false);
            }
            _head.Read(page.Bytes[..headBytes]);
            page.SkipFirst(headBytes);
            if (_head.IsInterim) await ReadFinalHeadAsync(page, fetch).ConfigureAwait(false);
            fetch.HasAnswer = true;
            if (_head.Status != 200) keep = page.Length == _head.ContentLength;
            else if (_head.IsChunked) keep = await ReadChunkedAsync(page, fetch, bytesMax).ConfigureAwait(false);
            else if (_head.ContentLength is { } length) keep = await ReadLengthAsync(page, length, fetch, bytesMax).ConfigureAwait(false);
            else await ReadToEndAsync(page, fetch, bytesMax).ConfigureAwait(false);
            keep &= _head.KeepsOpen;
            return _head;
        }
        finally
        {
            if (!keep) Close();
            _usedAt = clock.GetTimestamp();
        }
    }

    public void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }

    public void Dispose() => Close();

    bool TakeKept(TimeProvider clock)
    {
        if (_socket is null) return false;
        bool old = clock.GetElapsedTime(_openedAt) > AgeMax || clock.GetElapsedTime(_usedAt) > IdleMax;
        // Readable before a request: closed by the target, or bytes nobody asked for.
        if (!old && !_socket.Poll(0, SelectMode.SelectRead)) return true;
        Close();
        return false;
    }

    async ValueTask ConnectAsync(FetchUnderWay fetch, TimeProvider clock)
    {
        var url = _requestTarget!.Url;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(url.DnsSafeHost, url.Port, fetch.Token).ConfigureAwait(false);
            socket.Blocking = false;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        _socket = socket;
        _openedAt = clock.GetTimestamp();
    }

    /// <returns>Bytes of the head at the front of <paramref name="page"/>; 0 if a kept connection turned out to be closed.</returns>
    async ValueTask<int> AskAsync(FetchedPage page, FetchUnderWay fetch, bool kept)
    {
        long asked = Stopwatch.GetTimestamp();
        try
        {
            await SendAsync(fetch).ConfigureAwait(false);
            int headBytes = await ReadHeadAsync(page, fetch, waits: true, mayBeClosed: kept).ConfigureAwait(false);
            _answersFast = Stopwatch.GetElapsedTime(asked).TotalMicroseconds < PatienceUs;
            return headBytes;
        }
        catch (SocketException problem) when (kept && page.Length == 0
            && problem.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted)
        {
            return 0;
        }
    }

    async ValueTask SendAsync(FetchUnderWay fetch)
    {
        int sent = _socket!.Send(_request, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) sent = 0;
        else if (error != SocketError.Success) throw new SocketException((int)error);
        while (sent < _request.Length)
            sent += await _socket.SendAsync(_request.AsMemory(sent), SocketFlags.None, fetch.Token).ConfigureAwait(false);
    }

    async ValueTask ReadFinalHeadAsync(FetchedPage page, FetchUnderWay fetch)
    {
        for (int interim = 0; _head.IsInterim; interim++)
        {
            if (interim == 8) throw new HttpRequestException(HttpRequestError.InvalidResponse, "too many interim answers");
            int headBytes = HttpResponseHead.LengthIn(page.Bytes);
            if (headBytes == 0) headBytes = await ReadHeadAsync(page, fetch, waits: true, mayBeClosed: false).ConfigureAwait(false);
            _head.Read(page.Bytes[..headBytes]);
            page.SkipFirst(headBytes);
        }
    }

    async ValueTask<int> ReadHeadAsync(FetchedPage page, FetchUnderWay fetch, bool waits, bool mayBeClosed)
    {
        while (true)
        {
            int read = await ReceiveAsync(page.GetMemory(4096), fetch, waits).ConfigureAwait(false);
            if (read == 0) return mayBeClosed && page.Length == 0 ? 0 : throw Ended();
            page.Advance(read);
            waits = false;
            int headBytes = HttpResponseHead.LengthIn(page.Bytes[..Math.Min(page.Length, HttpResponseHead.BytesMax)]);
            if (headBytes > 0) return headBytes;
            if (page.Length >= HttpResponseHead.BytesMax)
                throw new HttpRequestException(HttpRequestError.InvalidResponse, "the head of the answer is too long");
        }
    }

    /// <returns>Whether the connection is at the end of this answer.</returns>
    async ValueTask<bool> ReadLengthAsync(FetchedPage page, long length, FetchUnderWay fetch, long bytesMax)
    {
        CheckLength(length, bytesMax);
        while (page.Length < length)
        {
            int read = await ReceiveAsync(page.GetMemory(), fetch, waits: false).ConfigureAwait(false);
            if (read == 0) throw Ended();
            page.Advance(read);
        }
        int excess = page.Length - (int)length;
        page.DropLast(excess);
        return excess == 0;
    }

    async ValueTask<bool> ReadChunkedAsync(FetchedPage page, FetchUnderWay fetch, long bytesMax)
    {
        var chunks = new ChunkedBody();
        int raw = page.Length, rest;
        while (true)
        {
            int decoded = chunks.Decode(page.Bytes[^raw..], out rest);
            page.DropLast(raw - decoded - rest);
            CheckLength(page.Length - rest, bytesMax);
            if (chunks.IsComplete) break;
            int read = await ReceiveAsync(page.GetMemory(), fetch, waits: false).ConfigureAwait(false);
            if (read == 0) throw Ended();
            page.Advance(read);
            raw = rest + read;
        }
        page.DropLast(rest);
        return rest == 0;
    }

    async ValueTask ReadToEndAsync(FetchedPage page, FetchUnderWay fetch, long bytesMax)
    {
        while (true)
        {
            CheckLength(page.Length, bytesMax);
            int read = await ReceiveAsync(page.GetMemory(), fetch, waits: false).ConfigureAwait(false);
            if (read == 0) return;
            page.Advance(read);
        }
    }

    /// <param name="waits">Nothing can be there yet: wait first.</param>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, FetchUnderWay fetch, bool waits)
    {
        fetch.ThrowIfStopping();
        if (!waits && TryReceive(buffer, out int read)) return ValueTask.FromResult(read);
        if (_answersFast && MayWait && TryWait() && TryReceive(buffer, out read)) return ValueTask.FromResult(read);
        return _socket!.ReceiveAsync(buffer, SocketFlags.None, fetch.Token);
    }

    bool TryReceive(Memory<byte> buffer, out int read)
    {
        read = _socket!.Receive(buffer.Span, SocketFlags.None, out var error);
        if (error == SocketError.Success) return true;
        return error == SocketError.WouldBlock ? false : throw new SocketException((int)error);
    }

    /// <summary>Waits on this thread for something to read, shortly.</summary>
    bool TryWait()
    {
        if (Interlocked.Increment(ref s_waitingThreads) > WaitingThreadsMax)
        {
            Interlocked.Decrement(ref s_waitingThreads);
            return false;
        }
        try
        {
            return _socket!.Poll(PatienceUs, SelectMode.SelectRead);
        }
        finally
        {
            Interlocked.Decrement(ref s_waitingThreads);
        }
    }

    internal static void CheckLength(long bytes, long bytesMax)
    {
        if (bytes >= bytesMax) throw new ScrapeException("body size limit exceeded") { Cause = ScrapeFailure.BodySize };
    }

    static HttpIOException Ended() => new(HttpRequestError.ResponseEnded);
}
