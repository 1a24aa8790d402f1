using System.Buffers;
using System.Text;
using Vigie.Model;
using Vigie.Protocols.Exposition;

namespace Vigie.Scrape;

/// <summary>What one page held. The counts stand also if reading it failed half-way.</summary>
record struct PageCounts
{
    /// <summary>Samples on the page.</summary>
    public int Scraped { get; set; }
    /// <summary>Samples left after metric relabelling.</summary>
    public int Kept { get; set; }
    public int SeriesAdded { get; set; }
    public int Duplicates { get; set; }
    public int OutOfBounds { get; set; }
    public int RefusedBySeriesLimit { get; set; }
    /// <summary>Native histogram buckets above the configured number were found.</summary>
    public bool BucketLimitExceeded { get; set; }
}

/// <summary>
/// Turns the pages of one target into batches of samples. A page whose series come in the order of the page before costs one comparison and
/// one number per sample; other series are found by the hash of their text; only new ones are parsed, relabelled and resolved. Series that
/// vanish get a staleness marker. Not thread-safe: belongs to one loop.
/// </summary>
/// <param name="zeros">
/// Null, or where zeros at the starts of counters go, for which every page is then read in full (created-timestamp-zero-ingestion).
/// </param>
sealed class PageAppender(ISampleSink sink, SampleLabeller labeller, SampleBatch? zeros = null)
{
    /// <summary>How far ahead of the clock a timestamp may be, as in Prometheus.</summary>
    const long AheadMsMax = 10 * 60 * 1000;
    const int ScrapesUntilSpareIsReleased = 8;
    const int ScrapesUntilRefusedAreRetried = 16;
    const int MetadataMax = 20_000;

    RememberedPage _page = new();
    RememberedPage _spare = new();
    bool _changed;                      // this page differs from _page: _spare is being written
    int _scrape;
    int _unchangedScrapes;
    int _appended;
    bool _retryRefused;
    long _previousMs;                   // time of the page before: counters that began earlier have their zero, or can have none
    PageCounts _counts;
    SeriesRef[] _orphans = [];          // from a loop with other rules: markers are due unless the next page has them
    readonly HashSet<ulong> _newSeries = [];
    readonly HashSet<ulong> _currentSeries = [];
    readonly Dictionary<string, MetricMetadata> _metadata = new(StringComparer.Ordinal); // guarded by itself
    readonly ArrayBufferWriter<byte> _key = new();
    readonly ClassicHistogramConverter _histograms = new();
    readonly HashSet<string> _changedMetadata = new(StringComparer.Ordinal);

    public PageCounts Counts => _counts;

    public void ResetCounts() => _counts = default;

    /// <summary>Adds the samples of a page to <paramref name="batch"/>, and staleness markers for what is no longer on it.</summary>
    /// <param name="timeMs">Of samples without a timestamp, and of markers.</param>
    /// <exception cref="ScrapeException">The page is malformed or exceeds a limit; the batch must not be used.</exception>
    public void Read(ReadOnlySpan<byte> body, ExpositionFormat format, long timeMs, SampleBatch batch)
    {
        _counts = default;
        _appended = 0;
        _changed = false;
        _retryRefused = false;
        _newSeries.Clear();
        zeros?.Clear();
        _scrape = _scrape == int.MaxValue ? 1 : _scrape + 1;
        try
        {
            int next = format == ExpositionFormat.Protobuf ? ReadProtobuf(body, timeMs, batch)
                : labeller.Config.ConvertClassicHistograms ? ReadConverting(body, format, timeMs, batch)
                : ReadText(body, format, timeMs, batch);
            if (!_changed && next < _page.Count) StartChange(next);
        }
        catch (ExpositionException problem)
        {
            throw new ScrapeException(problem.Message, problem.Line);
        }
        var limits = labeller.Config.Limits;
        if (limits.SamplesMax > 0 && _appended > limits.SamplesMax)
            throw new ScrapeException("sample limit exceeded") { Cause = ScrapeFailure.SampleLimit };
        if (_counts.BucketLimitExceeded) throw new ScrapeException("histogram bucket limit exceeded") { Cause = ScrapeFailure.SampleLimit };
        Finish(timeMs, batch);
        _previousMs = timeMs;
    }

    /// <summary>After a failed scrape: staleness markers for all series of the page before, which is then forgotten.</summary>
    public void MarkAllStale(long timeMs, SampleBatch batch)
    {
        for (int line = 0; line < _page.Count; line++)
            if (NeedsMarker(_page, line)) batch.Add(_page.SeriesOf(line), timeMs, StaleMarker.Value);
        foreach (var series in _orphans) batch.Add(series, timeMs, StaleMarker.Value);
        _orphans = [];
        _page.Clear();
        _spare.Release();
    }

    /// <summary>The store dropped series: resolve all anew with the next page.</summary>
    public void ForgetReferences()
    {
        _orphans = TakeSeries();
        _page.Clear();
    }

    /// <summary>References of the series of the last page, to be handed to an appender with other rules.</summary>
    public SeriesRef[] TakeSeries()
    {
        var series = new List<SeriesRef>(_orphans);
        for (int line = 0; line < _page.Count; line++)
            if (NeedsMarker(_page, line)) series.Add(_page.SeriesOf(line));
        return [.. series];
    }

    /// <summary>Series that get a staleness marker unless the next page has them.</summary>
    public void Adopt(SeriesRef[] series) => _orphans = series;

    public int MetadataCount => _metadata.Count;

    public IReadOnlyList<TargetMetadata> Metadata
    {
        get
        {
            lock (_metadata) return [.. _metadata.Select(static pair => new TargetMetadata(pair.Key, pair.Value))];
        }
    }

    /// <summary>The target's page stays as it is: what only changes need is given back until there is one.</summary>
    void ReleaseSpareMemory()
    {
        _spare.Release();
        _page.TrimExcess();
        _newSeries.Clear();
        _newSeries.TrimExcess();
        _currentSeries.Clear();
        _currentSeries.TrimExcess();
    }

    int ReadText(ReadOnlySpan<byte> body, ExpositionFormat format, long timeMs, SampleBatch batch)
    {
        var reader = new ExpositionReader(body, format, new ExpositionOptions(StartTimestamps: zeros is not null));
        int next = 0;
        while (true)
        {
            while (next < _page.Count && zeros is null)
            {
                int known = TakeOrdinary(ref reader, next, timeMs, batch);
                next += known;
                if (known > 0) continue;
                if (!reader.TryReadKnown(_page.LeadOf(next), _page.KindOf(next))) break;
                TakeKnown(next++, timeMs, reader.Value, batch);
            }

            int leadStart = reader.Position;
            var entry = reader.Read();
            for (; entry != ExpositionEntry.Sample; entry = reader.Read())
            {
                if (entry == ExpositionEntry.End) return next;
                if (entry != ExpositionEntry.Comment) NoteMetadata(reader.ReadName(), entry, reader.Kind, reader.ReadHelp());
            }
            _counts.Scraped++;
            var lead = body[leadStart..reader.SeriesEnd];
            var found = Locate(reader.SeriesText, lead, next, reader.Kind);
            if (found.Line < 0) found = AddNew(labeller.LabelsOf(reader), lead, reader.SeriesText.Length, reader.Kind, next);
            long startMs = zeros is null ? 0 : reader.StartTimestampMs;
            var sample = new PageSample(reader.Value, Timestamp(reader.HasTimestamp, reader.TimestampMs), null, startMs);
            Take(found, sample, timeMs, batch);
            if (reader.HasExemplar) AddExemplar(found, reader.ReadExemplar(), sample, timeMs, batch);
            next = found.Next;
        }
    }

    int ReadProtobuf(ReadOnlySpan<byte> body, long timeMs, SampleBatch batch)
    {
        var options = new ProtobufOptions(labeller.Config.ScrapeNativeHistograms, labeller.Config.AlwaysScrapeClassicHistograms);
        var reader = new ProtobufExpositionReader(body, options);
        int next = 0;
        for (var entry = reader.Read(); entry != ExpositionEntry.End; entry = reader.Read())
        {
            if (entry is not (ExpositionEntry.Sample or ExpositionEntry.Histogram))
            {
                FinishHistogram(timeMs, batch, ref next);
                NoteMetadata(reader.Name, entry, reader.Kind, reader.Text);
                continue;
            }
            var sample = new PageSample(
                reader.Value, Timestamp(reader.HasTimestamp, reader.TimestampMs), reader.Histogram, reader.StartTimestampMs);
            TakeByLabels(reader.Labels, reader.Kind, sample, reader.Exemplars, timeMs, batch, ref next);
        }
        FinishHistogram(timeMs, batch, ref next);
        return next;
    }

    /// <summary>Text whose classic histograms are to be converted: what is remembered is not what stands on the page, so it is read in
    /// full.</summary>
    int ReadConverting(ReadOnlySpan<byte> body, ExpositionFormat format, long timeMs, SampleBatch batch)
    {
        var reader = new ExpositionReader(body, format);
        var labels = new List<Label>();
        int next = 0;
        for (var entry = reader.Read(); entry != ExpositionEntry.End; entry = reader.Read())
        {
            if (entry != ExpositionEntry.Sample)
            {
                FinishHistogram(timeMs, batch, ref next);
                if (entry != ExpositionEntry.Comment) NoteMetadata(reader.ReadName(), entry, reader.Kind, reader.ReadHelp());
                continue;
            }
            reader.ReadLabels(labels);
            var sample = new PageSample(reader.Value, Timestamp(reader.HasTimestamp, reader.TimestampMs), null);
            TakeByLabels(labels, reader.Kind, sample, reader.HasExemplar ? [reader.ReadExemplar()] : [], timeMs, batch, ref next);
        }
        FinishHistogram(timeMs, batch, ref next);
        return next;
    }

    void TakeByLabels(List<Label> labels, MetricKind kind, in PageSample sample, IReadOnlyList<Exemplar> exemplars, long timeMs,
        SampleBatch batch, ref int next)
    {
        if (labeller.Config.ConvertClassicHistograms && sample.Histogram is null)
        {
            if (!_histograms.Continues(kind, labels)) FinishHistogram(timeMs, batch, ref next);
            Exemplar? exemplar = exemplars.Count > 0 ? exemplars[0] : null;
            bool taken = _histograms.TryTake(kind, labels, sample.Value, sample.TimestampMs, exemplar);
            if (taken && !labeller.Config.AlwaysScrapeClassicHistograms) return;
        }
        TakeWhole(labels, kind, sample, exemplars, timeMs, batch, ref next);
    }

    void FinishHistogram(long timeMs, SampleBatch batch, ref int next)
    {
        if (!_histograms.IsCollecting || _histograms.Finish() is not { } histogram) return;
        var sample = new PageSample(0, _histograms.TimestampMs, histogram);
        TakeWhole(_histograms.Labels, MetricKind.Histogram, sample, _histograms.Exemplars, timeMs, batch, ref next);
    }

    void TakeWhole(List<Label> labels, MetricKind kind, in PageSample sample, IReadOnlyList<Exemplar> exemplars, long timeMs,
        SampleBatch batch, ref int next)
    {
        _counts.Scraped++;
        // The series has no text of its own on the page: its labels are written out to remember it by.
        _key.ResetWrittenCount();
        foreach (var (name, value) in labels)
        {
            Encoding.UTF8.GetBytes(name, _key);
            _key.Write("\xff"u8);
            Encoding.UTF8.GetBytes(value, _key);
            _key.Write("\xff"u8);
        }
        var found = Locate(_key.WrittenSpan, _key.WrittenSpan, next, kind);
        if (found.Line < 0) found = AddNew(labeller.LabelsOf(labels), _key.WrittenSpan, _key.WrittenCount, kind, next);
        Take(found, sample, timeMs, batch);
        foreach (var exemplar in exemplars) AddExemplar(found, exemplar, sample, timeMs, batch);
        next = found.Next;
    }

    /// <param name="TimestampMs">Null: that of the scrape.</param>
    /// <param name="StartMs">When it began to count; 0 if that is not known.</param>
    readonly record struct PageSample(double Value, long? TimestampMs, FloatHistogram? Histogram, long StartMs = 0);

    /// <summary>A series on its way into the batch.</summary>
    /// <param name="Line">In the page before; −1 if it was not there.</param>
    /// <param name="Next">Line of the page before to compare the next sample with.</param>
    /// <param name="Repeated">Already met on this page.</param>
    readonly record struct Located(int Line, int Next, SeriesRef Series, LineFlags Flags, bool Repeated);

    long? Timestamp(bool present, long timestampMs) => present && labeller.Config.HonorTimestamps ? timestampMs : null;

    /// <summary>Takes lines that go on as remembered, as many as there are without anything odd about them.</summary>
    int TakeOrdinary(ref ExpositionReader reader, int first, long timeMs, SampleBatch batch)
    {
        int lines = _page.OrdinaryFrom(first);
        if (lines == 0) return 0;
        int read = _page.Read(ref reader, first, lines, batch.Reserve(lines));
        batch.AddReserved(_page.SeriesOf(first, read), timeMs);
        NoteOrdinary(first, read);
        return read;
    }

    void NoteOrdinary(int first, int lines)
    {
        _counts.Scraped += lines;
        _counts.Kept += lines;
        _appended += lines;
        _page.MarkSeen(first, lines, _scrape);
        if (_changed) _spare.AddLines(_page, first, lines);
    }

    void TakeKnown(int line, long timeMs, double value, SampleBatch batch)
    {
        if (_page.FlagsOf(line) == LineFlags.Tracked)
        {
            batch.Add(_page.SeriesOf(line), timeMs, value);
            NoteOrdinary(line, 1);
            return;
        }
        _counts.Scraped++;
        var found = Locate(_page.SeriesTextOf(line), _page.LeadOf(line), line, _page.KindOf(line));
        Take(found, new PageSample(value, null, null), timeMs, batch);
    }

    Located Locate(ReadOnlySpan<byte> seriesText, ReadOnlySpan<byte> lead, int next, MetricKind kind)
    {
        int line = next < _page.Count && _page.SeriesTextOf(next).SequenceEqual(seriesText) ? next : _page.Find(seriesText);
        bool inOrder = line == next && line >= 0 && _page.LeadOf(line).SequenceEqual(lead);
        if (!inOrder && !_changed) StartChange(next);
        if (line < 0) return new Located(-1, next, default, LineFlags.None, false);

        // Of a series that stands twice on the page, the first line is the series, the others only keep their place.
        int first = (_page.FlagsOf(line) & LineFlags.Duplicate) != 0 ? Math.Max(_page.Find(seriesText), 0) : line;
        bool repeated = !_page.MarkSeen(first, _scrape);
        var flags = _page.FlagsOf(first) & ~LineFlags.Duplicate;
        if (_changed) _spare.Add(lead, seriesText.Length, _page.SeriesOf(first), kind, flags, _scrape);
        return new Located(line, line + 1, _page.SeriesOf(first), flags, repeated);
    }

    void StartChange(int unchangedLines)
    {
        _changed = true;
        _spare.Clear();
        _spare.ReserveFor(_page);
        _spare.AddLines(_page, 0, unchangedLines);
    }

    Located AddNew(Labels? labels, ReadOnlySpan<byte> lead, int seriesLength, MetricKind kind, int next)
    {
        var flags = labels is null ? LineFlags.Dropped : LineFlags.None;
        SeriesRef series = default;
        bool repeated = false;
        if (labels is not null)
        {
            if (!sink.TryResolve(labels, out series, out _)) flags = LineFlags.Refused;
            else
            {
                repeated = !_newSeries.Add(series.Value);
                if (!repeated) _counts.SeriesAdded++;
            }
        }
        _spare.Add(lead, seriesLength, series, kind, flags, _scrape);
        return new Located(-1, next, series, flags, repeated);
    }

    void Take(in Located found, in PageSample sample, long timeMs, SampleBatch batch)
    {
        if ((found.Flags & LineFlags.Dropped) != 0) return;
        _counts.Kept++;
        if ((found.Flags & LineFlags.Refused) != 0)
        {
            _counts.RefusedBySeriesLimit++;
            _retryRefused |= _scrape % ScrapesUntilRefusedAreRetried == 0;
            return;
        }
        bool duplicate = found.Repeated && sample.TimestampMs is null;
        bool tracked = sample.TimestampMs is null || labeller.Config.TrackTimestampsStaleness;
        var flags = duplicate ? LineFlags.Duplicate : tracked ? LineFlags.Tracked : LineFlags.None;
        if (_changed) _spare.FlagsOf(_spare.Count - 1) = flags;
        else _page.FlagsOf(found.Line) = flags;

        if (duplicate)
        {
            _counts.Duplicates++;
            return;
        }
        _appended++;
        long timestampMs = sample.TimestampMs ?? timeMs;
        if (timestampMs > timeMs + AheadMsMax)
        {
            _counts.OutOfBounds++;
            return;
        }
        if (sample.StartMs > _previousMs && sample.StartMs < timestampMs) zeros?.AddZeroAtStart(found.Series, sample.StartMs, sample.Histogram);
        if (sample.Histogram is { } histogram)
        {
            long bucketsMax = labeller.Config.NativeHistogramBucketsMax;
            int buckets = histogram.PositiveBuckets.Length + histogram.NegativeBuckets.Length;
            _counts.BucketLimitExceeded |= bucketsMax > 0 && buckets > bucketsMax;
            batch.Add(found.Series, timestampMs, histogram);
        }
        else batch.Add(found.Series, timestampMs, sample.Value);
    }

    void AddExemplar(in Located found, in Exemplar exemplar, in PageSample sample, long timeMs, SampleBatch batch)
    {
        if (!found.Series.IsValid || (found.Repeated && sample.TimestampMs is null)) return;
        if (exemplar.HasTimestamp) batch.AddExemplar(found.Series, exemplar);
        else if (sample.Histogram is null) batch.AddExemplar(found.Series, exemplar with { TimestampMs = sample.TimestampMs ?? timeMs });
    }

    void Finish(long timeMs, SampleBatch batch)
    {
        var before = _page;
        if (_changed)
        {
            (_page, _spare) = (_spare, _page);
            _unchangedScrapes = 0;
        }
        else if (++_unchangedScrapes == ScrapesUntilSpareIsReleased) ReleaseSpareMemory();

        PublishMetadata();
        if (_changed || _orphans.Length > 0) MarkVanished(before, timeMs, batch);
        if (!_retryRefused) return;
        _orphans = TakeSeries();
        _page.Clear();
    }

    void MarkVanished(RememberedPage before, long timeMs, SampleBatch batch)
    {
        _currentSeries.Clear();
        bool any = _orphans.Length > 0;
        for (int line = 0; line < before.Count && !any; line++) any = !before.WasSeen(line, _scrape) && NeedsMarker(before, line);
        if (!any) return;
        for (int line = 0; line < _page.Count; line++) _currentSeries.Add(_page.SeriesOf(line).Value);
        foreach (var series in _orphans) AddMarker(series, timeMs, batch);
        _orphans = [];
        if (!_changed) return;
        for (int line = 0; line < before.Count; line++)
            if (!before.WasSeen(line, _scrape) && NeedsMarker(before, line)) AddMarker(before.SeriesOf(line), timeMs, batch);
    }

    void AddMarker(SeriesRef series, long timeMs, SampleBatch batch)
    {
        // Two texts may name one series after relabelling: it has vanished only if neither is left.
        if (_currentSeries.Add(series.Value)) batch.Add(series, timeMs, StaleMarker.Value);
    }

    static bool NeedsMarker(RememberedPage page, int line) => page.FlagsOf(line) == LineFlags.Tracked;

    void NoteMetadata(string name, ExpositionEntry entry, MetricKind kind, string text)
    {
        lock (_metadata)
        {
            if (!_metadata.TryGetValue(name, out var metadata))
            {
                if (_metadata.Count == MetadataMax) return;
                metadata = new MetricMetadata(MetricKinds.NameOf(MetricKind.Unknown), "", "");
            }
            var changed = entry switch
            {
                ExpositionEntry.Type => metadata with { Type = MetricKinds.NameOf(kind) },
                ExpositionEntry.Help => metadata with { Help = text },
                _ => metadata with { Unit = text },
            };
            if (changed == metadata && _metadata.ContainsKey(name)) return;
            _metadata[name] = changed;
            _changedMetadata.Add(name);
        }
    }

    void PublishMetadata()
    {
        if (_changedMetadata.Count == 0) return;
        foreach (string name in _changedMetadata) sink.SetMetadata(name, _metadata[name]);
        _changedMetadata.Clear();
    }
}
