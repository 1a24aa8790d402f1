using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.Otlp;

/// <summary>A HistogramDataPoint of metrics.proto: explicit bounds. Reused from point to point.</summary>
sealed class ExplicitPoint
{
    public const int BucketsMax = 20_000;

    ulong[] _counts = new ulong[32];
    double[] _bounds = new double[32];
    int _countLength, _boundLength;

    public ulong StartNs { get; set; }
    public ulong TimeNs { get; private set; }
    public ulong Count { get; set; }
    public double Sum { get; set; }
    public bool HasSum { get; private set; }

    /// <summary>Flag: no value was recorded, the series has ended.</summary>
    public bool IsStale { get; private set; }

    public Span<ulong> Counts => _counts.AsSpan(0, _countLength);
    public ReadOnlySpan<double> Bounds => _bounds.AsSpan(0, _boundLength);

    /// <exception cref="ProtocolException">The message is malformed.</exception>
    /// <exception cref="OtlpRefusal">Too many buckets.</exception>
    public void Read(ReadOnlySpan<byte> message)
    {
        (StartNs, TimeNs, Count, Sum, HasSum, IsStale) = (0, 0, 0, 0, false, false);
        (_countLength, _boundLength) = (0, 0);
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: StartNs = reader.ReadFixed64(); break;
                case 3: TimeNs = reader.ReadFixed64(); break;
                case 4: Count = reader.ReadFixed64(); break;
                case 5:
                    Sum = reader.ReadDouble();
                    HasSum = true;
                    break;
                case 6:
                    var counts = reader.ReadList(WireType.Fixed64);
                    while (!counts.AtEnd) AddCount(counts.ReadFixed64());
                    break;
                case 7:
                    var bounds = reader.ReadList(WireType.Fixed64);
                    while (!bounds.AtEnd) AddBound(bounds.ReadDouble());
                    break;
                case 10: IsStale = (reader.ReadVarint() & 1) != 0; break;
                default: reader.Skip(); break;
            }
        }
    }

    void AddCount(ulong count)
    {
        Grow(ref _counts, _countLength);
        _counts[_countLength++] = count;
    }

    void AddBound(double bound)
    {
        Grow(ref _bounds, _boundLength);
        _bounds[_boundLength++] = bound;
    }

    static void Grow<T>(ref T[] array, int length)
    {
        if (length >= BucketsMax) throw new OtlpRefusal($"found a histogram of more than {BucketsMax} buckets");
        if (length == array.Length) Array.Resize(ref array, length * 2);
    }
}
