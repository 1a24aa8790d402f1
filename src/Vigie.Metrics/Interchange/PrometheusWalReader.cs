using System.Buffers.Binary;
using System.Globalization;
using Vigie.Protocols;
using Vigie.Protocols.Compression;
using Vigie.Storage;

namespace Vigie.Metrics.Interchange;

/// <summary>
/// Reads the records of a write-ahead log of Prometheus' (tsdb/docs/format/wal.md): segments of pages of 32 KiB, records in fragments, whole or
/// compressed with snappy or zstd. A damaged record ends its segment: a torn tail is what a killed process leaves.
/// </summary>
sealed class PrometheusWalReader(IFileSystem files)
{
    const int PageBytes = 32 << 10;
    const int FragmentHeaderBytes = 7;
    const byte TypeMask = 0x07;
    const byte Snappy = 0x08;
    const byte Zstandard = 0x10;
    const int RecordBytesMax = 1 << 30;

    readonly ByteBuffer _record = new(PageBytes);

    public delegate void Handler(ReadOnlySpan<byte> record);

    /// <summary>What was damaged, one line per segment.</summary>
    public List<string> Damage { get; } = [];

    /// <summary>Segments of a log, in order: those of its newest checkpoint, then the ones behind it.</summary>
    public List<string> SegmentsOf(string directory)
    {
        var paths = new List<string>();
        const string prefix = "checkpoint.";
        string? checkpoint = files.ListDirectories(directory)
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && IsNumber(name[prefix.Length..]))
            .MaxBy(name => Number(name[prefix.Length..]));
        long last = -1;
        if (checkpoint is not null)
        {
            last = Number(checkpoint[prefix.Length..]);
            string folder = Path.Combine(directory, checkpoint);
            paths.AddRange(files.ListFiles(folder).Where(IsNumber).Select(name => Path.Combine(folder, name)));
        }
        paths.AddRange(files.ListFiles(directory).Where(IsNumber).Where(name => Number(name) > last).Select(name => Path.Combine(directory, name)));
        return paths;
    }

    public void Read(string path, Handler handle)
    {
        byte[] bytes = files.ReadAll(path);
        _record.Clear();
        byte compression = 0;
        int at = 0;
        while (at < bytes.Length)
        {
            int pageLeft = PageBytes - (at % PageBytes);
            byte kind = bytes[at];
            if ((kind & TypeMask) == 0 || pageLeft < FragmentHeaderBytes)
            {
                at += pageLeft;     // the rest of the page is empty
                continue;
            }
            if (bytes.Length - at < FragmentHeaderBytes)
            {
                Damaged(path, at, "a torn fragment");
                return;
            }
            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 1));
            uint expected = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at + 3));
            if (length > pageLeft - FragmentHeaderBytes || length > bytes.Length - at - FragmentHeaderBytes)
            {
                Damaged(path, at, "a torn fragment");
                return;
            }
            var data = bytes.AsSpan(at + FragmentHeaderBytes, length);
            if (Crc32C.Of(data) != expected)
            {
                Damaged(path, at, "a checksum that does not fit");
                return;
            }
            int type = kind & TypeMask;
            if (type is 1 or 2)
            {
                _record.Clear();
                compression = (byte)(kind & (Snappy | Zstandard));
            }
            _record.WriteBytes(data);
            at += FragmentHeaderBytes + length;
            if (type is not (1 or 4)) continue;
            try
            {
                handle(Unpacked(compression));
            }
            catch (ProtocolException problem)
            {
                Damaged(path, at, problem.Message);
                return;
            }
        }
    }

    ReadOnlySpan<byte> Unpacked(byte compression)
    {
        switch (compression)
        {
            case Snappy:
                var output = new byte[SnappyBlock.DecodedLength(_record.Written, RecordBytesMax)];
                SnappyBlock.Decode(_record.Written, output);
                return output;
            case Zstandard:
                return Zstd.Decode(_record.Written, RecordBytesMax);
            default:
                return _record.Written;
        }
    }

    void Damaged(string path, int offset, string found)
    {
        string line = $"{path}: offset {offset}: found {found}; what follows in this segment is left out";
        if (!Damage.Contains(line)) Damage.Add(line);
    }

    static bool IsNumber(string name) => name.Length > 0 && name.All(char.IsAsciiDigit);

    static long Number(string name) => long.Parse(name, CultureInfo.InvariantCulture);
}
