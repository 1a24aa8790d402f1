using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Vigie.Configuration;
using Vigie.Configuration.Http;
using Vigie.Configuration.Prometheus;
using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>An external Alertmanager as /api/v1/alertmanagers shows it.</summary>
/// <param name="Url">Where alerts are posted.</param>
/// <param name="LastProblem">Why the last attempt failed; null if it did not.</param>
/// <param name="QueueLength">Alerts that wait.</param>
public sealed record ExternalAlertmanagerView(string Url, string? LastProblem, int QueueLength);

/// <summary>
/// Brings alerts to the Alertmanagers listed under <c>alerting:</c> of prometheus.yml (Prometheus, notifier). Never blocks and never fails:
/// one that cannot be reached is logged, tried again ever more rarely, and shown. Safe for concurrent use.
/// </summary>
public sealed class ExternalAlertmanagerSink : IAlertSink, IDisposable
{
    /// <summary>Room of the queue to each, as <c>--alertmanager.notification-queue-capacity</c>.</summary>
    const int QueueAlertsMax = 10_000;

    const string ApiPath = "/api/v2/alerts";

    readonly TimeProvider _clock;
    readonly ILogger _logger;
    readonly Func<HttpClientConfig, HttpMessageHandler>? _handlers;
    readonly Func<Uri, bool> _isOwn;
    readonly SendingMetrics _metrics;
    volatile ExternalAlertmanager[] _alertmanagers = [];
    volatile string[] _dropped = [];
    volatile string[] _own = [];

    /// <param name="isOwn">Tells addresses of this process, which gets its alerts anyway; they are shown and not sent to.</param>
    /// <param name="handlers">Makes connections; null for the usual ones.</param>
    public ExternalAlertmanagerSink(
        TimeProvider clock, ILogger logger, Func<Uri, bool>? isOwn = null, Func<HttpClientConfig, HttpMessageHandler>? handlers = null)
    {
        _clock = clock;
        _logger = logger;
        _isOwn = isOwn ?? (static _ => false);
        _handlers = handlers;
        _metrics = new SendingMetrics(
            () => _alertmanagers.Select(static one => new Measurement<long>(one.QueueLength, SendingMetrics.Alertmanager(one.Url))),
            static () => QueueAlertsMax, () => _alertmanagers.Length + _own.Length);
    }

    /// <summary>Those alerts go to, this process's own address included if it is listed.</summary>
    public IReadOnlyList<ExternalAlertmanagerView> Active =>
    [
        .. _own.Select(static url => new ExternalAlertmanagerView(url, null, 0)),
        .. _alertmanagers.Select(static one => new ExternalAlertmanagerView(one.Url, one.LastProblem, one.QueueLength)),
    ];

    /// <summary>URLs that relabelling took out.</summary>
    public IReadOnlyList<string> Dropped => _dropped;

    /// <summary>Puts another configuration in force; what waits for Alertmanagers that are gone is dropped.</summary>
    /// <param name="discovered">Targets of the discoveries of an entry; null: those of <c>static_configs</c>.</param>
    public void Apply(
        AlertingConfig config, IConfigFiles files, Func<ExternalAlertmanagerConfig, IEnumerable<TargetGroup>>? discovered = null)
    {
        var alertmanagers = new List<ExternalAlertmanager>();
        var dropped = new List<string>();
        var own = new List<string>();
        foreach (var entry in config.Alertmanagers)
        {
            foreach (var other in entry.Discoveries)
                if (discovered is null && other is not StaticDiscoveryConfig) _logger.LogDiscoveryMissing(other.Position.ToString(), other.Kind);
            foreach (var (url, isDropped) in (discovered ?? StaticGroups)(entry).SelectMany(group => UrlsOf(entry, group)).Distinct())
            {
                if (isDropped) dropped.Add(url);
                else if (Uri.TryCreate(url, UriKind.Absolute, out var address) && _isOwn(address)) own.Add(url);
                else
                {
                    var handler = _handlers?.Invoke(entry.Http) ?? HttpHandlers.Create(entry.Http, files, _clock);
                    alertmanagers.Add(new ExternalAlertmanager(
                        url, entry.AlertRelabelRules, entry.Timeout, handler, QueueAlertsMax, _clock, _logger, _metrics));
                }
            }
        }
        var old = _alertmanagers;
        (_alertmanagers, _dropped, _own) = ([.. alertmanagers], [.. dropped], [.. own]);
        foreach (var one in old) one.Dispose();
    }

    public ValueTask SendAsync(IReadOnlyList<Alert> alerts, CancellationToken cancellation)
    {
        foreach (var alertmanager in _alertmanagers) alertmanager.Send(alerts);
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        foreach (var alertmanager in _alertmanagers) alertmanager.Dispose();
        _metrics.Dispose();
    }

    static IEnumerable<TargetGroup> StaticGroups(ExternalAlertmanagerConfig entry) =>
        entry.Discoveries.OfType<StaticDiscoveryConfig>().SelectMany(static discovery => discovery.Groups);

    static IEnumerable<(string Url, bool IsDropped)> UrlsOf(ExternalAlertmanagerConfig entry, TargetGroup group)
    {
        foreach (string target in group.Targets)
        {
            var labels = new LabelsBuilder(group.Labels)
                .Set("__address__", target)
                .Set("__scheme__", entry.Scheme)
                .Set("__alerts_path__", "/" + (entry.PathPrefix.Trim('/') + ApiPath).TrimStart('/'));
            string before = UrlOf(labels);
            bool kept = Relabeller.Apply(labels, entry.RelabelRules);
            yield return (kept ? UrlOf(labels) : before, !kept);
        }
    }

    static string UrlOf(LabelsBuilder labels) => $"{labels["__scheme__"]}://{labels["__address__"]}{labels["__alerts_path__"]}";
}
