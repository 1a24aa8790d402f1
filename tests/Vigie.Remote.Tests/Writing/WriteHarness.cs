using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Configuration.Prometheus;
using Vigie.Metrics;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Remote.Tests.Writing;

/// <summary>A store and remote write to a fake receiver, on a disk in memory and a clock moved by hand.</summary>
sealed class WriteHarness : IAsyncDisposable
{
    readonly MeterListener _listener = new();
    CancellationTokenSource _dies = new();
    readonly Dictionary<string, double> _counters = [];

    public WriteHarness(Func<RemoteWriteConfig, RemoteWriteConfig>? configure = null)
    {
        Config = new RemoteWriteConfig { Url = "http://receiver/api/v1/write", Name = "there", Metadata = new RemoteMetadataConfig { Send = false } };
        if (configure is not null) Config = configure(Config);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Vigie.Remote") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Count(instrument.Name, value, tags));
        _listener.Start();
        Store = OpenStore();
    }

    public ManualTimeProvider Clock { get; } = new();
    public FakeReceiver Receiver { get; } = new();
    public CrashableFileSystem Disk { get; private set; } = new(1);
    public RemoteWriteConfig Config { get; set; }
    public Labels ExternalLabels { get; set; } = Labels.Empty;
    public MetricStore Store { get; private set; }
    public RemoteWriteService Service { get; private set; } = null!;
    public long LogBytesMax { get; init; } = 1 << 30;

    /// <summary>A counter's sum over all label sets that hold <paramref name="tag"/>; of this test's process, so compare before and
    /// after.</summary>
    public double Counter(string name, string tag = "")
    {
        lock (_counters)
        {
            return _counters.Where(one => one.Key.StartsWith(name + "{", StringComparison.Ordinal)
                && one.Key.Contains(tag, StringComparison.Ordinal)).Sum(one => one.Value);
        }
    }

    public Task ApplyAsync(params RemoteWriteConfig[] entries) => Service.ApplyAsync(new PrometheusConfig
    {
        Global = new GlobalConfig { ExternalLabels = ExternalLabels },
        RemoteWrite = entries.Length > 0 ? entries : [Config],
    }, TestContext.Current.CancellationToken);

    public async Task StartAsync()
    {
        var died = _dies.Token;
        Service = new RemoteWriteService(Store, () => Store.Metadata, new RemoteWriteOptions
        {
            Directory = "data/remote-write",
            CreateHandler = (_, _) => Receiver.Connect(died),
            LogBytesMax = LogBytesMax,
            FlushDeadline = TimeSpan.FromSeconds(20),
        }, Disk, Clock, NullLogger.Instance);
        await ApplyAsync();
    }

    /// <summary>The process dies, and starts again on the same disk.</summary>
    public async Task KillAndStartAsync()
    {
        // What the dead process still does fails on its own disk and reaches nobody.
        await _dies.CancelAsync();
        _dies = new CancellationTokenSource();
        Disk = Disk.AfterKill();
        Store = OpenStore();
        await StartAsync();
    }

    /// <summary>One sample to each of some series.</summary>
    public void Append(long timestampMs, double value, params Labels[] series)
    {
        var batch = new SampleBatch();
        foreach (var labels in series) batch.Add(Store.Resolve(labels), timestampMs, value);
        var result = Store.Append(batch);
        Assert.Equal(series.Length, result.Stored);
    }

    /// <summary>Moves the clock on until something holds.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{what}: not within 30 s; {Receiver.Samples} samples, {Receiver.RequestCount} requests");
            Clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Receiver.Before = static _ => null;
        var stopping = Service.DisposeAsync().AsTask();
        await UntilAsync(() => stopping.IsCompleted, "the service stops");
        await stopping;
        Store.Dispose();
        _listener.Dispose();
        _dies.Dispose();
    }

    MetricStore OpenStore() =>
        MetricStore.Open(Disk, "data", new MetricStoreOptions { RunsInBackground = false, ReplacedFilesKept = TimeSpan.Zero }, Clock,
            NullLogger<MetricStore>.Instance);

    void Count(string name, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = new System.Text.StringBuilder(name).Append('{');
        foreach (var (tag, text) in tags) key.Append(tag).Append('=').Append(text).Append(',');
        lock (_counters) _counters[key.ToString()] = _counters.GetValueOrDefault(key.ToString()) + value;
    }
}
