using Vigie.Model;
using Vigie.PromQL.Testing;
using Vigie.Testing;

namespace Vigie.PromQL.Tests.Generation;

/// <summary>A store of series from a seed: counters with resets, gauges, gaps, staleness markers, NaN, infinities, classic and native histograms.</summary>
static class RandomSeries
{
    public const long StartMs = 1_700_000_000_000, ScrapeMs = 15_000;
    public const int Scrapes = 120;

    public static MemorySampleStore Make(SeededRandom random, int seriesPerMetric = 6)
    {
        var store = new MemorySampleStore();
        for (int i = 0; i < seriesPerMetric; i++)
        {
            string job = random.Pick("api", "db", "web");
            Counter(store, random, Name("requests_total", job, i).With("code", random.Pick("200", "500")));
            Gauge(store, random, Name("temperature", job, i));
            Gauge(store, random, Name("memory_bytes", job, i));
            Native(store, random, Name("native_seconds", job, i));
            foreach (string bound in (string[])["0.1", "1", "10", "+Inf"]) Counter(store, random, Name("latency_bucket", job, i).With("le", bound));
        }
        return store;
    }

    static Labels Name(string metric, string job, int instance) =>
        Labels.Of((LabelNames.MetricName, metric), ("job", job), ("instance", "host" + instance));

    static void Counter(MemorySampleStore store, SeededRandom random, Labels labels)
    {
        double value = 0;
        Scrape(random, time =>
        {
            value = random.Chance(3) ? random.Next(5) : value + random.Next(20);
            store.Add(labels, time, random.Chance(1) ? StaleMarker.Value : value);
        });
    }

    static void Gauge(MemorySampleStore store, SeededRandom random, Labels labels) => Scrape(random, time => store.Add(labels, time, random.Next(100) switch
    {
        0 => double.NaN,
        1 => double.PositiveInfinity,
        2 => double.NegativeInfinity,
        3 => StaleMarker.Value,
        4 => 0,
        _ => (random.NextDouble() - 0.5) * 200,
    }));

    static void Native(MemorySampleStore store, SeededRandom random, Labels labels)
    {
        int schema = random.Next(0, 3);
        var sum = new FloatHistogram { Schema = schema };
        Scrape(random, time =>
        {
            if (random.Chance(2)) sum = new FloatHistogram { Schema = schema };
            int offset = random.Next(-3, 4);
            double[] counts = [random.Next(5), random.Next(5), random.Next(5)];
            sum = sum.Copy();
            sum.Add(new FloatHistogram
            {
                Schema = schema, Count = counts.Sum(), Sum = random.NextDouble() * 50, PositiveSpans = [new HistogramSpan(offset, 3)], PositiveBuckets = counts,
            });
            store.Add(labels, time, sum.Copy());
        });
    }

    static void Scrape(SeededRandom random, Action<long> add)
    {
        for (int i = 0; i < Scrapes; i++)
            if (!random.Chance(5)) add(StartMs + i * ScrapeMs + random.Next(200));
    }
}
