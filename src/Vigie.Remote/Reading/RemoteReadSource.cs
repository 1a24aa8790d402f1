using System.Diagnostics.Metrics;
using Vigie.Configuration.Http;
using Vigie.Configuration.Prometheus;
using Vigie.Model;
using Vigie.Protocols.RemoteRead;

namespace Vigie.Remote;

/// <summary>
/// A store together with the servers under <c>remote_read:</c> (prometheus storage/fanout.go, storage/remote/read.go): queries see the
/// samples
/// of all. A server that fails leaves a warning on the answer. Label names and values are those of the store alone, as upstream. Safe for
/// concurrent use.
/// </summary>
public sealed class RemoteReadSource : ISampleSource, IDisposable
{
    /// <summary>The store's first hours are asked for remotely too: what came before is not complete.</summary>
    static readonly TimeSpan s_startMargin = TimeSpan.FromHours(4);

    readonly ISampleSource _local;
    readonly Func<long> _localStartMs;
    readonly Func<HttpClientConfig, HttpMessageHandler> _createHandler;
    readonly TimeProvider _clock;
    readonly string _userAgent;
    readonly Meter _meter = new("Vigie.Remote");
    readonly Counter<long> _queries;
    readonly Histogram<double> _durations;
    State _state = new([], Labels.Empty);

    /// <param name="localStartMs">Oldest sample of the store; <see cref="long.MaxValue"/> if it has none.</param>
    public RemoteReadSource(
        ISampleSource local, Func<long> localStartMs, Func<HttpClientConfig, HttpMessageHandler> createHandler, TimeProvider clock, string userAgent)
    {
        _local = local;
        _localStartMs = localStartMs;
        _createHandler = createHandler;
        _clock = clock;
        _userAgent = userAgent;
        _queries = _meter.CreateCounter<long>("prometheus_remote_read_client_queries_total", null, "Remote read queries, by outcome.");
        _durations = _meter.CreateHistogram<double>("prometheus_remote_read_client_request_duration_seconds", null, "Duration of remote read requests.");
    }

    sealed record State(IReadOnlyList<RemoteReadClient> Clients, Labels ExternalLabels);

    /// <summary>Puts a configuration in force. Queries that run end with the servers they began with.</summary>
    public void Apply(PrometheusConfig config)
    {
        var clients = config.RemoteRead.Select(entry => new RemoteReadClient(entry, _createHandler(entry.Http), _clock, _userAgent)).ToArray();
        var old = Interlocked.Exchange(ref _state, new State(clients, config.Global.ExternalLabels));
        foreach (var client in old.Clients) client.Dispose();
    }

    public ISeriesSet Select(ReadOnlySpan<LabelMatcher> matchers, TimeRange range, in SelectHints hints, CancellationToken cancellation)
    {
        var state = Volatile.Read(ref _state);
        if (state.Clients.Count == 0) return _local.Select(matchers, range, hints, cancellation);
        var asked = new List<Task<RemoteSeriesSet>>();
        foreach (var client in state.Clients)
            if (QueryFor(client.Config, matchers, range, hints, state.ExternalLabels, out var added) is { } query)
                asked.Add(AskAsync(client, query, added, cancellation));
        var local = _local.Select(matchers, range, hints, cancellation);
        if (asked.Count == 0) return local;
        var sets = new List<ISeriesSet> { local };
        var warnings = new List<string>();
        foreach (var answer in asked)
        {
            try
            {
                // Sources are synchronous: queries run on threads of their own, which may wait.
                sets.Add(answer.GetAwaiter().GetResult());
            }
            catch (RemoteReadFailure failure)
            {
                warnings.Add(failure.Message);
            }
            catch
            {
                foreach (var set in sets) set.Dispose();
                throw;
            }
        }
        return sets.Count == 1 && warnings.Count == 0 ? local : new MergedSeriesSet(sets, warnings);
    }

    public IReadOnlyList<string> LabelNames(ReadOnlySpan<LabelMatcher> matchers, TimeRange range, int limit, CancellationToken cancellation) =>
        _local.LabelNames(matchers, range, limit, cancellation);

    public IReadOnlyList<string> LabelValues(
        string name, ReadOnlySpan<LabelMatcher> matchers, TimeRange range, int limit, CancellationToken cancellation) =>
        _local.LabelValues(name, matchers, range, limit, cancellation);

    public void Dispose()
    {
        foreach (var client in _state.Clients) client.Dispose();
        _meter.Dispose();
    }

    /// <summary>What to ask a server; null if it has nothing to say about this.</summary>
    /// <param name="added">External labels that were added to the matchers, and are to be taken off the answer.</param>
    RemoteReadQuery? QueryFor(
        RemoteReadConfig config, ReadOnlySpan<LabelMatcher> matchers, TimeRange range, in SelectHints hints, Labels externalLabels,
        out List<string> added)
    {
        added = [];
        foreach (var (name, value) in config.RequiredMatchers)
            if (!Holds(matchers, name, value)) return null;
        if (!config.ReadRecent)
        {
            long start = _localStartMs();
            if (start != long.MaxValue)
            {
                start += (long)s_startMargin.TotalMilliseconds;
                if (range.StartMs > start) return null;
                if (range.EndMs > start) range = new TimeRange(range.StartMs, start);
            }
        }
        var all = new List<LabelMatcher>(matchers.Length + externalLabels.Count);
        foreach (var matcher in matchers) all.Add(matcher);
        if (config.FilterExternalLabels)
        {
            foreach (var (name, value) in externalLabels)
            {
                if (Mentions(matchers, name)) continue;
                all.Add(new LabelMatcher(MatchType.Equal, name, value));
                added.Add(name);
            }
        }
        return new RemoteReadQuery(range, [.. all], hints);
    }

    async Task<RemoteSeriesSet> AskAsync(RemoteReadClient client, RemoteReadQuery query, List<string> added, CancellationToken cancellation)
    {
        long started = _clock.GetTimestamp();
        string outcome = "error";
        try
        {
            var answer = await client.ReadAsync(query, cancellation).ConfigureAwait(false);
            outcome = "200";
            return answer.Without(added);
        }
        finally
        {
            var name = new KeyValuePair<string, object?>("remote_name", client.Config.Name);
            var url = new KeyValuePair<string, object?>("url", client.Config.Url);
            _queries.Add(1, name, url, new KeyValuePair<string, object?>("code", outcome));
            _durations.Record(_clock.GetElapsedTime(started).TotalSeconds, name, url);
        }
    }

    static bool Holds(ReadOnlySpan<LabelMatcher> matchers, string name, string value)
    {
        foreach (var matcher in matchers)
            if (matcher.Type == MatchType.Equal && matcher.Name == name && matcher.Value == value) return true;
        return false;
    }

    static bool Mentions(ReadOnlySpan<LabelMatcher> matchers, string name)
    {
        foreach (var matcher in matchers)
            if (matcher.Name == name) return true;
        return false;
    }
}
