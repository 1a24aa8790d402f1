using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Metrics.Tests.Limits;

public sealed class CardinalityGuardTests : IDisposable
{
    readonly ManualTimeProvider _clock = new();
    readonly RecordingLogger _logger = new();
    MetricStore? _store;

    public void Dispose() => _store?.Dispose();

    [Fact]
    public void Resolve_MetricAtItsLimit_RefusesItsNewSeriesOnly()
    {
        var store = Open(SeriesLimits.None with { SeriesPerMetric = 2 });
        var first = store.Resolve(Series("a", "1"));
        store.Resolve(Series("a", "2"));
        Assert.Equal("metric \"a\" has reached its limit of 2 series (vigie.yml: limits.series_per_metric)", RefusalOf(store, Series("a", "3")));
        Assert.Equal(first, store.Resolve(Series("a", "1")));
        Assert.Null(RefusalOf(store, Series("b", "1")));
    }

    [Fact]
    public void Resolve_JobAtItsLimit_StillTakesUp()
    {
        var store = Open(SeriesLimits.None with { SeriesPerJob = 1 });
        store.Resolve(Series("a", "1"));
        Assert.Equal("job \"j\" has reached its limit of 1 series (vigie.yml: limits.series_per_job)", RefusalOf(store, Series("b", "1")));
        Assert.Null(RefusalOf(store, Series("up", "1")));
        Assert.Null(RefusalOf(store, Series("b", "1").With("job", "other")));
    }

    [Fact]
    public void Resolve_LabelAtItsLimit_TakesSeriesWithKnownValues()
    {
        var store = Open(SeriesLimits.None with { ValuesPerLabel = 2 });
        store.Resolve(Series("a", "1"));
        store.Resolve(Series("a", "2"));
        Assert.Equal("label \"x\" has reached its limit of 2 values (vigie.yml: limits.values_per_label)", RefusalOf(store, Series("a", "3")));
        Assert.Null(RefusalOf(store, Series("b", "2")));
    }

    [Fact]
    public void Resolve_StoreAtItsLimit_NamesTheJobThatWantsMore()
    {
        var store = Open(SeriesLimits.None with { Series = 1 });
        store.Resolve(Series("a", "1"));
        Assert.Equal("the store has reached its limit of 1 series (vigie.yml: limits.series), refused new ones of job \"j\"",
            RefusalOf(store, Series("a", "2")));
        Assert.Equal("j", store.CardinalityReport(10).Refused.Single().Culprit);
    }

    [Fact]
    public void Resolve_Exceptions_GoBeforeTheGeneralLimit()
    {
        var store = Open(SeriesLimits.None with
        {
            SeriesPerMetric = 1,
            Exceptions = new Dictionary<(SeriesLimit, string), long>
            {
                [(SeriesLimit.Metric, "wide")] = 0,
                [(SeriesLimit.Label, "x")] = 3,
            },
        });
        for (int i = 0; i < 3; i++) Assert.Null(RefusalOf(store, Series("wide", i.ToString())));
        Assert.StartsWith("label \"x\" has reached its limit of 3", RefusalOf(store, Series("wide", "3")));
        Assert.Null(RefusalOf(store, Series("a", "0")));
        Assert.StartsWith("metric \"a\"", RefusalOf(store, Series("a", "1")));
    }

    [Fact]
    public void Apply_HigherLimit_TakesTheRefusedOnes()
    {
        var store = Open(SeriesLimits.None with { Series = 1 });
        store.Resolve(Series("a", "1"));
        Assert.NotNull(RefusalOf(store, Series("a", "2")));
        store.Apply(SeriesLimits.None);
        Assert.Null(RefusalOf(store, Series("a", "2")));
    }

    [Fact]
    public void Refused_CountsSeriesAndAttemptsAndForgetsAfterAnHour()
    {
        var store = Open(SeriesLimits.None with { SeriesPerMetric = 1 });
        store.Resolve(Series("a", "0"));
        var since = _clock.GetUtcNow();
        for (int attempt = 0; attempt < 3; attempt++)
        {
            for (int i = 1; i <= 5; i++) RefusalOf(store, Series("a", i.ToString()));
            _clock.Advance(TimeSpan.FromMinutes(1));
        }
        var refused = store.CardinalityReport(10).Refused.Single();
        Assert.Equal((SeriesLimit.Metric, "a", 1L, 5L, 15L), (refused.Limit, refused.Culprit, refused.Max, refused.Series, refused.Attempts));
        Assert.Equal((since, since + TimeSpan.FromMinutes(2)), (refused.Since, refused.Last));
        Assert.Contains("x=\"5\"", refused.Example);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(store.CardinalityReport(10).Refused);
    }

    [Fact]
    public void Refusals_AreLoggedOncePerCulpritInTenMinutes()
    {
        var store = Open(SeriesLimits.None with { SeriesPerMetric = 1 });
        foreach (string name in new[] { "a", "b" }) store.Resolve(Series(name, "0"));
        for (int i = 0; i < 20; i++)
            foreach (string name in new[] { "a", "b" }) RefusalOf(store, Series(name, "1"));
        Assert.Equal(2, _logger.Warnings.Count);
        Assert.Contains("metric \"a\" has reached its limit of 1 series", _logger.Warnings[0]);
        _clock.Advance(TimeSpan.FromMinutes(10));
        RefusalOf(store, Series("a", "1"));
        Assert.Equal(3, _logger.Warnings.Count);
    }

    [Fact]
    public void Refusals_ManyCulprits_AreBoundedAndStillCounted()
    {
        var store = Open(SeriesLimits.None with { SeriesPerMetric = 1 });
        const int Metrics = 500;
        for (int i = 0; i < Metrics; i++)
        {
            store.Resolve(Series($"m{i}", "0"));
            RefusalOf(store, Series($"m{i}", "1"));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.True(store.CardinalityReport(10).Refused.Count <= 200);
        var counted = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "vigie_tsdb_series_refused_total") listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            string culprit = "";
            foreach (var (key, name) in tags)
                if (key == "culprit") culprit = (string)name!;
            counted[culprit] = counted.GetValueOrDefault(culprit) + value;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        // Stores of other tests may run beside this one.
        Assert.True(counted.Where(static pair => pair.Key is "" || pair.Key[0] == 'm').Sum(static pair => pair.Value) >= Metrics);
        Assert.True(counted.Count < 100);
    }

    MetricStore Open(SeriesLimits limits) => _store = MetricStore.Open(
        new CrashableFileSystem(1), "data", new MetricStoreOptions { SeriesLimits = limits, RunsInBackground = false }, _clock, _logger);

    static Labels Series(string metric, string x) => Labels.Of(("__name__", metric), ("job", "j"), ("x", x));

    static string? RefusalOf(MetricStore store, Labels labels) => store.TryResolve(labels, out _, out string? refusal) ? null : refusal;

    sealed class RecordingLogger : ILogger
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> format)
        {
            if (level == LogLevel.Warning) Warnings.Add(format(state, exception));
        }
    }
}
