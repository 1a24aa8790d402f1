using System.Diagnostics.CodeAnalysis;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <content>The write side.</content>
public sealed partial class MetricStore
{
    readonly AppendScratch _scratch = new();
    readonly SampleColumns _recalled = new();
    long _newestMs = long.MinValue;

    public SeriesRef Resolve(Labels labels) =>
        TryResolve(labels, out var series, out string? refusal) ? series : throw new SeriesLimitException(refusal);

    public bool TryResolve(Labels labels, out SeriesRef series, [NotNullWhen(false)] out string? refusal)
    {
        _index.Lock.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            int known = _index.Find(labels);
            series = known >= 0 ? RefOf(known) : default;
            refusal = known >= 0 ? null : _guard.Refuse(_index, labels);
            if (known >= 0 || refusal is not null) return known >= 0;
        }
        finally
        {
            _index.Lock.ExitReadLock();
        }
        return Create(labels, out series, out refusal);
    }

    public AppendResult Append(SampleBatch batch)
    {
        lock (_appendLock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var page = KnownPageOf(batch);
            bool known = page is not null;
            _scratch.Clear(known ? 0 : batch.Count);
            var result = known ? StoreAll(batch) : Judge(batch);
            if (!known)
            {
                if (_scratch.IsEmpty && batch.Exemplars.Count == 0) return result;
                page = PageOf(batch);
                if (page is not null) Recognise(batch, page);
            }
            var values = known ? batch.Values : _scratch.Values;
            long pageTimeMs = page is null ? 0 : batch.Timestamps[0];
            try
            {
                WriteToLog(batch, page, pageTimeMs, values);
            }
            catch (IOException problem)
            {
                _scratch.Undo(_index);
                throw Refuse(problem);
            }
            ShowToReaders(page, pageTimeMs, values);
            if (_unavailable is not null) Accept();
            return result;
        }
    }

    bool Create(Labels labels, out SeriesRef series, [NotNullWhen(false)] out string? refusal)
    {
        if (labels.Count == 0) throw new ArgumentException("a series needs at least one label", nameof(labels));
        _index.Lock.EnterWriteLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            int slot = _index.Find(labels);     // another thread may have been faster
            series = default;
            refusal = slot >= 0 ? null : _guard.Refuse(_index, labels);
            if (refusal is not null) return false;
            if (slot < 0)
            {
                slot = _index.Add(labels);
                _metrics.SeriesCreated.Add(1);
            }
            series = RefOf(slot);
            return true;
        }
        finally
        {
            _index.Lock.ExitWriteLock();
        }
    }

    /// <summary>Salt in the upper half, slot plus one in the lower: 0 is no reference.</summary>
    SeriesRef RefOf(int slot) => new(((ulong)_index.Series[slot].Salt << 32) | ((uint)slot + 1));

    bool TrySlot(SeriesRef reference, out int slot)
    {
        slot = unchecked((int)(uint)reference.Value - 1);
        if (unchecked((uint)slot) >= (uint)_index.SlotEnd) return false;
        ref var series = ref _index.Series[slot];
        return series.InUse && series.Salt == (uint)(reference.Value >> 32);
    }

    /// <summary>
    /// Says of each sample what becomes of it and collects those to be stored. Series remember them as their newest at once, so that a batch
    /// may hold several of one series; <see cref="AppendScratch.Undo"/> takes that back.
    /// </summary>
    AppendResult Judge(SampleBatch batch)
    {
        int stored = 0, outOfOrder = 0, duplicate = 0, tooOld = 0, unknown = 0;
        var references = batch.Series;
        var times = batch.Timestamps;
        var values = batch.Values;
        var outcomes = batch.Outcomes;
        var histograms = batch.Histograms;
        int nextHistogram = 0;
        for (int i = 0; i < references.Length; i++)
        {
            var histogram = nextHistogram < histograms.Count && histograms[nextHistogram].Index == i
                ? histograms[nextHistogram++].Histogram : null;
            double value = values[i];
            if (histogram is not null && StaleMarker.IsStale(histogram.Sum)) (histogram, value) = (null, StaleMarker.Value);
            bool zeroAtStart = batch.IsZeroAtStart(i);
            var outcome = TrySlot(references[i], out int slot)
                ? Judge(slot, times[i], value, histogram, zeroAtStart) : AppendOutcome.UnknownSeries;
            outcomes[i] = outcome;
            switch (outcome)
            {
                case AppendOutcome.Stored: stored++; break;
                case not AppendOutcome.UnknownSeries when zeroAtStart: break;       // the usual case from the second time on
                case AppendOutcome.OutOfOrder: outOfOrder++; break;
                case AppendOutcome.DuplicateTimestamp: duplicate++; break;
                case AppendOutcome.TooOld: tooOld++; break;
                default: unknown++; break;
            }
        }
        if (outOfOrder > 0) _metrics.OutOfOrderSamples.Add(outOfOrder);
        if (duplicate > 0) _metrics.DuplicateSamples.Add(duplicate);
        if (tooOld > 0) _metrics.TooOldSamples.Add(tooOld);
        return new AppendResult(stored, outOfOrder, duplicate, tooOld, unknown);
    }

    /// <param name="onlyInOrder">Not to be stored out of order, whatever the window.</param>
    AppendOutcome Judge(int slot, long timestampMs, double value, FloatHistogram? histogram, bool onlyInOrder)
    {
        ref var series = ref _index.Series[slot];
        if (series.LastTimeMs == SeriesState.NoSample && timestampMs <= _newestInBlocksMs) RecallFromBlocks(slot, timestampMs);
        ulong bits = histogram is null ? BitConverter.DoubleToUInt64Bits(value) : HistogramCodec.Digest(histogram);
        if (timestampMs > series.LastTimeMs)
        {
            _scratch.Remember(slot, series.LastTimeMs, series.LastBits);
            series.LastTimeMs = timestampMs;
            series.LastBits = bits;
            if (histogram is null) _scratch.Add(slot, timestampMs, value);
            else _scratch.Add(slot, timestampMs, histogram);
            return AppendOutcome.Stored;
        }
        if (timestampMs == series.LastTimeMs) return bits == series.LastBits ? AppendOutcome.Stored : AppendOutcome.DuplicateTimestamp;
        if (_options.OutOfOrderWindow == TimeSpan.Zero || onlyInOrder) return AppendOutcome.OutOfOrder;
        long newest = Math.Max(_newestMs, series.LastTimeMs);
        if (timestampMs < newest - (long)_options.OutOfOrderWindow.TotalMilliseconds) return AppendOutcome.TooOld;
        if (histogram is null) _scratch.AddOutOfOrder(slot, timestampMs, value);
        else _scratch.OutOfOrderHistograms.Add((slot, timestampMs, WithoutOrder(histogram)));
        return AppendOutcome.Stored;
    }

    /// <summary>What a sender knew of the sample before says nothing about the one that stands before this one now.</summary>
    static FloatHistogram WithoutOrder(FloatHistogram histogram)
    {
        if (histogram.CounterResetHint is not (CounterResetHint.CounterReset or CounterResetHint.NotCounterReset)) return histogram;
        var copy = histogram.Copy();
        copy.CounterResetHint = CounterResetHint.Unknown;
        return copy;
    }

    /// <summary>
    /// A series is new in memory, but a block may hold newer samples of it (written before a restart): its newest one counts.
    /// </summary>
    void RecallFromBlocks(int slot, long timestampMs)
    {
        var labels = LabelsOf(slot);
        var view = Acquire();
        foreach (var block in view.Blocks)
        {
            int ordinal = block.MaxTimeMs >= timestampMs ? block.Find(labels) : -1;
            if (ordinal < 0) continue;
            _recalled.Clear();
            block.Read(ordinal, new TimeRange(timestampMs, long.MaxValue), _recalled);
            ref var series = ref _index.Series[slot];
            if (_recalled.Count == 0 || _recalled.Timestamps[^1] <= series.LastTimeMs) continue;
            series.LastTimeMs = _recalled.Timestamps[^1];
            series.LastBits = _recalled.HasHistograms && _recalled.Histograms[^1] is { } histogram
                ? HistogramCodec.Digest(histogram) : BitConverter.DoubleToUInt64Bits(_recalled.Values[^1]);
        }
        view.Release();
    }

    /// <summary>The page that the batch's samples in order make up, null if they are no recurring shape with one timestamp.</summary>
    LogPage? PageOf(SampleBatch batch)
    {
        if (batch.SharedTimestampMs is null || _scratch.Count < 2) return null;
        bool repeats = batch.RepeatsShape || _head.ContinuedColumn(_scratch.Slots) is not null;
        return _pages.Find(_scratch.Slots, repeats, _index.Count);
    }

    void WriteToLog(SampleBatch batch, LogPage? page, long pageTimeMs, ReadOnlySpan<double> values)
    {
        _log.Begin();
        if (page is not null) _log.AddPageSamples(page, pageTimeMs, values);
        else _log.AddLooseSamples(_scratch.Slots, _scratch.Times, _scratch.Values);
        _log.AddLooseSamples(_scratch.OutOfOrderSlots, _scratch.OutOfOrderTimes, _scratch.OutOfOrderValues);
        foreach (var (slot, time, histogram) in _scratch.Histograms) _log.AddHistogram(slot, time, histogram);
        foreach (var (slot, time, histogram) in _scratch.OutOfOrderHistograms) _log.AddHistogram(slot, time, histogram);
        if (batch.Exemplars.Count > 0) AddExemplarsToLog(batch);
        _log.Commit();
    }

    /// <summary>Targets show an exemplar again and again until they have another: only new ones go to the log.</summary>
    void AddExemplarsToLog(SampleBatch batch)
    {
        foreach (var (reference, exemplar) in batch.Exemplars)
        {
            if (!TrySlot(reference, out int slot)) continue;
            var labels = LabelsOf(slot);
            if (!_exemplars.IsNew(labels, exemplar)) continue;
            _log.AddExemplar(slot, exemplar);
            _scratch.Exemplars.Add((labels, exemplar));
        }
    }

    void ShowToReaders(LogPage? page, long pageTimeMs, ReadOnlySpan<double> values)
    {
        int count = values.Length;
        if (page is not null) _head.AppendPage(page, pageTimeMs, values);
        else for (int i = 0; i < count; i++) _head.Append(_scratch.Slots[i], _scratch.Times[i], _scratch.Values[i]);
        for (int i = 0; i < _scratch.OutOfOrderSlots.Length; i++)
            _head.AppendOutOfOrder(_scratch.OutOfOrderSlots[i], _scratch.OutOfOrderTimes[i], _scratch.OutOfOrderValues[i]);
        foreach (var (slot, time, histogram) in _scratch.Histograms) _head.Append(slot, time, histogram);
        foreach (var (slot, time, histogram) in _scratch.OutOfOrderHistograms) _head.AppendOutOfOrder(slot, time, histogram);
        foreach (var (labels, exemplar) in _scratch.Exemplars) _exemplars.Add(labels, exemplar);
        _newestMs = Math.Max(_newestMs, _head.Generation.MaxTimeMs);
        _metrics.SamplesAppended.Add(count + _scratch.OutOfOrderSlots.Length + _scratch.Histograms.Count + _scratch.OutOfOrderHistograms.Count);
    }

    StoreUnavailableException Refuse(IOException problem)
    {
        _metrics.WalFailures.Add(1);
        if (DiskFull.Is(problem)) _replaced.DeleteAll();
        string why = DiskFull.Is(problem)
            ? $"the disk that holds {_log.Directory} is full: free some space and ingestion resumes by itself"
            : $"the log in {_log.Directory} cannot be written: {problem.Message}";
        if (_unavailable is null) _logger.LogUnavailable(why);
        Volatile.Write(ref _unavailable, why);
        return new StoreUnavailableException(why, problem);
    }

    void Accept()
    {
        Volatile.Write(ref _unavailable, null);
        _logger.LogAvailable();
    }
}
