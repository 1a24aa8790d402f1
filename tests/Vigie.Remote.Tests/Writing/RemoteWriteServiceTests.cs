using System.Net;
using System.Net.Http.Headers;
using Vigie.Configuration.Prometheus;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Remote.Tests.Writing;

public class RemoteWriteServiceTests
{
    static readonly Labels Up = Labels.Of(("__name__", "up"), ("job", "api"));

    static Labels Metric(int number) => Labels.Of(("__name__", "metric"), ("number", number.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    static HttpResponseMessage Status(HttpStatusCode status, TimeSpan? retryAfter = null)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent("no\n") };
        if (retryAfter is { } wait) response.Headers.RetryAfter = new RetryConditionHeaderValue(wait);
        return response;
    }

    [Theory]
    [InlineData("prometheus.WriteRequest", "application/x-protobuf", "0.1.0")]
    [InlineData("io.prometheus.write.v2.Request", "application/x-protobuf; proto=io.prometheus.write.v2.Request", "2.0.0")]
    public async Task Samples_ArriveBitByBit(string message, string contentType, string version)
    {
        await using var harness = new WriteHarness(config => config with
        {
            ProtobufMessage = message,
            Headers = new Dictionary<string, string> { ["X-Scope-OrgID"] = "team" },
        });
        await harness.StartAsync();
        double[] values = [1.5, -0.0, double.NaN, StaleMarker.Value, double.PositiveInfinity, 1e-310];
        for (int i = 0; i < values.Length; i++) harness.Append(1000 + i, values[i], Up, Metric(1));
        await harness.UntilAsync(() => harness.Receiver.Samples == 2 * values.Length, "all samples arrive");
        Assert.Equal(values.Select(BitConverter.DoubleToUInt64Bits), harness.Receiver.SamplesOf(Up).Select(one => one.Bits));
        var request = harness.Receiver.Requests[0];
        Assert.Equal(contentType, request.Content!.Headers.ContentType!.ToString());
        Assert.Equal(version, request.Headers.GetValues("X-Prometheus-Remote-Write-Version").Single());
        Assert.Equal("team", request.Headers.GetValues("X-Scope-OrgID").Single());
        Assert.Equal(["snappy"], request.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task WhatWasStoredBefore_IsNotSent()
    {
        await using var harness = new WriteHarness();
        harness.Append(1000, 1, Up);
        await harness.StartAsync();
        harness.Append(2000, 2, Up);
        await harness.UntilAsync(() => harness.Receiver.Samples > 0, "the sample arrives");
        Assert.Equal(2000, Assert.Single(harness.Receiver.SamplesOf(Up)).TimestampMs);
    }

    [Fact]
    public async Task ExternalLabelsAndRelabelling_AreApplied()
    {
        await using var harness = new WriteHarness(config => config with
        {
            WriteRelabelRules =
            [
                new RelabelRule { Action = RelabelAction.Drop, SourceLabels = ["number"], Regex = AnchoredRegex.Parse("7") },
                new RelabelRule { TargetLabel = "site", SourceLabels = ["region"], Regex = AnchoredRegex.Parse("(.*)"), Replacement = "s-$1" },
            ],
        })
        { ExternalLabels = Labels.Of(("region", "west"), ("job", "ours")) };
        await harness.StartAsync();
        double before = harness.Counter("prometheus_remote_storage_samples_dropped_total", "reason=dropped_series");
        harness.Append(1000, 1, Up, Metric(7), Metric(8));
        await harness.UntilAsync(() => harness.Receiver.Samples == 2, "two samples arrive");
        Assert.Contains(Labels.Of(("__name__", "up"), ("job", "api"), ("region", "west"), ("site", "s-west")), harness.Receiver.Series);
        Assert.Contains(Labels.Of(("__name__", "metric"), ("number", "8"), ("job", "ours"), ("region", "west"), ("site", "s-west")), harness.Receiver.Series);
        Assert.Equal(before + 1, harness.Counter("prometheus_remote_storage_samples_dropped_total", "reason=dropped_series"));
    }

    [Fact]
    public async Task ReceiverDown_SamplesWaitAndArriveInOrder()
    {
        await using var harness = new WriteHarness(config => config with { Queue = config.Queue with { Capacity = 20, MaxSamplesPerSend = 10 } });
        harness.Receiver.Before = static _ => throw new HttpRequestException("connection refused");
        await harness.StartAsync();
        for (int i = 0; i < 200; i++) harness.Append(1000 + i, i, Up, Metric(1));
        await harness.UntilAsync(() => harness.Receiver.RequestCount > 5, "it is tried again");
        Assert.Equal(0, harness.Receiver.Samples);
        harness.Receiver.Before = static _ => null;
        await harness.UntilAsync(() => harness.Receiver.Samples == 400, "all samples arrive");
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (1000L + i, BitConverter.DoubleToUInt64Bits(i))), harness.Receiver.SamplesOf(Up));
        Assert.Equal(0, harness.Receiver.Refused);
    }

    [Fact]
    public async Task ServerError_IsTriedAgainWithGrowingWaits()
    {
        await using var harness = new WriteHarness(config => config with
        {
            Queue = config.Queue with { MinBackoff = TimeSpan.FromSeconds(1), MaxBackoff = TimeSpan.FromSeconds(3) },
        });
        var times = new List<DateTimeOffset>();
        harness.Receiver.Before = number =>
        {
            times.Add(harness.Clock.GetUtcNow());
            return number < 4 ? Status(HttpStatusCode.BadGateway) : null;
        };
        await harness.StartAsync();
        harness.Append(1000, 1, Up);
        await harness.UntilAsync(() => harness.Receiver.Samples == 1, "the sample arrives");
        double[] waits = [.. times.Zip(times.Skip(1), (a, b) => (b - a).TotalSeconds)];
        Assert.Equal(4, waits.Length);
        foreach (var (expected, actual) in new double[] { 1, 2, 3, 3 }.Zip(waits)) Assert.InRange(actual, expected, expected + 0.5);
        Assert.Equal("4", harness.Receiver.Requests[^1].Headers.GetValues("Retry-Attempt").Single());
    }

    [Fact]
    public async Task TooManyRequests_WaitsAsLongAsTheReceiverSays_IfItMayRetry()
    {
        await using var harness = new WriteHarness(config => config with { Queue = config.Queue with { RetryOnRateLimit = true } });
        var times = new List<DateTimeOffset>();
        harness.Receiver.Before = number =>
        {
            times.Add(harness.Clock.GetUtcNow());
            return number == 0 ? Status(HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(7)) : null;
        };
        await harness.StartAsync();
        harness.Append(1000, 1, Up);
        await harness.UntilAsync(() => harness.Receiver.Samples == 1, "the sample arrives");
        Assert.InRange((times[1] - times[0]).TotalSeconds, 7, 7.5);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Unauthorized)]
    public async Task ClientError_DropsTheRequestAndCounts(HttpStatusCode status)
    {
        await using var harness = new WriteHarness();
        await harness.StartAsync();
        harness.Append(1000, 1, Up);
        await harness.UntilAsync(() => harness.Receiver.Samples == 1, "the first sample arrives");
        double before = harness.Counter("prometheus_remote_storage_samples_failed_total");
        harness.Receiver.Before = number => number == 1 ? Status(status) : null;
        harness.Append(2000, 2, Up, Metric(1));
        await harness.UntilAsync(() => harness.Receiver.RequestCount == 2, "it is sent");
        harness.Append(3000, 3, Up);
        await harness.UntilAsync(() => harness.Receiver.Samples == 2, "the next sample arrives");
        Assert.Equal([1000L, 3000], harness.Receiver.SamplesOf(Up).Select(one => one.TimestampMs));
        Assert.Equal(before + 2, harness.Counter("prometheus_remote_storage_samples_failed_total"));
    }

    [Fact]
    public async Task SampleAgeLimit_DropsWhatIsOldAtFirstAndWhileItWaits()
    {
        await using var harness = new WriteHarness(config => config with { Queue = config.Queue with { SampleAgeLimit = TimeSpan.FromMinutes(1) } });
        bool down = true;
        harness.Receiver.Before = _ => down ? Status(HttpStatusCode.ServiceUnavailable) : null;
        await harness.StartAsync();
        double before = harness.Counter("prometheus_remote_storage_samples_dropped_total", "reason=too_old");
        long now = harness.Clock.NowMs;
        harness.Append(now - 100_000, 1, Up);
        harness.Append(now, 2, Up);
        await harness.UntilAsync(() => harness.Receiver.RequestCount > 2, "it is tried again");
        harness.Clock.Advance(TimeSpan.FromMinutes(2));
        await harness.UntilAsync(() => harness.Counter("prometheus_remote_storage_samples_dropped_total", "reason=too_old") == before + 2, "both are dropped");
        down = false;
        long later = harness.Clock.NowMs;
        harness.Append(later, 3, Up);
        await harness.UntilAsync(() => harness.Receiver.Samples == 1, "the young one arrives");
        Assert.Equal(later, harness.Receiver.SamplesOf(Up).Single().TimestampMs);
    }

    [Fact]
    public async Task HistogramsAndExemplars_AreSentIfAskedFor()
    {
        var histogram = new FloatHistogram
        {
            Schema = 2, Count = 6, Sum = 12.5, ZeroCount = 1, ZeroThreshold = 0.001, CounterResetHint = CounterResetHint.NotCounterReset,
            PositiveSpans = [new HistogramSpan(-2, 2), new HistogramSpan(3, 1)], PositiveBuckets = [1, 2.5, 1],
            NegativeSpans = [new HistogramSpan(0, 1)], NegativeBuckets = [0.5],
        };
        var custom = new FloatHistogram
        {
            Schema = FloatHistogram.CustomBucketsSchema, Count = 3, Sum = 4, PositiveSpans = [new HistogramSpan(0, 2)], PositiveBuckets = [1, 2], CustomValues = [0.5],
        };
        var exemplar = new Exemplar(Labels.Of(("trace_id", "abc")), 3, 1000, true);
        foreach (bool isVersion2 in new[] { false, true })
        {
            await using var harness = new WriteHarness(config => config with
            {
                SendExemplars = true,
                SendNativeHistograms = true,
                ProtobufMessage = isVersion2 ? "io.prometheus.write.v2.Request" : config.ProtobufMessage,
            });
            await harness.StartAsync();
            var batch = new SampleBatch();
            var up = harness.Store.Resolve(Up);
            batch.Add(up, 1000, 1);
            batch.Add(harness.Store.Resolve(Metric(1)), 1000, histogram);
            batch.Add(harness.Store.Resolve(Metric(2)), 1000, custom);
            batch.AddExemplar(up, exemplar);
            harness.Store.Append(batch);
            int expected = isVersion2 ? 2 : 1;      // version 1.0 has no custom buckets
            await harness.UntilAsync(() => harness.Receiver.Samples == 1 && harness.Receiver.Histograms.Count == expected, "samples arrive");
            var (labels, timestamp, received) = harness.Receiver.Histograms.Single(one => one.Labels == Metric(1));
            Assert.Equal(1000, timestamp);
            Assert.Equal(histogram.ToString(), received.ToString());
            Assert.Equal(histogram.PositiveSpans, received.PositiveSpans);
            Assert.Equal(histogram.CounterResetHint, received.CounterResetHint);
            if (isVersion2) Assert.Equal([0.5], harness.Receiver.Histograms.Single(one => one.Labels == Metric(2)).Histogram.CustomValues);
            Assert.Equal((Up, exemplar), harness.Receiver.Exemplars.Single());
        }
    }

    [Fact]
    public async Task Metadata_IsSentNowAndThen()
    {
        await using var harness = new WriteHarness(config => config with { Metadata = new RemoteMetadataConfig { MaxSamplesPerSend = 1 } });
        harness.Store.SetMetadata("up", new MetricMetadata("gauge", "Is it up?", ""));
        harness.Store.SetMetadata("requests", new MetricMetadata("counter", "Requests.", "seconds"));
        await harness.StartAsync();
        await harness.UntilAsync(() => harness.Receiver.Metadata.Count == 2, "metadata arrives");
        Assert.Equal(new MetricMetadata("counter", "Requests.", "seconds"), harness.Receiver.Metadata["requests"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task KilledAtAnyMoment_NothingIsLost(ulong seed)
    {
        var random = new SeededRandom(seed);
        await using var harness = new WriteHarness(config => config with
        {
            Queue = config.Queue with
            {
                MinShards = random.Next(1, 4), MaxShards = 4, Capacity = 600, MaxSamplesPerSend = random.Pick(10, 300), BatchSendDeadline = TimeSpan.FromSeconds(1),
            },
        });
        await harness.StartAsync();
        long timestamp = 1000;
        for (int round = 0; round < 6; round++)
        {
            // A receiver that is well, or down, or that stores a few requests and is gone before it answers the last of them.
            int mood = random.Next(3), requests = harness.Receiver.RequestCount, last = requests + random.Next(3);
            harness.Receiver.Before = number => mood == 1 || (mood == 2 && number > last) ? throw new HttpRequestException("connection refused") : null;
            harness.Receiver.After = number => mood == 2 && number >= last ? throw new HttpRequestException("connection reset") : null;
            for (int i = random.Next(1, 40); i > 0; i--) harness.Append(++timestamp, timestamp, [.. Enumerable.Range(0, 7).Select(Metric)]);
            if (random.Chance(30)) harness.Store.Flush(CancellationToken.None);     // the store's own log segments go
            await harness.UntilAsync(() => harness.Receiver.RequestCount > requests, "a request is made");
            if (random.Chance(50)) harness.Append(++timestamp, timestamp, [.. Enumerable.Range(0, 7).Select(Metric)]);
            await harness.KillAndStartAsync();
        }
        harness.Receiver.Before = harness.Receiver.After = static _ => null;
        int expected = (int)(timestamp - 1000) * 7;
        await harness.UntilAsync(() => harness.Receiver.Samples >= expected, $"seed {seed}: all {expected} samples arrive");
        for (int i = 0; i < 7; i++)
            Assert.Equal(Enumerable.Range(1001, (int)(timestamp - 1000)).Select(t => ((long)t, BitConverter.DoubleToUInt64Bits(t))), harness.Receiver.SamplesOf(Metric(i)));
    }

    [Fact]
    public async Task SegmentsAreKept_UntilTheyAreSent()
    {
        await using var harness = new WriteHarness();
        bool down = true;
        harness.Receiver.Before = _ => down ? Status(HttpStatusCode.InternalServerError) : null;
        await harness.StartAsync();
        for (int i = 0; i < 5; i++)
        {
            harness.Append(1000 + i, i, Up);
            harness.Store.Flush(CancellationToken.None);
        }
        Assert.Empty(harness.Disk.ListFiles("data/wal"));
        Assert.Equal(5, harness.Store.Kept.Count);
        down = false;
        await harness.UntilAsync(() => harness.Receiver.Samples == 5, "all samples arrive");
        await harness.UntilAsync(() => harness.Store.Kept.Count <= 1, "segments are given up");
    }

    [Fact]
    public async Task LogBound_DropsTheOldestAndSaysSo()
    {
        await using var harness = new WriteHarness { LogBytesMax = 400 };
        bool down = true;
        harness.Receiver.Before = _ => down ? Status(HttpStatusCode.InternalServerError) : null;
        await harness.StartAsync();
        double before = harness.Counter("vigie_remote_storage_log_dropped_bytes_total");
        for (int i = 0; i < 20; i++)
        {
            harness.Append(1000 + i, i, Up);
            harness.Store.Flush(CancellationToken.None);
        }
        await harness.UntilAsync(() => harness.Store.Kept.Sum(one => one.Bytes) <= 400, "segments are dropped");
        Assert.True(harness.Counter("vigie_remote_storage_log_dropped_bytes_total") > before);
        down = false;
        await harness.UntilAsync(() => harness.Receiver.SamplesOf(Up) is [.., (1019, _)], "the newest sample arrives");
    }

    [Fact]
    public async Task RemovedDestination_HoldsTheLogNoMore_AndReloadGoesOn()
    {
        await using var harness = new WriteHarness();
        await harness.StartAsync();
        harness.Append(1000, 1, Up);
        await harness.UntilAsync(() => harness.Receiver.Samples == 1, "the first sample arrives");
        harness.Receiver.Before = static _ => throw new HttpRequestException("connection refused");
        harness.Append(2000, 2, Up);
        var applying = harness.ApplyAsync(harness.Config with { Timeout = TimeSpan.FromSeconds(3) });
        await harness.UntilAsync(() => applying.IsCompleted, "the reload is done");
        harness.Receiver.Before = static _ => null;
        await harness.UntilAsync(() => harness.Receiver.Samples == 2, "the second sample arrives after the reload");
        var removing = harness.Service.ApplyAsync(new PrometheusConfig(), TestContext.Current.CancellationToken);
        await harness.UntilAsync(() => removing.IsCompleted, "the reload is done");
        Assert.Empty(harness.Store.Kept);
        Assert.Empty(harness.Disk.ListDirectories("data/remote-write"));
    }
}
