using System.Buffers.Binary;
using Vigie.Model;
using Vigie.Protocols.PrometheusChunks;
using Vigie.Storage;

namespace Vigie.Metrics.Interchange;

/// <summary>
/// Reads what a Prometheus had not written to blocks yet: checkpoint and write-ahead log, the log of out-of-order samples (wbl), and the chunks
/// in chunks_head (records: prometheus tsdb/record, tsdb/docs/format/{wal,head_chunks}.md). In passes over the logs, each for a share of the series, so
/// that memory is bounded by the share and not by the log.
/// </summary>
sealed class PrometheusHeadReader
{
    /// <summary>Bytes of log per pass: compressed, a sample takes at least two, and 16 in memory.</summary>
    const long LogBytesPerPass = 128L << 20;
    const uint HeadChunksMagic = 0x0130BC91;
    const int HeadChunksHeaderBytes = 8;
    const byte OutOfOrderChunk = 0x80;

    readonly IFileSystem _files;
    readonly string _path;
    readonly long _notBeforeMs;
    readonly PrometheusWalReader _reader;
    readonly List<string> _log;
    readonly List<string> _outOfOrderLog;
    readonly Dictionary<ulong, Labels> _labels = [];
    readonly Dictionary<Labels, SampleColumns> _samples = [];
    readonly Dictionary<Labels, List<TimeRange>> _deleted = [];
    readonly HashSet<byte> _unknownKinds = [];
    bool _isOutOfOrder;
    int _pass;

    /// <param name="notBeforeMs">Samples in order before this are in blocks already.</param>
    public PrometheusHeadReader(IFileSystem files, string path, long notBeforeMs)
    {
        _files = files;
        _path = path;
        _notBeforeMs = notBeforeMs;
        _reader = new PrometheusWalReader(files);
        _log = _reader.SegmentsOf(Path.Combine(path, "wal"));
        _outOfOrderLog = _reader.SegmentsOf(Path.Combine(path, "wbl"));
        LogBytes = _log.Concat(_outOfOrderLog).Sum(files.SizeOf);
        Passes = (int)(LogBytes / LogBytesPerPass) + 1;
    }

    public int Passes { get; }

    /// <summary>Bytes of the logs: another number is another state of them.</summary>
    public long LogBytes { get; }
    public List<string> Damage => _reader.Damage;

    /// <summary>Samples whose series is not defined in the log.</summary>
    public long Orphans { get; private set; }
    public int ExemplarRecords { get; private set; }
    public Dictionary<string, MetricMetadata> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads one share of the series: sorted by labels, samples ascending.</summary>
    public List<(Labels Labels, SampleColumns Samples)> Read(int pass, CancellationToken cancellation)
    {
        _pass = pass;
        _samples.Clear();
        _deleted.Clear();
        Orphans = 0;
        ExemplarRecords = 0;
        _isOutOfOrder = false;
        foreach (string segment in _log)
        {
            cancellation.ThrowIfCancellationRequested();
            _reader.Read(segment, Take);
        }
        _isOutOfOrder = true;
        foreach (string segment in _outOfOrderLog)
        {
            cancellation.ThrowIfCancellationRequested();
            _reader.Read(segment, Take);
        }
        ReadHeadChunks();
        var series = new List<(Labels Labels, SampleColumns Samples)>(_samples.Count);
        foreach (var (labels, samples) in _samples)
        {
            PrometheusBlockReader.Tidy(samples, _deleted.GetValueOrDefault(labels));
            if (samples.Count > 0) series.Add((labels, samples));
        }
        series.Sort(static (a, b) => a.Labels.CompareTo(b.Labels));
        return series;
    }

    void Take(ReadOnlySpan<byte> record)
    {
        if (record.IsEmpty) return;
        var input = new GoReader(record[1..]);
        switch (record[0])
        {
            case 1: TakeSeries(ref input); break;
            case 2: TakeSamples(ref input); break;
            case 3: TakeTombstones(ref input); break;
            case 4: ExemplarRecords++; break;
            case 5: break;      // which chunks were mapped: all of them are read
            case 6: TakeMetadata(ref input); break;
            case 7 or 9: TakeHistograms(ref input, wholeCounts: true); break;
            case 8 or 10: TakeHistograms(ref input, wholeCounts: false); break;
            default:
                if (_unknownKinds.Add(record[0]))
                    Damage.Add($"{_path}: found records of kind {record[0]}, which this version does not know; they are left out");
                break;
        }
    }

    void TakeSeries(ref GoReader input)
    {
        while (!input.AtEnd)
        {
            ulong reference = input.UInt64();
            var labels = ReadLabels(ref input);
            if (input.Failed) return;
            _labels[reference] = labels;
        }
    }

    static Labels ReadLabels(ref GoReader input)
    {
        int count = input.Count(2);
        var builder = new LabelsBuilder(count);
        for (int i = 0; i < count; i++)
        {
            string name = input.Text();
            builder.Set(name, input.Text());
        }
        return builder.Build();
    }

    void TakeSamples(ref GoReader input)
    {
        if (input.AtEnd) return;
        ulong reference = input.UInt64();
        long time = unchecked((long)input.UInt64());
        while (!input.AtEnd)
        {
            ulong series = unchecked(reference + (ulong)input.Signed());
            long at = unchecked(time + input.Signed());
            double value = input.Double();
            if (!input.Failed && ColumnsOf(series, at) is { } samples) samples.Add(at, value);
        }
    }

    void TakeHistograms(ref GoReader input, bool wholeCounts)
    {
        if (input.AtEnd) return;
        ulong reference = input.UInt64();
        long time = unchecked((long)input.UInt64());
        while (!input.AtEnd)
        {
            ulong series = unchecked(reference + (ulong)input.Signed());
            long at = unchecked(time + input.Signed());
            var histogram = PrometheusHistogramRecord.Read(ref input, wholeCounts);
            if (input.Failed || ColumnsOf(series, at) is not { } samples) continue;
            if (StaleMarker.IsStale(histogram.Sum)) samples.Add(at, StaleMarker.Value);
            else samples.Add(at, histogram);
        }
    }

    void TakeTombstones(ref GoReader input)
    {
        while (!input.AtEnd)
        {
            ulong series = input.UInt64();
            var range = new TimeRange(input.Signed(), input.Signed());
            if (input.Failed || !_labels.TryGetValue(series, out var labels)) continue;
            if (!_deleted.TryGetValue(labels, out var ranges)) _deleted[labels] = ranges = [];
            ranges.Add(range);
        }
    }

    void TakeMetadata(ref GoReader input)
    {
        while (!input.AtEnd)
        {
            ulong series = input.Unsigned();
            byte type = input.Byte();
            string unit = "", help = "";
            for (int fields = input.Count(2); fields > 0; fields--)
            {
                string name = input.Text(), value = input.Text();
                if (name == "UNIT") unit = value;
                else if (name == "HELP") help = value;
            }
            if (input.Failed || !_labels.TryGetValue(series, out var labels)) continue;
            Metadata[labels.MetricName] = new MetricMetadata(TypeName(type), help, unit);
        }
    }

    static string TypeName(byte type) => type switch
    {
        1 => "counter",
        2 => "gauge",
        3 => "histogram",
        4 => "gaugehistogram",
        5 => "summary",
        6 => "info",
        7 => "stateset",
        _ => "unknown",
    };

    /// <summary>Null if the sample is none of this pass, is in a block, or its series is unknown.</summary>
    SampleColumns? ColumnsOf(ulong series, long timestampMs)
    {
        if (!_labels.TryGetValue(series, out var labels))
        {
            Orphans++;
            return null;
        }
        if (!_isOutOfOrder && timestampMs < _notBeforeMs) return null;
        if ((int)(labels.StableHash % (ulong)Passes) != _pass) return null;
        if (_samples.TryGetValue(labels, out var samples)) return samples;
        return _samples[labels] = new SampleColumns();
    }

    /// <summary>What the logs say too, unless they are damaged, and what was mapped of out-of-order samples.</summary>
    void ReadHeadChunks()
    {
        string folder = Path.Combine(_path, "chunks_head");
        var decoded = new SampleColumns();
        foreach (string name in _files.ListFiles(folder))
        {
            if (!name.All(char.IsAsciiDigit)) continue;
            string path = Path.Combine(folder, name);
            byte[] bytes = _files.ReadAll(path);
            if (bytes.Length < HeadChunksHeaderBytes || BinaryPrimitives.ReadUInt32BigEndian(bytes) != HeadChunksMagic) continue;
            int at = HeadChunksHeaderBytes;
            while (at < bytes.Length)
            {
                var input = new GoReader(bytes.AsSpan(at));
                ulong series = input.UInt64();
                if (series == 0) break;     // the file was made longer than what it holds
                input.Bytes(16);
                byte encoding = input.Byte();
                var data = input.Bytes(input.Unsigned());
                int length = input.Position;
                uint expected = input.UInt32();
                if (input.Failed || Crc32C.Of(bytes.AsSpan(at, length)) != expected)
                {
                    Note($"{path}: offset {at}: found a torn chunk; what follows in this file is left out");
                    break;
                }
                at += input.Position;
                decoded.Clear();
                if (!PrometheusChunkDecoder.TryDecode((PrometheusChunkEncoding)(encoding & ~OutOfOrderChunk), data, decoded)) continue;
                _isOutOfOrder = (encoding & OutOfOrderChunk) != 0;
                AddMissing(series, decoded);
            }
        }
    }

    void AddMissing(ulong series, SampleColumns decoded)
    {
        for (int i = 0; i < decoded.Count; i++)
        {
            long time = decoded.Timestamps[i];
            if (ColumnsOf(series, time) is not { } samples) continue;
            if (decoded.HasHistograms && decoded.Histograms[i] is { } histogram) samples.Add(time, histogram);
            else samples.Add(time, decoded.Values[i]);
        }
    }

    void Note(string line)
    {
        if (!Damage.Contains(line)) Damage.Add(line);
    }
}
