using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// What was deleted from one block: time ranges by series ordinal. Immutable. On disk beside the block, written atomically: version 1,
/// count, then per series ordinal, range count, ranges; CRC-32C of all that at the end.
/// </summary>
sealed class Tombstones
{
    const byte Version = 1;

    readonly Dictionary<int, TimeRange[]> _ranges;

    Tombstones(Dictionary<int, TimeRange[]> ranges) => _ranges = ranges;

    public static Tombstones None { get; } = new([]);

    public bool IsEmpty => _ranges.Count == 0;

    /// <summary>True if samples of the series were deleted.</summary>
    public bool Has(int ordinal) => _ranges.ContainsKey(ordinal);

    public Tombstones With(IEnumerable<int> ordinals, TimeRange range)
    {
        var ranges = new Dictionary<int, TimeRange[]>(_ranges);
        foreach (int ordinal in ordinals) ranges[ordinal] = [.. ranges.GetValueOrDefault(ordinal, []), range];
        return new Tombstones(ranges);
    }

    /// <summary>Removes the deleted samples from those that were read from <paramref name="start"/> on.</summary>
    public void Apply(int ordinal, SampleColumns samples, int start)
    {
        if (!_ranges.TryGetValue(ordinal, out var ranges)) return;
        int count = samples.Count - start;
        var times = samples.Timestamps[start..].ToArray();
        var values = samples.Values[start..].ToArray();
        var histograms = samples.HasHistograms ? samples.Histograms[start..].ToArray() : null;
        samples.Truncate(start);
        for (int i = 0; i < count; i++)
        {
            if (Array.Exists(ranges, range => range.Contains(times[i]))) continue;
            if (histograms?[i] is { } histogram) samples.Add(times[i], histogram);
            else samples.Add(times[i], values[i]);
        }
    }

    public void Write(ByteBuffer output)
    {
        int start = output.Length;
        output.WriteByte(Version);
        output.WriteVarint((ulong)_ranges.Count);
        foreach (var (ordinal, ranges) in _ranges)
        {
            output.WriteVarint((ulong)ordinal);
            output.WriteVarint((ulong)ranges.Length);
            foreach (var range in ranges)
            {
                output.WriteSigned(range.StartMs);
                output.WriteSigned(range.EndMs);
            }
        }
        output.WriteUInt32(Crc32C.Of(output.Written[start..]));
    }

    /// <summary>Null if the bytes are damaged.</summary>
    public static Tombstones? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 5 || Crc32C.Of(bytes[..^4]) != System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..])) return null;
        var input = new ByteReader(bytes[..^4]);
        if (input.ReadByte() != Version) return null;
        var all = new Dictionary<int, TimeRange[]>();
        for (int series = input.ReadCount(2); series > 0; series--)
        {
            int ordinal = (int)input.ReadVarint();
            var ranges = new TimeRange[input.ReadCount(2)];
            for (int i = 0; i < ranges.Length; i++) ranges[i] = new TimeRange(input.ReadSigned(), input.ReadSigned());
            all[ordinal] = ranges;
        }
        return input.Failed ? null : new Tombstones(all);
    }
}
