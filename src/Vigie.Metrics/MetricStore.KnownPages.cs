using Vigie.Model;

namespace Vigie.Metrics;

/// <content>Batches of a shape known from before, with a newer float for every series: nothing to be judged sample by sample.</content>
public sealed partial class MetricStore
{
    /// <summary>The page of such a batch; null: it goes the general way. Stores nothing.</summary>
    LogPage? KnownPageOf(SampleBatch batch)
    {
        if (batch.StoreMemory is not LogPage page || page.Owner != _pages || batch.Histograms.Count > 0) return null;
        if (batch.SharedTimestampMs is not { } timestampMs || !page.References.SequenceEqual(batch.Series)) return null;
        if (page.ReferencesDrop != _index.Drops)
        {
            foreach (var reference in page.References)
                if (!TrySlot(reference, out _)) return null;
            page.ReferencesDrop = _index.Drops;
        }
        if (!_head.IsNewerThanAllOf(page.Slots, timestampMs)) return null;
        _pages.NoteUse(page);
        return page;
    }

    AppendResult StoreAll(SampleBatch batch)
    {
        batch.Outcomes.Clear();     // AppendOutcome.Stored
        return new AppendResult(batch.Count, 0, 0, 0, 0);
    }

    /// <summary>Remembers with the batch that it made up a page from its first sample to its last.</summary>
    void Recognise(SampleBatch batch, LogPage page)
    {
        batch.StoreMemory = null;
        if (!batch.RepeatsShape || page.Slots.Length != batch.Count) return;
        if (!page.References.SequenceEqual(batch.Series)) page.References = batch.Series.ToArray();
        page.ReferencesDrop = _index.Drops;
        batch.StoreMemory = page;
    }
}
