using System.Globalization;
using Vigie.Protocols.Exposition;
using Vigie.Protocols.Protobuf;
using Vigie.Testing;

namespace Vigie.Protocols.Tests.Exposition;

public sealed class ProtobufExpositionReaderTests
{
    // Fields of io.prometheus.client messages.
    const int Metric = 4, Label = 1, Gauge = 2, Counter = 3, Summary = 4, Histogram = 7;
    const int PositiveSpan = 12, PositiveDelta = 13, PositiveCount = 14;

    static byte[] Message(Action<ProtobufWriter> write)
    {
        var writer = new ProtobufWriter();
        write(writer);
        return writer.Written.ToArray();
    }

    static byte[] Page(params byte[][] families) => Message(page =>
    {
        foreach (byte[] family in families)
        {
            page.PackedVarint((ulong)family.Length);
            page.Append(family);
        }
    });

    static byte[] Family(int type, params byte[][] metrics) => Message(family =>
    {
        family.Text(1, "f");
        family.Varint(3, (ulong)type);
        foreach (byte[] metric in metrics) family.Bytes(Metric, metric);
    });

    static byte[] Value(int field, Action<ProtobufWriter> write) => Message(metric => metric.Bytes(field, Message(write)));

    static List<string> Read(ReadOnlySpan<byte> page, bool alwaysClassic = false)
    {
        var entries = new List<string>();
        var reader = new ProtobufExpositionReader(page, new ProtobufOptions(NativeHistograms: true, alwaysClassic));
        while (true)
        {
            var entry = reader.Read();
            if (entry == ExpositionEntry.End) return entries;
            if (entry is not (ExpositionEntry.Sample or ExpositionEntry.Histogram)) continue;
            string value = reader.Histogram?.ToString() ?? reader.Value.ToString(CultureInfo.InvariantCulture);
            entries.Add($"{string.Join(',', reader.Labels)} {value}{string.Concat(reader.Exemplars.Select(exemplar => $" # {exemplar.Value}"))}");
        }
    }

    /// <summary>Messages with a field that the schema knows, of another type than it says.</summary>
    public static TheoryData<string, byte[], string> BrokenPages => new()
    {
        { "metric", Page(Message(family =>
            {
                family.Text(1, "f");
                family.Varint(3, 1);
                family.Bytes(Metric, Value(Gauge, gauge => gauge.Double(1, 7)));
                family.Varint(Metric, 3);
            })), "wrong wireType = 0 for field 4, expected 2" },
        { "name", Page(Message(family => family.Double(1, 7))), "wrong wireType = 1 for field 1, expected 2" },
        { "help", Page(Message(family => family.Varint(2, 7))), "wrong wireType = 0 for field 2, expected 2" },
        { "type", Page(Message(family => family.Text(3, "x"))), "wrong wireType = 2 for field 3, expected 0" },
        { "label", Page(Family(1, Message(metric =>
            {
                metric.Text(Label, "");
                metric.Varint(Label, 7);
            }))), "wrong wireType = 0 for field 1, expected 2" },
        { "gauge", Page(Family(1, Message(metric => metric.Varint(Gauge, 7)))), "wrong wireType = 0 for field 2, expected 2" },
        { "gauge's value", Page(Family(1, Value(Gauge, gauge => gauge.Varint(1, 7)))), "wrong wireType = 0 for field 1, expected 1" },
        { "timestamp", Page(Family(1, Message(metric => metric.Double(6, 7)))), "wrong wireType = 1 for field 6, expected 0" },
        { "counter's exemplar", Page(Family(0, Value(Counter, counter => counter.Double(2, 7)))), "wrong wireType = 1 for field 2, expected 2" },
        { "summary's count", Page(Family(2, Value(Summary, summary => summary.Double(1, 7)))), "wrong wireType = 1 for field 1, expected 0" },
        { "histogram's bucket", Page(Family(4, Value(Histogram, histogram =>
            {
                histogram.Varint(1, 3);
                histogram.Varint(3, 7);
            }))), "wrong wireType = 0 for field 3, expected 2" },
        { "span", Page(Family(4, Value(Histogram, histogram => histogram.Varint(PositiveSpan, 7)))), "wrong wireType = 0 for field 12, expected 2" },
        { "delta", Page(Family(4, Value(Histogram, histogram => histogram.Double(PositiveDelta, 7)))), "wrong wireType = 1 for field 13, expected 0" },
        { "bucket count", Page(Family(4, Value(Histogram, histogram => histogram.Varint(PositiveCount, 7)))),
            "wrong wireType = 0 for field 14, expected 1" },
        { "end of packed counts", Page(Family(4, Value(Histogram, histogram => histogram.Bytes(PositiveCount, new byte[12])))),
            "unexpected end of input at byte 8" },
        { "field 0", Page(Family(1, Message(metric => metric.Append([0, 1])))), "illegal tag 0 (wire type 0)" },
        { "field beyond 2^29", Page(Family(1, Message(metric => metric.Append([0x82, 0x80, 0x80, 0x80, 0x10, 0])))),
            "illegal tag 536870912 (wire type 2)" },
        { "open group", Page(Family(1, Message(metric => metric.Append([99 << 3 & 0x7f | 0x80 | 3, 6, 8, 1])))), "unexpected end of input" },
        { "span length", Page(Family(4, Value(Histogram, histogram => histogram.Bytes(PositiveSpan, Message(span => span.Varint(2, 1UL << 31)))))),
            "histogram: positive side: found a span of 2147483648 buckets, expected at most 20000" },
        { "buckets", Page(Family(4, Value(Histogram, histogram => histogram.Bytes(PositiveDelta, new byte[20_001])))),
            "histogram: positive side: found more than 20000 buckets" },
        { "spans", Page(Family(4, Value(Histogram, histogram =>
            {
                for (int i = 0; i <= 20_000; i++) histogram.Bytes(PositiveSpan, []);
            }))), "histogram: positive side: found more than 20000 spans" },
    };

    [Theory]
    [MemberData(nameof(BrokenPages))]
    public void Read_BrokenMessage_IsRefusedWithTheFamily(string what, byte[] page, string expected)
    {
        var problem = Assert.Throws<ExpositionException>(() => Read(page));
        Assert.Contains(expected, problem.Message);
        Assert.True(problem.Message.EndsWith("at byte 0 of the page)", StringComparison.Ordinal), $"{what}: {problem.Message}");
    }

    [Fact]
    public void Read_SecondFamilyBroken_SaysWhichAndWhere()
    {
        byte[] good = Family(1, Value(Gauge, gauge => gauge.Double(1, 7)));
        byte[] page = Page(good, Family(1, Message(metric => metric.Varint(Gauge, 7))));
        var problem = Assert.Throws<ExpositionException>(() => Read(page));
        Assert.Equal("proto: wrong wireType = 0 for field 2, expected 2, at byte 1 (in family \"f\" at byte 19 of the page)", problem.Message);
    }

    [Fact]
    public void Read_UnknownFieldsOfAnyType_AreSkipped()
    {
        byte[] unknown = Message(fields =>
        {
            fields.Varint(99, 7);
            fields.Double(99, 7);
            fields.Text(99, "x");
            fields.Append([0x9d, 6, 1, 2, 3, 4]);                     // fixed32
            fields.Append([0x9b, 6, 0x9b, 6, 8, 1, 0x9c, 6, 0x9c, 6]);      // a group in a group
        });
        byte[] page = Page(Message(family =>
        {
            family.Append(unknown);
            family.Append(Family(1, Message(metric =>
            {
                metric.Append(unknown);
                metric.Bytes(Gauge, Message(gauge =>
                {
                    gauge.Append(unknown);
                    gauge.Double(1, 7);
                    gauge.Append(unknown);
                }));
            })));
            family.Append(unknown);
        }));
        Assert.Equal(["__name__=\"f\" 7"], Read(page).Select(entry => entry.Replace("Label { Name = __name__, Value = f }", "__name__=\"f\"")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_RepeatedNumbers_PackedOrNot(bool packed)
    {
        byte[] integers = Page(Family(4, Value(Histogram, histogram =>
        {
            histogram.Varint(1, 6);
            histogram.Bytes(PositiveSpan, Message(span => span.Varint(2, 3)));
            if (packed) histogram.Bytes(PositiveDelta, [2, 2, 1]);
            else foreach (long delta in (long[])[1, 1, -1]) histogram.ZigZag(PositiveDelta, delta);
        })));
        byte[] floats = Page(Family(4, Value(Histogram, histogram =>
        {
            histogram.Double(4, 6);
            histogram.Bytes(PositiveSpan, Message(span => span.Varint(2, 3)));
            if (packed) histogram.Doubles(PositiveCount, [1, 2, 1]);
            else foreach (double count in (double[])[1, 2, 1]) histogram.Double(PositiveCount, count);
        })));
        foreach (byte[] page in (byte[][])[integers, floats])
        {
            var reader = new ProtobufExpositionReader(page, new ProtobufOptions(true, false));
            while (reader.Read() != ExpositionEntry.Histogram) Assert.Null(reader.Histogram);
            Assert.Equal([1, 2, 1], reader.Histogram!.PositiveBuckets);
        }
    }

    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(20)];

    /// <summary>Every kind of family, with labels, exemplars, timestamps, classic and native buckets.</summary>
    static byte[] RichPage(SeededRandom random)
    {
        byte[] timestamp = Message(time =>
        {
            time.Int64(1, random.NextInt64() >> random.Next(64));
            time.Int64(2, random.Next(1_000_000_000));
        });
        byte[] label = Message(pair =>
        {
            pair.Text(1, random.NextText(random.Next(5)));
            pair.Text(2, random.NextText(random.Next(5), "aé€\"\\\n"));
        });
        byte[] exemplar = Message(fields =>
        {
            fields.Bytes(1, label);
            fields.Double(2, random.NextSampleValue());
            if (random.Chance(70)) fields.Bytes(3, timestamp);
        });
        byte[] histogram = Message(fields =>
        {
            if (random.Chance(70)) fields.Varint(1, (ulong)random.Next(1000));
            else fields.Double(4, random.Next(1000));
            fields.Double(2, random.NextSampleValue());
            for (int i = random.Next(4); i > 0; i--)
            {
                fields.Bytes(3, Message(bucket =>
                {
                    bucket.Varint(1, (ulong)random.Next(1000));
                    bucket.Double(2, i == 1 ? double.PositiveInfinity : -i);
                    if (random.Chance(50)) bucket.Bytes(3, exemplar);
                }));
            }
            fields.ZigZag(5, random.Next(-4, 9));
            foreach (int first in (int[])[9, 12])
            {
                int length = random.Next(4);
                fields.Bytes(first, Message(span =>
                {
                    span.ZigZag(1, random.Next(-5, 5));
                    span.Varint(2, (ulong)length);
                }));
                fields.Bytes(first + 1, random.NextBytes(length).Select(delta => (byte)(delta & 0x7f)).ToArray());
                fields.Doubles(first + 2, new double[length]);
            }
            if (random.Chance(50)) fields.Bytes(16, exemplar);
        });
        byte[] quantile = Message(fields =>
        {
            fields.Double(1, random.NextDouble());
            fields.Double(2, random.NextSampleValue());
        });
        byte[] Of(int field, Action<ProtobufWriter> write) => Message(metric =>
        {
            metric.Bytes(Label, label);
            metric.Bytes(field, Message(write));
            if (random.Chance(30)) metric.Int64(6, random.NextInt64());
        });
        return Page(
            Family(0, Of(Counter, counter =>
            {
                counter.Double(1, 5);
                counter.Bytes(2, exemplar);
                counter.Bytes(3, timestamp);
            })),
            Family(1, Of(Gauge, gauge => gauge.Double(1, 7)), Of(Gauge, gauge => gauge.Double(1, 8))),
            Family(2, Of(Summary, summary =>
            {
                summary.Varint(1, 3);
                summary.Double(2, 9);
                summary.Bytes(3, quantile);
                summary.Bytes(3, quantile);
            })),
            Family(4, Of(Histogram, fields => fields.Append(histogram))),
            Family(5, Of(Histogram, fields => fields.Append(histogram))));
    }

    /// <summary>Flipped bits, other bytes, and pages cut short give what stands there or the one exception, never another.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Read_DamagedPages_NeverFailOtherwise(ulong seed)
    {
        var random = new SeededRandom(seed);
        int refused = 0, read = 0;
        for (int i = 0; i < 1000; i++)
        {
            byte[] bytes = RichPage(random);
            for (int damage = random.Next(4); damage > 0; damage--)
            {
                ref byte at = ref bytes[random.Next(bytes.Length)];
                at = random.Chance(50) ? (byte)(at ^ (1 << random.Next(8))) : (byte)random.Next(256);
            }
            if (random.Chance(30)) bytes = bytes[..random.Next(bytes.Length)];
            try
            {
                Read(bytes, alwaysClassic: random.Chance(50));
                read++;
            }
            catch (ExpositionException problem)
            {
                Assert.Equal(0, problem.Line);
                refused++;
            }
        }
        Assert.True(read > 50 && refused > 50, $"{read} pages read, {refused} refused: the test tries only one of both");
    }
}
