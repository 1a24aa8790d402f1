using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>
/// One Alertmanager outside of this process and the loop that brings it alerts. While it does not answer, the newest state of each alert
/// waits, attempts become rarer, and nobody else is held up.
/// </summary>
sealed class ExternalAlertmanager : IDisposable
{
    const int BatchAlertsMax = 256;
    static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(1), s_waitMax = TimeSpan.FromMinutes(1);

    readonly IReadOnlyList<RelabelRule> _relabelRules;
    readonly TimeSpan _timeout;
    readonly HttpClient _client;
    readonly TimeProvider _clock;
    readonly ILogger _logger;
    readonly SendingMetrics _metrics;
    readonly AlertQueue _queue;
    readonly Backoff _backoff = new(s_firstWait, s_waitMax, Random.Shared.NextDouble);
    readonly CancellationTokenSource _stopping = new();
    readonly Lock _lock = new();
    bool _isSending;

    public ExternalAlertmanager(
        string url, IReadOnlyList<RelabelRule> relabelRules, TimeSpan timeout, HttpMessageHandler handler, int queueAlertsMax, TimeProvider clock,
        ILogger logger, SendingMetrics metrics)
    {
        Url = url;
        _relabelRules = relabelRules;
        _timeout = timeout;
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _clock = clock;
        _logger = logger;
        _metrics = metrics;
        _queue = new AlertQueue(queueAlertsMax);
    }

    /// <summary>Where alerts are posted.</summary>
    public string Url { get; }

    /// <summary>Why the last attempt failed; null if it did not.</summary>
    public string? LastProblem { get; private set; }

    public int QueueLength => _queue.Count;

    /// <summary>Puts alerts in line and returns at once.</summary>
    public void Send(IReadOnlyList<Alert> alerts)
    {
        int dropped = _queue.Add(alerts.Select(Relabelled).OfType<Alert>());
        if (dropped > 0)
        {
            _metrics.Dropped(Url, dropped);
            _logger.LogQueueFull(Url, dropped);
        }
        lock (_lock)
        {
            if (_isSending || _stopping.IsCancellationRequested) return;
            _isSending = true;
        }
        _ = SendQueuedAsync();
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _client.Dispose();
    }

    Alert? Relabelled(Alert alert)
    {
        if (_relabelRules.Count == 0) return alert;
        var labels = new LabelsBuilder(alert.Labels);
        return Relabeller.Apply(labels, _relabelRules) ? alert with { Labels = labels.Build() } : null;
    }

    async Task SendQueuedAsync()
    {
        try
        {
            while (true)
            {
                IReadOnlyList<Alert> batch;
                lock (_lock)
                {
                    batch = _queue.Take(BatchAlertsMax);
                    _isSending = batch.Count > 0;
                    if (!_isSending) return;
                }
                if (await TrySendAsync(batch)) continue;
                _queue.PutBack(batch);
                var wait = _backoff.Next();
                _logger.LogSendFailed(Url, wait.TotalSeconds, LastProblem!);
                await Task.Delay(wait, _clock, _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped; rules send their alerts again to whoever comes next.
        }
    }

    async Task<bool> TrySendAsync(IReadOnlyList<Alert> batch)
    {
        using var deadline = new CancellationTokenSource(_timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, deadline.Token);
        string problem;
        try
        {
            using var content = new ByteArrayContent(Body(batch));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await _client.PostAsync(Url, content, either.Token);
            if (response.IsSuccessStatusCode)
            {
                _metrics.Sent(Url, batch.Count);
                if (LastProblem is not null) _logger.LogSendRecovered(Url);
                LastProblem = null;
                _backoff.Reset();
                return true;
            }
            problem = string.Create(CultureInfo.InvariantCulture, $"bad response status {(int)response.StatusCode}");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !_stopping.IsCancellationRequested)
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"no answer within {_timeout.TotalSeconds} s");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            problem = failure.InnerException?.Message ?? failure.Message;
        }
        _metrics.Failed(Url, batch.Count);
        LastProblem = problem;
        return false;
    }

    static byte[] Body(IReadOnlyList<Alert> alerts) => JsonBody.WriteArray(json =>
    {
        foreach (var alert in alerts)
        {
            json.WriteStartObject();
            json.WriteLabels("annotations", alert.Annotations);
            if (alert.EndsAt is { } end) WriteTime("endsAt", end);
            WriteTime("startsAt", alert.StartsAt);
            json.WriteString("generatorURL", alert.GeneratorUrl);
            json.WriteLabels("labels", alert.Labels);
            json.WriteEndObject();
        }

        void WriteTime(string name, DateTimeOffset time) =>
            json.WriteString(name, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    });
}
