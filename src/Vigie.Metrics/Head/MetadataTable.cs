using System.Buffers.Binary;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// Type, help and unit of metric families. Bounded: of a family the newest distinct entries are kept, and of families the first. Safe for concurrent
/// use. Kept in the file <c>METADATA</c> (docs/formats/metadata.md) from one start to the next.
/// </summary>
sealed class MetadataTable
{
    public const string FileName = "METADATA";
    const int EntriesPerFamilyMax = 10;
    const int FamiliesMax = 100_000;
    const uint Magic = 0x54454D56;      // "VMET"
    const byte Version = 1;

    readonly Lock _lock = new();
    readonly Dictionary<string, List<MetricMetadata>> _families = new(StringComparer.Ordinal);
    bool _changed;

    /// <summary>Families that were not remembered because there are too many.</summary>
    public long Refused { get; private set; }

    public void Set(string family, in MetricMetadata metadata)
    {
        lock (_lock)
        {
            if (!_families.TryGetValue(family, out var entries))
            {
                if (_families.Count == FamiliesMax)
                {
                    Refused++;
                    return;
                }
                _families[family] = entries = [];
            }
            if (entries.Contains(metadata)) return;
            if (entries.Count == EntriesPerFamilyMax) entries.RemoveAt(0);
            entries.Add(metadata);
            _changed = true;
        }
    }

    public IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>> Snapshot()
    {
        lock (_lock)
            return _families.ToDictionary(f => f.Key, f => (IReadOnlyList<MetricMetadata>)f.Value.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>Writes the file if anything changed since it was written or read.</summary>
    /// <exception cref="IOException">The disk refused; the next call tries again.</exception>
    public void Save(IFileSystem files, string directory)
    {
        var output = new ByteBuffer(4096);
        lock (_lock)
        {
            if (!_changed) return;
            output.WriteUInt32(Magic);
            output.WriteByte(Version);
            output.WriteVarint((ulong)_families.Count);
            foreach (var (family, entries) in _families)
            {
                output.WriteText(family);
                output.WriteVarint((ulong)entries.Count);
                foreach (var entry in entries)
                {
                    output.WriteText(entry.Type);
                    output.WriteText(entry.Help);
                    output.WriteText(entry.Unit);
                }
            }
            _changed = false;
        }
        output.WriteUInt32(Crc32C.Of(output.Written));
        try
        {
            files.WriteAtomic(Path.Combine(directory, FileName), output.Written);
        }
        catch (IOException)
        {
            lock (_lock) _changed = true;
            throw;
        }
    }

    /// <returns>What is wrong with the file; null if it is whole or absent. Metadata comes again with the next scrapes.</returns>
    public string? Load(IFileSystem files, string directory)
    {
        string path = Path.Combine(directory, FileName);
        if (!files.FileExists(path)) return null;
        byte[] bytes = files.ReadAll(path);
        if (bytes.Length < 9 || Crc32C.Of(bytes.AsSpan(0, bytes.Length - 4)) != BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4)))
            return $"{path}: the checksum is wrong";
        var input = new ByteReader(bytes.AsSpan(0, bytes.Length - 4));
        if (input.ReadUInt32() != Magic || input.ReadByte() != Version) return $"{path}: it is not metadata of version {Version}";
        lock (_lock)
        {
            for (int families = input.ReadCount(2); families > 0 && !input.Failed; families--)
            {
                string family = input.ReadText();
                var entries = new List<MetricMetadata>();
                for (int left = input.ReadCount(3); left > 0 && !input.Failed; left--)
                    entries.Add(new MetricMetadata(input.ReadText(), input.ReadText(), input.ReadText()));
                if (!input.Failed) _families[family] = entries;
            }
        }
        return input.Failed ? $"{path}: it ends too soon" : null;
    }
}
