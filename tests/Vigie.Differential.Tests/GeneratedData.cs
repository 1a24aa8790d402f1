using System.Buffers.Binary;
using System.Text;

namespace Vigie.Differential.Tests;

/// <summary>
/// Series from a seed: counters with resets, gauges, gaps, staleness markers, NaN and infinities, classic and native histograms; sent to both
/// servers by remote write 1.0.
/// </summary>
sealed class GeneratedData(int seed, long endMs)
{
    public const int StepMs = 15_000, Steps = 240;
    const ulong StaleBits = 0x7ff0000000000002;
    static readonly string[] Buckets = ["0.1", "0.5", "1", "2.5", "+Inf"];

    public long StartMs { get; } = endMs - (long)StepMs * (Steps - 1);
    public long EndMs { get; } = endMs;

    readonly List<(SortedDictionary<string, string> Labels, List<(long TimestampMs, byte[] Sample, bool IsHistogram)> Samples)> _series = [];

    /// <summary>Requests to send one after the other, each a compressed WriteRequest with a slice of time of every series.</summary>
    public IEnumerable<byte[]> Requests()
    {
        Generate();
        const int SliceSteps = 20;
        for (int slice = 0; slice < Steps; slice += SliceSteps)
        {
            long from = StartMs + (long)slice * StepMs, to = from + (long)SliceSteps * StepMs;
            var request = new List<byte>();
            foreach (var (labels, samples) in _series)
            {
                var series = new List<byte>();
                foreach (var (name, value) in labels)
                    Message(series, 1, [.. Field(1, Encoding.UTF8.GetBytes(name)), .. Field(2, Encoding.UTF8.GetBytes(value))]);
                bool any = false;
                foreach (var (timestampMs, sample, isHistogram) in samples)
                {
                    if (timestampMs < from || timestampMs >= to) continue;
                    Message(series, isHistogram ? 4 : 2, sample);
                    any = true;
                }
                if (any) Message(request, 1, series.ToArray());
            }
            yield return IronSnappy.Snappy.Encode(request.ToArray()).ToArray();
        }
    }

    void Generate()
    {
        var random = new Random(seed);
        foreach (string job in new[] { "api", "web", "db" })
        {
            for (int instance = 0; instance < 4; instance++)
            {
                var common = new (string, string)[] { ("job", job), ("instance", $"host{instance}:9100") };
                foreach (string status in new[] { "200", "404", "500" })
                    Add("requests_total", [.. common, ("status", status)], Counter(random, 50));
                Add("cpu_seconds_total", common, Counter(random, 0.9));
                Add("temperature", common, Gauge(random));
                Add("memory_bytes", common, Gauge(random).Select(v => v is { } x ? Math.Round(x * 1e6) : (double?)null));
                Add("build_info", [.. common, ("version", $"1.{random.Next(3)}")], Enumerable.Repeat((double?)1, Steps));
                if (instance == 0) Add("odd", common, Odd(random));
                if (instance < 2) ClassicHistogram(common, random);
                if (instance < 2) NativeHistogram(common, random);
            }
        }
    }

    void Add(string name, (string, string)[] labels, IEnumerable<double?> values)
    {
        var samples = new List<(long, byte[], bool)>();
        long at = StartMs;
        foreach (var value in values)
        {
            if (value is { } number) samples.Add((at, Sample(number, at), false));
            at += StepMs;
        }
        _series.Add((LabelsOf(name, labels), samples));
    }

    static SortedDictionary<string, string> LabelsOf(string name, (string Name, string Value)[] labels)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["__name__"] = name };
        foreach (var (label, value) in labels) all[label] = value;
        return all;
    }

    static IEnumerable<double?> Counter(Random random, double perStep)
    {
        double value = 0;
        for (int i = 0; i < Steps; i++)
        {
            if (random.Next(60) == 0) value = 0;
            value += random.Next(10) == 0 ? 0 : random.NextDouble() * perStep;
            yield return random.Next(25) == 0 ? null : random.Next(80) == 0 ? BitConverter.UInt64BitsToDouble(StaleBits) : perStep > 1 ? Math.Floor(value) : value;
        }
    }

    static IEnumerable<double?> Gauge(Random random)
    {
        double value = random.NextDouble() * 100;
        int gap = 0;
        for (int i = 0; i < Steps; i++)
        {
            value += random.NextDouble() * 4 - 2;
            if (random.Next(70) == 0) gap = random.Next(5, 40);
            if (gap-- > 0) yield return null;
            else yield return random.Next(60) == 0 ? double.NaN : Math.Round(value, 3);
        }
    }

    static IEnumerable<double?> Odd(Random random)
    {
        double[] values = [0, -0.0, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e300, -1e300, 1e-300, 0.1, 12345678901234567];
        for (int i = 0; i < Steps; i++) yield return values[random.Next(values.Length)];
    }

    void ClassicHistogram((string, string)[] common, Random random)
    {
        var counts = new double[Buckets.Length];
        var rows = new double?[Buckets.Length][];
        for (int b = 0; b < Buckets.Length; b++) rows[b] = new double?[Steps];
        var sums = new double?[Steps];
        double sum = 0;
        for (int i = 0; i < Steps; i++)
        {
            for (int n = random.Next(20); n > 0; n--)
            {
                double value = Math.Abs(random.NextDouble() * random.NextDouble() * 4);
                sum += value;
                for (int b = 0; b < Buckets.Length; b++)
                    if (b == Buckets.Length - 1 || value <= double.Parse(Buckets[b], System.Globalization.CultureInfo.InvariantCulture)) counts[b]++;
            }
            for (int b = 0; b < Buckets.Length; b++) rows[b][i] = counts[b];
            sums[i] = sum;
        }
        for (int b = 0; b < Buckets.Length; b++) Add("latency_seconds_bucket", [.. common, ("le", Buckets[b])], rows[b]);
        Add("latency_seconds_sum", common, sums);
        Add("latency_seconds_count", common, rows[^1]);
    }

    /// <summary>An exponential float histogram of schema 2 with a run of six buckets.</summary>
    void NativeHistogram((string, string)[] common, Random random)
    {
        var samples = new List<(long, byte[], bool)>();
        var buckets = new double[6];
        double sum = 0, zero = 0;
        for (int i = 0; i < Steps; i++)
        {
            if (random.Next(90) == 0)
            {
                Array.Clear(buckets);
                sum = zero = 0;
            }
            for (int b = 0; b < buckets.Length; b++) buckets[b] += random.Next(4);
            zero += random.Next(2);
            sum += random.NextDouble() * 10;
            long at = StartMs + (long)i * StepMs;
            var bytes = new List<byte>();
            Double(bytes, 2, buckets.Sum() + zero);
            Double(bytes, 3, sum);
            Varint(bytes, 4, 4);
            Double(bytes, 5, 1e-128);
            Double(bytes, 7, zero);
            var span = new List<byte>();
            Varint(span, 1, 2);
            Varint(span, 2, (ulong)buckets.Length);
            Message(bytes, 11, [.. span]);
            var packed = new byte[buckets.Length * 8];
            for (int b = 0; b < buckets.Length; b++) BinaryPrimitives.WriteDoubleLittleEndian(packed.AsSpan(b * 8), buckets[b]);
            Message(bytes, 13, packed);
            Varint(bytes, 15, (ulong)at);
            samples.Add((at, [.. bytes], true));
        }
        _series.Add((LabelsOf("native_seconds", common), samples));
    }

    static byte[] Sample(double value, long timestampMs)
    {
        var bytes = new List<byte>();
        Double(bytes, 1, value);
        Varint(bytes, 2, (ulong)timestampMs);
        return [.. bytes];
    }

    static byte[] Field(int number, byte[] body)
    {
        var bytes = new List<byte>();
        Message(bytes, number, body);
        return [.. bytes];
    }

    static void Message(List<byte> output, int field, byte[] body)
    {
        Number(output, (ulong)(field << 3 | 2));
        Number(output, (ulong)body.Length);
        output.AddRange(body);
    }

    static void Varint(List<byte> output, int field, ulong value)
    {
        Number(output, (ulong)(field << 3));
        Number(output, value);
    }

    static void Double(List<byte> output, int field, double value)
    {
        Number(output, (ulong)(field << 3 | 1));
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        output.AddRange(bytes);
    }

    static void Number(List<byte> output, ulong value)
    {
        for (; value >= 128; value >>= 7) output.Add((byte)(value & 127 | 128));
        output.Add((byte)value);
    }
}
