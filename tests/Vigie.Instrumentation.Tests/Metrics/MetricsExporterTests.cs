using System.Diagnostics.Metrics;
using Vigie.Testing;

namespace Vigie.Instrumentation.Tests;

using Tag = KeyValuePair<string, object?>;

public sealed class MetricsExporterTests
{
    static readonly Tag s_get = new("method", "GET");

    [Fact]
    public void Write_Counter_AddsUpPerTagSetInAnyOrder()
    {
        using var test = new TestExporter();
        var counter = test.Meter.CreateCounter<int>("requests_total", null, "Requests.");
        counter.Add(1, s_get, new Tag("status", 200));
        counter.Add(2, new Tag("status", 200), s_get);
        counter.Add(3, s_get, new Tag("status", "200"));
        counter.Add(5, s_get, new Tag("status", 500));
        counter.Add(-4, s_get, new Tag("status", 500));
        Assert.Equal(
            """
            # HELP requests_total Requests.
            # TYPE requests_total counter
            requests_total{method="GET",status="200"} 6
            requests_total{method="GET",status="500"} 5

            """, test.Page());
        Assert.Equal(
            """
            # HELP requests Requests.
            # TYPE requests counter
            requests_total{method="GET",status="200"} 6
            requests_total{method="GET",status="500"} 5
            # EOF

            """, test.Page(ExpositionFormat.OpenMetrics));
    }

    [Fact]
    public void Write_CounterWithoutSuffix_KeepsItsNameInBothFormats()
    {
        using var test = new TestExporter();
        test.Meter.CreateCounter<long>("orders").Add(7);
        Assert.Equal("# TYPE orders counter\norders 7\n", test.Page());
        Assert.Equal("# TYPE orders unknown\norders 7\n# EOF\n", test.Page(ExpositionFormat.OpenMetrics));
    }

    [Fact]
    public void Write_UpDownCounterAndGauge_AreGauges()
    {
        using var test = new TestExporter();
        var queue = test.Meter.CreateUpDownCounter<long>("queue_size");
        queue.Add(5);
        queue.Add(-2);
        var temperature = test.Meter.CreateGauge<double>("temperature_celsius", "Cel", "How warm.");
        temperature.Record(20.5);
        temperature.Record(-1.25);
        Assert.Equal(
            """
            # TYPE queue_size gauge
            queue_size 3
            # HELP temperature_celsius How warm.
            # TYPE temperature_celsius gauge
            # UNIT temperature_celsius celsius
            temperature_celsius -1.25
            # EOF

            """, test.Page(ExpositionFormat.OpenMetrics));
    }

    [Fact]
    public void Write_Histogram_HasCumulativeBuckets()
    {
        using var test = new TestExporter(options => options.DefaultBuckets = [0.5, 1, 2.5]);
        var histogram = test.Meter.CreateHistogram<double>("wait_seconds", "s");
        foreach (var value in new[] { 0.5, 0.75, 1, 9 }) histogram.Record(value, s_get);
        Assert.Equal(
            """
            # TYPE wait_seconds histogram
            wait_seconds_bucket{method="GET",le="0.5"} 1
            wait_seconds_bucket{method="GET",le="1"} 3
            wait_seconds_bucket{method="GET",le="2.5"} 3
            wait_seconds_bucket{method="GET",le="+Inf"} 4
            wait_seconds_sum{method="GET"} 11.25
            wait_seconds_count{method="GET"} 4

            """, test.Page());
        Assert.Contains("wait_seconds_bucket{method=\"GET\",le=\"1.0\"} 3\n", test.Page(ExpositionFormat.OpenMetrics));
    }

    /// <summary>As Go's strconv prints them, so that a query for a bucket finds it.</summary>
    [Theory]
    [InlineData(100, "100", "100.0")]
    [InlineData(999999, "999999", "999999.0")]
    [InlineData(1e6, "1e+06", "1e+06")]
    [InlineData(1234567.5, "1.2345675e+06", "1.2345675e+06")]
    [InlineData(-2e7, "-2e+07", "-2e+07")]
    [InlineData(1e15, "1e+15", "1e+15")]
    [InlineData(0.0001, "0.0001", "0.0001")]
    [InlineData(0.00001, "1e-05", "1e-05")]
    [InlineData(0, "0", "0.0")]
    public void Write_HistogramBounds_AreWrittenAsGoWritesThem(double bound, string text, string open)
    {
        using var test = new TestExporter(options => options.DefaultBuckets = [bound]);
        test.Meter.CreateHistogram<double>("h").Record(0);
        Assert.Contains($"h_bucket{{le=\"{text}\"}}", test.Page());
        Assert.Contains($"h_bucket{{le=\"{open}\"}}", test.Page(ExpositionFormat.OpenMetrics));
    }

    [Fact]
    public void Write_HistogramBuckets_ComeFromOptionThenAdviceThenDefault()
    {
        using var test = new TestExporter(options => options.Buckets["configured"] = [1]);
        var advice = new InstrumentAdvice<long> { HistogramBucketBoundaries = [7, 8] };
        test.Meter.CreateHistogram("advised", null, null, null, advice).Record(1);
        test.Meter.CreateHistogram("configured", null, null, null, advice).Record(1);
        test.Meter.CreateHistogram<long>("usual").Record(1);
        var page = test.Page();
        int Buckets(string name) => page.Split('\n').Count(line => line.StartsWith(name + "_bucket"));
        Assert.Equal((3, 2, 12), (Buckets("advised"), Buckets("configured"), Buckets("usual")));
    }

    [Fact]
    public void Write_Observables_ShowWhatIsObservedNow()
    {
        using var test = new TestExporter();
        var streams = new Dictionary<string, int> { ["a"] = 128, ["b"] = 320 };
        test.Meter.CreateObservableGauge("bitrate", () => streams.Select(s => new Measurement<int>(s.Value, new Tag("stream_id", s.Key))));
        test.Meter.CreateObservableCounter("seen_total", () => 10L);
        Assert.Contains("bitrate{stream_id=\"a\"} 128\nbitrate{stream_id=\"b\"} 320\n", test.Page());
        streams.Remove("a");
        streams["b"] = 64;
        Assert.DoesNotContain("stream_id=\"a\"", test.Page());
        Assert.Contains("bitrate{stream_id=\"b\"} 64\n", test.Page());
        streams["a"] = 1;
        Assert.Contains("bitrate{stream_id=\"a\"} 1\n", test.Page());
        streams.Clear();
        Assert.Equal("# TYPE seen_total counter\nseen_total 10\n", test.Page());
    }

    [Fact]
    public void Write_ObservableThatThrows_LeavesAGapAndIsCounted()
    {
        using var test = new TestExporter();
        test.Meter.CreateObservableGauge("bad", int () => throw new InvalidOperationException("no"));
        test.Meter.CreateObservableGauge("good", () => 1);
        Assert.Equal("# TYPE good gauge\ngood 1\n", test.Page());
        Assert.Contains("vigie_instrumentation_failed_observations_total 2\n", test.FullPage());
    }

    [Fact]
    public void Write_SameNameFromTwoMeters_SharesSeries()
    {
        using var test = new TestExporter();
        test.Meter.CreateCounter<int>("x_total").Add(1);
        test.AnotherMeter().CreateCounter<long>("x_total").Add(2);
        test.AnotherMeter(new Tag("shard", 2)).CreateCounter<long>("x_total").Add(4);
        test.Meter.CreateObservableUpDownCounter("y", () => 1);
        test.AnotherMeter().CreateObservableUpDownCounter("y", () => 2);
        Assert.Equal("# TYPE x_total counter\nx_total 3\nx_total{shard=\"2\"} 4\n# TYPE y gauge\ny 3\n", test.Page());
    }

    [Fact]
    public void Write_SameNameOfAnotherKind_IsRefusedAndCounted()
    {
        using var test = new TestExporter();
        test.Meter.CreateCounter<int>("x_total").Add(1);
        test.Meter.CreateHistogram<int>("x_total").Record(1);
        Assert.Equal("# TYPE x_total counter\nx_total 1\n", test.Page());
        Assert.Contains("vigie_instrumentation_refused_instruments_total 1\n", test.FullPage());
    }

    [Fact]
    public void Write_DisposedMeter_IsGone()
    {
        using var test = new TestExporter();
        var meter = test.AnotherMeter();
        meter.CreateCounter<int>("x_total").Add(1);
        Assert.NotEqual("", test.Page());
        meter.Dispose();
        Assert.Equal("", test.Page());
    }

    [Fact]
    public void Write_TooManyLabelSets_AddsThemUpInOneSeries()
    {
        using var test = new TestExporter(options => options.SeriesPerMetricMax = 2);
        var counter = test.Meter.CreateCounter<int>("x_total");
        var gauge = test.Meter.CreateGauge<int>("g");
        for (var i = 0; i < 5; i++)
        {
            counter.Add(10, new Tag("id", i));
            gauge.Record(1, new Tag("id", i));
        }
        counter.Add(1, new Tag("id", 0));
        Assert.Equal(
            """
            # TYPE g gauge
            g{id="0"} 1
            g{id="1"} 1
            # TYPE x_total counter
            x_total{id="0"} 11
            x_total{id="1"} 10
            x_total{vigie_overflow="true"} 30

            """, test.Page());
        Assert.Contains("vigie_instrumentation_overflowed_measurements_total{metric=\"x_total\"} 3\n", test.FullPage());
    }

    [Theory]
    [InlineData("", "{}")]
    [InlineData("a\"b\\c\nd", """{v="a\"b\\c\nd"}""")]
    [InlineData("é日", "{v=\"é日\"}")]
    [InlineData(true, "{v=\"true\"}")]
    [InlineData(1.5, "{v=\"1.5\"}")]
    public void Write_LabelValues_AreEscaped(object value, string expected)
    {
        using var test = new TestExporter();
        test.Meter.CreateCounter<int>("x_total").Add(1, new Tag("v", value));
        Assert.Equal($"# TYPE x_total counter\nx_total{(expected == "{}" ? "" : expected)} 1\n", test.Page());
    }

    [Fact]
    public void Write_LabelNames_AreMadeValid()
    {
        using var test = new TestExporter();
        test.Meter.CreateCounter<int>("x_total").Add(1, new Tag("http.method", "a"), new Tag("http_method", "b"), new Tag("1", "c"));
        test.Meter.CreateHistogram<int>("h").Record(1, new Tag("le", "x"));
        Assert.Contains("x_total{_1=\"c\",http_method=\"a;b\"} 1\n", test.Page());
        Assert.Contains("h_count{exported_le=\"x\"} 1\n", test.Page());
    }

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(1e21, "1E+21")]
    [InlineData(0.1, "0.1")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    public void Write_Numbers_AreWhatPrometheusReads(double value, string expected)
    {
        using var test = new TestExporter();
        test.Meter.CreateGauge<double>("x").Record(value);
        Assert.Equal($"# TYPE x gauge\nx {expected}\n", test.Page());
    }

    [Theory]
    [InlineData("http.server.request.duration", "s", "http_server_request_duration_seconds")]
    [InlineData("http_request_duration_seconds", "s", "http_request_duration_seconds")]
    [InlineData("latency", "s", "latency")]
    [InlineData("disk.io", "By/s", "disk_io_bytes_per_second")]
    [InlineData("requests.active", "{request}", "requests_active")]
    [InlineData("9lives", null, "_9lives")]
    public void Write_InstrumentName_IsVerbatimOrTranslated(string name, string? unit, string expected)
    {
        using var test = new TestExporter();
        test.Meter.CreateUpDownCounter<int>(name, unit).Add(1);
        Assert.Equal($"# TYPE {expected} gauge\n{expected} 1\n", test.Page());
    }

    [Fact]
    public void Write_DottedCounter_GetsTotal()
    {
        using var test = new TestExporter();
        test.Meter.CreateCounter<int>("messages.sent").Add(1);
        Assert.Equal("# TYPE messages_sent_total counter\nmessages_sent_total 1\n", test.Page());
    }

    [Fact]
    public void Record_KnownTagSet_AllocatesNothing()
    {
        using var test = new TestExporter();
        var counter = test.Meter.CreateCounter<long>("x_total");
        var histogram = test.Meter.CreateHistogram<double>("h_seconds");
        void Record()
        {
            counter.Add(1, s_get, new Tag("endpoint", "/users/{id}"), new Tag("status", "200"));
            histogram.Record(0.03, s_get, new Tag("endpoint", "/users/{id}"));
        }
        for (var i = 0; i < 100; i++) Record();
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++) Record();
        }));
    }

    [Fact]
    public async Task Record_FromManyThreads_LosesNothing()
    {
        using var test = new TestExporter();
        var counter = test.Meter.CreateCounter<long>("x_total");
        var histogram = test.Meter.CreateHistogram<double>("h");
        var stopPages = new CancellationTokenSource();
        var pages = Task.Run(() =>
        {
            while (!stopPages.IsCancellationRequested) test.Page();
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                counter.Add(1, new Tag("id", (i % 50).ToString()));
                histogram.Record(i % 12, new Tag("id", i % 50));
            }
        })));
        await stopPages.CancelAsync();
        await pages;
        var page = test.Page();
        double Sum(string name) => page.Split('\n').Where(line => line.StartsWith(name + "{")).Sum(line => double.Parse(line.Split(' ')[^1]));
        Assert.Equal((80_000, 80_000), (Sum("x_total"), Sum("h_count")));
    }

    [Fact]
    public void Constructor_BadBuckets_NamesTheOption()
    {
        var options = new MetricsExporterOptions();
        options.Buckets["x_seconds"] = [1, 1];
        var e = Assert.Throws<ArgumentException>(() => new MetricsExporter(options));
        Assert.Equal("Buckets[\"x_seconds\"]: 1 after 1, expected ascending bounds", e.Message);
    }
}
