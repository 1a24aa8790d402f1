using System.Buffers;
using System.Text;
using Vigie.Model;
using Vigie.Protocols.Exposition;
using Vigie.Testing;

namespace Vigie.Protocols.Tests.Exposition;

public sealed class ExpositionReaderTests
{
    const string TextPage = """
        # HELP http_requests_total Requests \\ handled.
        # TYPE http_requests_total counter
        http_requests_total{method="GET",path="/a\"b",} 1027 1395066363000
        # a comment
        {"utf8.name", "label name"="x\ny"} -3.5e-3

        # TYPE h histogram
        h_bucket{le="0.5"} 1
        h_bucket{le="+Inf"} 2
        plain NaN
        """;

    const string OpenMetricsPage = """
        # TYPE c counter
        # UNIT c_seconds seconds
        # HELP c Help.
        c_total{a="b"} 17 1520879607.789 # {trace_id="abc"} 0.5 1520879607
        # TYPE s stateset
        s{s="on"} 1
        # EOF

        """;

    public static TheoryData<string, ExpositionFormat> Pages => new()
    {
        { TextPage, ExpositionFormat.Text }, { OpenMetricsPage, ExpositionFormat.OpenMetrics },
    };

    static List<string> Read(ReadOnlySpan<byte> page, ExpositionFormat format)
    {
        var entries = new List<string>();
        var labels = new List<Label>();
        var reader = new ExpositionReader(page, format);
        while (true)
        {
            var entry = reader.Read();
            if (entry == ExpositionEntry.End) return entries;
            if (entry == ExpositionEntry.Sample)
            {
                reader.ReadLabels(labels);
                string exemplar = reader.HasExemplar ? $" # {reader.ReadExemplar().Labels}" : "";
                entries.Add($"{string.Join(',', labels)} {reader.Value} {(reader.HasTimestamp ? reader.TimestampMs : "")}{exemplar}");
            }
            else entries.Add($"{entry} {(entry == ExpositionEntry.Comment ? "" : reader.ReadName())} {reader.ReadHelp()}");
        }
    }

    [Fact]
    public void ReadLabels_AfterASeriesWithTheSameTexts_KeepsItsStrings()
    {
        const string Page = """
            a{name="same",value="1",more="x"} 1
            a{name="same",value="2"} 1
            a{name="é",value="a\\\\b"} 1
            a{name="é",value="a\\b"} 1

            """;
        var reader = new ExpositionReader(Encoding.UTF8.GetBytes(Page), ExpositionFormat.Text);
        var labels = new List<Label>();
        Assert.Equal(["__name__=a", "name=same", "value=1", "more=x"], Next(ref reader));
        string[] before = [.. labels.Take(2).SelectMany(static label => new[] { label.Name, label.Value })];
        Assert.Equal(["__name__=a", "name=same", "value=2"], Next(ref reader));
        string[] after = [.. labels.Take(2).SelectMany(static label => new[] { label.Name, label.Value })];
        Assert.All(before.Zip(after), static pair => Assert.Same(pair.First, pair.Second));
        Assert.Equal(["__name__=a", "name=é", @"value=a\\b"], Next(ref reader));
        Assert.Equal(["__name__=a", "name=é", @"value=a\b"], Next(ref reader));

        IEnumerable<string> Next(ref ExpositionReader from)
        {
            Assert.Equal(ExpositionEntry.Sample, from.Read());
            from.ReadLabels(labels);
            return [.. labels.Select(static label => $"{label.Name}={label.Value}")];
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Read_EveryPrefix_GivesEntriesOrAnError(string page, ExpositionFormat format)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(page);
        var whole = Read(bytes, format);
        for (int length = 0; length < bytes.Length; length++)
        {
            try
            {
                var entries = Read(bytes.AsSpan(0, length), format);
                Assert.True(entries.Count <= whole.Count);
            }
            catch (ExpositionException problem)
            {
                Assert.InRange(problem.Line, 1, 1 + page.Count(c => c == '\n'));
            }
        }
    }

    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Read_DamagedPages_NeverFailOtherwise(ulong seed)
    {
        var random = new SeededRandom(seed);
        for (int i = 0; i < 500; i++)
        {
            bool text = random.Chance(50);
            byte[] bytes = Encoding.UTF8.GetBytes(text ? TextPage : OpenMetricsPage);
            for (int damage = 1 + random.Next(3); damage > 0; damage--)
                bytes[random.Next(bytes.Length)] = random.Chance(50) ? random.Pick("{}\"\\#=, \n\t\0a1"u8) : (byte)random.Next(256);
            try
            {
                Read(bytes, text ? ExpositionFormat.Text : ExpositionFormat.OpenMetrics);
            }
            catch (ExpositionException)
            {
                // What must come of a bad page.
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Write_ThenRead_GivesTheSameSamples(ulong seed)
    {
        var random = new SeededRandom(seed);
        foreach (var format in (ExpositionFormat[])[ExpositionFormat.Text, ExpositionFormat.OpenMetrics])
        {
            var output = new ArrayBufferWriter<byte>();
            var writer = new ExpositionWriter(output, format);
            var expected = new List<string>();
            for (int i = 0; i < 50; i++)
            {
                string name = random.Chance(20) ? "a.b \"\\\n€" + i : "metric_" + i;
                writer.Family(name, MetricKind.Gauge, "Help \\ of\n\"it\"");
                expected.Add($"Help {name} Help \\ of\n\"it\"");
                expected.Add($"Type {name} gauge");
                Label[] labels = [new("l", random.NextText(5, "ab\\\"\né{}")), new("über", "x")];
                double value = random.NextSampleValue();
                if (StaleMarker.IsStale(value)) value = 0;
                // Seconds are cut to milliseconds as floating-point numbers, as in Prometheus: only such fractions come back unchanged.
                long? timestampMs = random.Chance(50) ? random.Next(2_000_000_000) * 1000L + random.Pick(0, 250, 500) : null;
                writer.Sample(name, labels, value, timestampMs);
                expected.Add($"{string.Join(',', [new Label("__name__", name), .. labels])} {value} {timestampMs}");
            }
            writer.End();
            Assert.Equal(expected, Read(output.WrittenSpan, format));
        }
    }

    [Fact]
    public void TryReadKnown_OtherwiseNothingIsConsumed()
    {
        var reader = new ExpositionReader("a 1\nab 2\na 3 5\na x\n"u8, ExpositionFormat.Text);
        Assert.True(reader.TryReadKnown("a"u8, MetricKind.Gauge));
        Assert.Equal((1.0, MetricKind.Gauge), (reader.Value, reader.Kind));
        Assert.False(reader.TryReadKnown("a"u8, MetricKind.Gauge));
        Assert.True(reader.TryReadKnown("ab"u8, MetricKind.Gauge));
        Assert.False(reader.TryReadKnown("a"u8, MetricKind.Gauge));
        Assert.Equal(ExpositionEntry.Sample, reader.Read());
        Assert.Equal(5, reader.TimestampMs);
        Assert.False(reader.TryReadKnown("a"u8, MetricKind.Gauge));
    }
}
