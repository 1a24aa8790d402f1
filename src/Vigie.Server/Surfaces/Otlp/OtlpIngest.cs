using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Vigie.Configuration.Prometheus;
using Vigie.Model;
using Vigie.Protocols.Otlp;
using Vigie.Server.Hosting;

namespace Vigie.Server.Surfaces.Otlp;

/// <summary>What came of one request, copied out of its receiver.</summary>
/// <param name="Problem">Null, or why points were rejected or what is odd about those that were stored.</param>
readonly record struct OtlpOutcome(int Rejected, bool WrongTimes, string? Problem);

/// <summary>
/// Hands OTLP metrics to the store, translated as the configuration in use says. One instance serves all surfaces that take OTLP. Safe for
/// concurrent use.
/// </summary>
sealed class OtlpIngest : IDisposable
{
    const string NativeDeltas = "otlp-native-delta-ingestion", DeltasAddedUp = "otlp-deltatocumulative";
    static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(30);

    readonly Meter _meter = new("Vigie.Otlp");
    readonly Counter<long> _points, _rejected;
    readonly ServeOptions _options;
    readonly Func<OtlpConfig> _config;
    readonly ISampleSink _sink;
    readonly TimeProvider _clock;
    readonly ILogger _logger;
    readonly Lock _lock = new();
    volatile Translation? _translation;
    DateTimeOffset _nextLog;

    public OtlpIngest(ServeOptions options, Func<OtlpConfig> config, ISampleSink sink, TimeProvider clock, ILogger logger)
    {
        (_options, _config, _sink, _clock, _logger) = (options, config, sink, clock, logger);
        _points = _meter.CreateCounter<long>("vigie_otlp_metric_points_total", null, "Data points of metrics received by OTLP.");
        _rejected = _meter.CreateCounter<long>(
            "vigie_otlp_metric_points_rejected_total", null, "Data points of metrics received by OTLP and refused.");
    }

    /// <exception cref="Protocols.ProtocolException">The message is malformed; nothing was stored.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot accept data now; nothing was stored.</exception>
    public OtlpOutcome Append(ReadOnlySpan<byte> message)
    {
        var translation = Current();
        if (!translation.Receivers.TryTake(out var receiver)) receiver = new OtlpMetricsReceiver(_sink, translation.Cache);
        try
        {
            var result = receiver.Append(message);
            _points.Add(result.DataPoints);
            if (result.Rejected > 0) _rejected.Add(result.Rejected);
            string? problem = result.Refusals.Count + result.Warnings.Count == 0
                ? null : string.Join("; ", [.. result.Refusals, .. result.Warnings]);
            if (problem is not null) Log(problem, result.Rejected);
            return new OtlpOutcome(result.Rejected, result.WrongTimes, problem);
        }
        finally
        {
            translation.Receivers.Add(receiver);
        }
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>Null, or why the features asked for do not go together.</summary>
    public static string? ProblemOf(IReadOnlyList<string> features) => features.Contains(NativeDeltas) && features.Contains(DeltasAddedUp)
        ? $"cannot enable {NativeDeltas} and {DeltasAddedUp} features at the same time" : null;

    Translation Current()
    {
        var config = _config();
        if (_translation is { } current && ReferenceEquals(current.Config, config)) return current;
        lock (_lock)
        {
            if (_translation is not { } other || !ReferenceEquals(other.Config, config))
                _translation = new Translation(config, new OtlpSeriesCache(SettingsOf(config, _options), _clock));
            return _translation;
        }
    }

    internal static OtlpSettings SettingsOf(OtlpConfig config, ServeOptions options) => new OtlpSettings
    {
        PromoteAllResourceAttributes = config.PromoteAllResourceAttributes,
        ResourceAttributes = (config.PromoteAllResourceAttributes ? config.IgnoreResourceAttributes : config.PromoteResourceAttributes)
            .ToHashSet(StringComparer.Ordinal),
        KeepIdentifyingResourceAttributes = config.KeepIdentifyingResourceAttributes,
        ConvertHistogramsToNhcb = config.ConvertHistogramsToNhcb,
        PromoteScopeMetadata = config.PromoteScopeMetadata,
        LabelNameUnderscoreSanitization = config.LabelNameUnderscoreSanitization,
        LabelNamePreserveMultipleUnderscores = config.LabelNamePreserveMultipleUnderscores,
        Deltas = options.Features.Contains(NativeDeltas) ? DeltaHandling.Store
            : options.Features.Contains(DeltasAddedUp) ? DeltaHandling.AddUp : DeltaHandling.Refuse,
        TypeAndUnitLabels = options.Features.Contains("type-and-unit-labels"),
        ZeroAtStart = options.Features.Contains("created-timestamp-zero-ingestion"),
        LookbackMs = options.LookbackDeltaMs,
    }.WithStrategy(config.TranslationStrategy);

    /// <summary>Senders repeat their mistakes with every request.</summary>
    void Log(string problem, int rejected)
    {
        lock (_lock)
        {
            var now = _clock.GetUtcNow();
            if (now < _nextLog) return;
            _nextLog = now + LogInterval;
        }
        HostingLog.OtlpProblem(_logger, problem, rejected);
    }

    /// <summary>What belongs to one configuration.</summary>
    sealed record Translation(OtlpConfig Config, OtlpSeriesCache Cache)
    {
        public ConcurrentBag<OtlpMetricsReceiver> Receivers { get; } = [];
    }
}
