using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Vigie.Model;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.RemoteWrite;

/// <summary>How a remote write request went.</summary>
/// <param name="Problem">Null, or why part of the request was refused: the sender must not send that part again.</param>
public readonly record struct RemoteWriteResult(int Samples, int Histograms, int Exemplars, string? Problem);

/// <summary>
/// Decodes remote write requests (Prometheus remote write specification 1.0 and 2.0, already decompressed) straight into a sink. Series seen
/// before are recognised by the bytes of their labels. Not thread-safe: one per request at a time; the cache is shared.
/// </summary>
/// <param name="zeroAtStart">
/// The start timestamps of 2.0 become zeros at that moment (Prometheus' feature created-timestamp-zero-ingestion).
/// </param>
public sealed partial class RemoteWriteReceiver(ISampleSink sink, SeriesKeyCache cache, bool zeroAtStart = false)
{
    const int SeriesLabelsMax = 512;
    readonly SampleBatch _batch = new();
    readonly LabelsBuilder _labels = new();
    readonly List<Range> _symbols = [];
    readonly ArrayBufferWriter<byte> _key = new(1024);
    SeriesKeyCache.Walk _walk;
    int[] _places = new int[64];                    // by sample of the batch: number of its series in the message
    readonly HashSet<int> _gone = [];               // series of the message that the store no longer had at the first attempt
    bool _retrying;
    int _place;
    long _startMs;                                  // of the series being read, for samples that have none of their own
    string? _problem;
    int _exemplars;

    /// <exception cref="ProtocolException">The message is malformed; nothing was stored.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot accept data now; nothing was stored.</exception>
    public RemoteWriteResult AppendV1(ReadOnlySpan<byte> message)
    {
        Begin(retrying: false);
        ReadV1(message);
        var result = Finish(out int gone);
        if (gone == 0) return result;
        Begin(retrying: true);
        ReadV1(message);
        return Sum(result, Finish(out _));
    }

    /// <inheritdoc cref="AppendV1"/>
    public RemoteWriteResult AppendV2(ReadOnlySpan<byte> message)
    {
        Begin(retrying: false);
        ReadV2(message);
        var result = Finish(out int gone);
        if (gone == 0) return result;
        Begin(retrying: true);
        ReadV2(message);
        return Sum(result, Finish(out _));
    }

    void ReadV1(ReadOnlySpan<byte> message)
    {
        var request = new ProtobufReader(message);
        while (request.Next())
        {
            switch (request.Field)
            {
                case 1: TimeSeriesV1(request.ReadBytes()); break;
                case 3: MetadataV1(request.ReadBytes()); break;
                default: request.Skip(); break;
            }
        }
    }

    void ReadV2(ReadOnlySpan<byte> message)
    {
        _symbols.Clear();
        var symbols = new ProtobufReader(message);
        while (symbols.Next())
        {
            if (symbols.Field != 4)
            {
                symbols.Skip();
                continue;
            }
            int length = symbols.ReadBytes().Length;
            _symbols.Add((symbols.Position - length)..symbols.Position);
        }
        var request = new ProtobufReader(message);
        while (request.Next())
        {
            if (request.Field == 5) TimeSeriesV2(message, request.ReadBytes());
            else request.Skip();
        }
    }

    /// <param name="retrying">Only series that had gone from the store are read, and resolved anew.</param>
    void Begin(bool retrying)
    {
        _batch.Clear();
        _walk = default;
        _retrying = retrying;
        _place = -1;
        _problem = null;
        _exemplars = 0;
    }

    /// <param name="gone">Samples whose series the store no longer has: they count neither as stored nor as refused yet.</param>
    RemoteWriteResult Finish(out int gone)
    {
        gone = 0;
        if (_batch.Count == 0 && _batch.Exemplars.Count == 0) return new RemoteWriteResult(0, 0, 0, _problem);
        var result = sink.Append(_batch);
        if (!_retrying) gone = result.UnknownSeries;
        int histograms = 0;
        foreach (var (index, _) in _batch.Histograms)
            if (_batch.OutcomeOf(index) == AppendOutcome.Stored && !_batch.IsZeroAtStart(index)) histograms++;
        var (zeros, zerosStored) = CountZeros();
        if (result.Stored - zerosStored < _batch.Count - zeros - gone) _problem ??= Explain(result);
        if (gone > 0) NoteGone();
        return new RemoteWriteResult(result.Stored - zerosStored - histograms, histograms, _exemplars, _problem);
    }

    /// <summary>Zeros at starts that the store still knew the series of, and how many of them it took: the sender did not send them.</summary>
    (int All, int Stored) CountZeros()
    {
        int all = 0, stored = 0;
        if (!zeroAtStart || !_batch.HasStarts) return (0, 0);
        for (int i = 0; i < _batch.Count; i++)
        {
            if (!_batch.IsZeroAtStart(i) || _batch.OutcomeOf(i) == AppendOutcome.UnknownSeries) continue;
            all++;
            if (_batch.OutcomeOf(i) == AppendOutcome.Stored) stored++;
        }
        return (all, stored);
    }

    /// <summary>A series without samples leaves the store's memory after some hours; what is cached of it is then out of date.</summary>
    void NoteGone()
    {
        _gone.Clear();
        for (int i = 0; i < _batch.Count; i++)
            if (_batch.OutcomeOf(i) == AppendOutcome.UnknownSeries) _gone.Add(_places[i]);
    }

    static RemoteWriteResult Sum(in RemoteWriteResult first, in RemoteWriteResult second) => new(
        first.Samples + second.Samples, first.Histograms + second.Histograms, first.Exemplars, first.Problem ?? second.Problem);

    static string Explain(in AppendResult result)
    {
        if (result.OutOfOrder > 0) return "out of order sample";
        if (result.DuplicateTimestamp > 0) return "duplicate sample for timestamp";
        if (result.TooOld > 0) return "out of bounds";
        return "series dropped while being written, send again";
    }

    void TimeSeriesV1(ReadOnlySpan<byte> series)
    {
        _place++;
        if (_retrying && !_gone.Contains(_place)) return;
        int labelsEnd;
        if (!_retrying && cache.TryFollow(series, _walk, out int entry, out labelsEnd, out var reference) && EndsLabels(series, labelsEnd))
        {
            SeriesKeyCache.Advance(ref _walk, entry);
        }
        else
        {
            // Senders write the labels first and together, so their bytes as they stand are the key.
            labelsEnd = 0;
            var prefix = new ProtobufReader(series);
            while (prefix.Next() && prefix.Field == 1)
            {
                prefix.Skip();
                labelsEnd = prefix.Position;
            }
            var key = series[..labelsEnd];
            if (_retrying || !cache.TryGet(key, ref _walk, out reference))
            {
                if (!ReadLabelsV1(key) || !Resolve(out reference)) return;
                cache.Set(key, ref _walk, reference);
            }
        }
        var rest = series[labelsEnd..];
        if (TryReadOnlySample(rest, out double value, out long timestampMs))
        {
            Add(reference, timestampMs, value);
            return;
        }
        var reader = new ProtobufReader(rest);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: Sample(reader.ReadBytes(), reference); break;
                case 3: Exemplar(reader.ReadBytes(), reference); break;
                case 4: Histogram(reader.ReadBytes(), reference); break;
                case 1: throw new ProtocolException("remote write: found labels after samples, expected all labels first");
                default: reader.Skip(); break;
            }
        }
    }

    /// <summary>Labels of which the first bytes are those of another series go on with another label: tag 10, or one in more than one byte.</summary>
    static bool EndsLabels(ReadOnlySpan<byte> series, int at) => at == series.Length || (series[at] < 0x80 && series[at] >> 3 != 1);

    /// <summary>The usual rest of a series: one sample, its value (absent if 0) before its timestamp, nothing else.</summary>
    static bool TryReadOnlySample(ReadOnlySpan<byte> rest, out double value, out long timestampMs)
    {
        const byte SampleTag = 0x12, ValueTag = 0x09, TimestampTag = 0x10;
        value = 0;
        timestampMs = 0;
        if (rest.Length < 4 || rest[0] != SampleTag || rest[1] != rest.Length - 2) return false;
        int at = 2;
        if (rest[at] == ValueTag && rest.Length > at + 1 + sizeof(double))
        {
            value = BinaryPrimitives.ReadDoubleLittleEndian(rest[(at + 1)..]);
            at += 1 + sizeof(double);
        }
        if (rest[at++] != TimestampTag) return false;
        ulong time = 0;
        for (int shift = 0; at < rest.Length && shift < 63; at++, shift += 7)
        {
            time |= (ulong)(rest[at] & 0x7f) << shift;
            if (rest[at] >= 0x80) continue;
            timestampMs = (long)time;
            return at + 1 == rest.Length;
        }
        return false;
    }

    void TimeSeriesV2(ReadOnlySpan<byte> message, ReadOnlySpan<byte> series)
    {
        _place++;
        if (_retrying && !_gone.Contains(_place)) return;
        _key.ResetWrittenCount();
        var labels = new ProtobufReader(series);
        while (labels.Next())
        {
            if (labels.Field == 1) AddSymbols(ref labels, message);
            else labels.Skip();
        }
        var key = _key.WrittenSpan;
        if (!_retrying && cache.TryFollow(key, _walk, out int entry, out int length, out var reference) && length == key.Length)
        {
            SeriesKeyCache.Advance(ref _walk, entry);
        }
        else if (_retrying || !cache.TryGet(key, ref _walk, out reference))
        {
            if (!ReadLabelsV2(key) || !Resolve(out reference)) return;
            cache.Set(key, ref _walk, reference);
        }
        if (zeroAtStart) _startMs = CreatedOf(series);
        var reader = new ProtobufReader(series);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: Sample(reader.ReadBytes(), reference); break;
                case 3: Histogram(reader.ReadBytes(), reference); break;
                case 4: ExemplarV2(reader.ReadBytes(), reference, message); break;
                case 5: MetadataV2(reader.ReadBytes(), message); break;
                default: reader.Skip(); break;
            }
        }
    }

    /// <summary>created_timestamp of a series, as drafts of 2.0 have it; the specification has start_timestamp in each sample.</summary>
    static long CreatedOf(ReadOnlySpan<byte> series)
    {
        long createdMs = 0;
        var reader = new ProtobufReader(series);
        while (reader.Next())
        {
            if (reader.Field == 6) createdMs = reader.ReadInt64();
            else reader.Skip();
        }
        return createdMs;
    }

    /// <summary>Appends the symbols a labels_refs field names to the key, each with its length before it.</summary>
    void AddSymbols(ref ProtobufReader labels, ReadOnlySpan<byte> message)
    {
        var references = labels.ReadList(WireType.Varint);
        while (!references.AtEnd) AddSymbol(Symbol(references.ReadVarint(), message));
    }

    void AddSymbol(ReadOnlySpan<byte> symbol)
    {
        var output = _key.GetSpan(symbol.Length + 4);
        BinaryPrimitives.WriteInt32LittleEndian(output, symbol.Length);
        symbol.CopyTo(output[4..]);
        _key.Advance(symbol.Length + 4);
    }

    ReadOnlySpan<byte> Symbol(ulong reference, ReadOnlySpan<byte> message)
    {
        if (reference >= (ulong)_symbols.Count)
            throw new ProtocolException($"remote write: found symbol {reference}, expected less than {_symbols.Count}");
        return message[_symbols[(int)reference]];
    }

    bool Refuse(string problem)
    {
        _problem ??= problem;
        return false;
    }

    void Sample(ReadOnlySpan<byte> message, SeriesRef series)
    {
        double value = 0;
        long timestampMs = 0, startMs = _startMs;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1) value = reader.ReadDouble();
            else if (reader.Field == 2) timestampMs = reader.ReadInt64();
            else if (reader.Field == 3) startMs = reader.ReadInt64();
            else reader.Skip();
        }
        if (zeroAtStart && !StaleMarker.IsStale(value)) AddZero(series, startMs, timestampMs, null);
        Add(series, timestampMs, value);
    }

    void Add(SeriesRef series, long timestampMs, double value)
    {
        NotePlace();
        _batch.Add(series, timestampMs, value);
    }

    void Histogram(ReadOnlySpan<byte> message, SeriesRef series)
    {
        var (histogram, timestampMs, startMs) = HistogramMessage.Read(message);
        if (histogram.FindProblem() is { } problem)
        {
            Refuse("invalid histogram: " + problem);
            return;
        }
        if (zeroAtStart && !StaleMarker.IsStale(histogram.Sum)) AddZero(series, startMs != 0 ? startMs : _startMs, timestampMs, histogram);
        NotePlace();
        _batch.Add(series, timestampMs, histogram);
    }

    void AddZero(SeriesRef series, long startMs, long timestampMs, FloatHistogram? like)
    {
        if (startMs <= 0 || startMs >= timestampMs) return;
        NotePlace();
        _batch.AddZeroAtStart(series, startMs, like);
    }

    void NotePlace()
    {
        if (_batch.Count == _places.Length) Array.Resize(ref _places, _places.Length * 2);
        _places[_batch.Count] = _place;
    }

    void Exemplar(ReadOnlySpan<byte> message, SeriesRef series)
    {
        double value = 0;
        long timestampMs = 0;
        _labels.Clear();
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                var (name, text) = ReadLabel(reader.ReadBytes());
                _labels.Set(name, text);
            }
            else if (reader.Field == 2) value = reader.ReadDouble();
            else if (reader.Field == 3) timestampMs = reader.ReadInt64();
            else reader.Skip();
        }
        _batch.AddExemplar(series, new Exemplar(_labels.Build(), value, timestampMs, true));
        _exemplars++;
    }

    void ExemplarV2(ReadOnlySpan<byte> exemplar, SeriesRef series, ReadOnlySpan<byte> message)
    {
        double value = 0;
        long timestampMs = 0;
        _labels.Clear();
        string? name = null;
        var reader = new ProtobufReader(exemplar);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                var references = reader.ReadList(WireType.Varint);
                while (!references.AtEnd) AddText(Text(Symbol(references.ReadVarint(), message)));
            }
            else if (reader.Field == 2) value = reader.ReadDouble();
            else if (reader.Field == 3) timestampMs = reader.ReadInt64();
            else reader.Skip();
        }
        if (name is not null) throw new ProtocolException("remote write: found an odd number of label references in an exemplar");
        _batch.AddExemplar(series, new Exemplar(_labels.Build(), value, timestampMs, true));
        _exemplars++;

        void AddText(string text)
        {
            if (name is not null) _labels.Set(name, text);
            name = name is null ? text : null;
        }
    }

    static string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new ProtocolException("remote write: found text that is not UTF-8");
        }
    }

    static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
}
