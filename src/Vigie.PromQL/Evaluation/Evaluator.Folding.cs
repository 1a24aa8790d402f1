namespace Vigie.PromQL;

/// <content>
/// Rows on their way into something smaller. A row is computed into scratch memory, taken, and forgotten: what a fold needs is memory for its groups,
/// not for its series. However many threads take part, the rows of one group are taken in their order, so that sums are the same to the bit.
/// </content>
sealed partial class Evaluator
{
    /// <summary>Cells computed at a time where rows of all groups must pass one thread: 1 MiB.</summary>
    const long PieceCells = 131_072;

    /// <summary>Parts of the groups per thread.</summary>
    const int PartsPerThread = 4;

    /// <summary>Takes every row, in order, one after the other; rows are computed ahead by several threads if there are many.</summary>
    public void ConsumeRows(VectorRows rows, int steps, RowConsumer consume)
    {
        if (rows is SeriesMatrix known) ConsumeKnown(known, consume);
        else if (_scheduler.ThreadsFor(rows.Count, steps) < 2) ConsumeHere(rows, steps, consume);
        else ConsumeInPieces(rows, steps, consume);
    }

    /// <summary>
    /// Takes every row; those of one group in order, one after the other, those of different groups perhaps at the same time by several threads.
    /// </summary>
    /// <param name="groupOf">By row, from 0 up to <paramref name="groups"/>.</param>
    public void ConsumeGroups(VectorRows rows, int steps, ReadOnlySpan<int> groupOf, int groups, RowConsumer consume)
    {
        int threads = rows is SeriesMatrix ? 1 : _scheduler.ThreadsFor(rows.Count, steps);
        int parts = threads * PartsPerThread;
        if (threads < 2 || groups < parts)
        {
            ConsumeRows(rows, steps, consume);
            return;
        }
        int[] order = Memory.RentIntegers(rows.Count);
        Span<int> starts = stackalloc int[parts + 1];
        if (TryPartition(groupOf, groups, order, starts, threads))
        {
            int[] ends = starts.ToArray();
            _scheduler.RunParts(threads, parts, (part, worker) =>
            {
                using var scratch = worker.RentRow(steps);
                for (int i = ends[part]; i < ends[part + 1]; i++)
                {
                    Cancellation.ThrowIfCancellationRequested();
                    rows.Fill(order[i], scratch.Row, worker);
                    consume(order[i], scratch.Row);
                }
            });
        }
        else ConsumeInPieces(rows, steps, consume);
        Memory.Return(order);
    }

    /// <summary>Puts rows in parts of whole groups, about equally many rows in each; within a part they keep their order.</summary>
    /// <param name="order">Takes the rows, part after part.</param>
    /// <param name="starts">Takes the place of each part's first row, and the end.</param>
    /// <returns>False if one group has so many rows that the other threads would wait for its part.</returns>
    static bool TryPartition(ReadOnlySpan<int> groupOf, int groups, Span<int> order, Span<int> starts, int threads)
    {
        int parts = starts.Length - 1;
        var partOf = new int[groups];
        foreach (int group in groupOf) partOf[group]++;
        starts.Clear();
        for (int group = 0; group < groups; group++)
        {
            int lightest = 0;
            for (int part = 1; part < parts; part++)
                if (starts[part + 1] < starts[lightest + 1]) lightest = part;
            starts[lightest + 1] += partOf[group];
            partOf[group] = lightest;
        }
        int heaviest = 0;
        for (int part = 0; part < parts; part++) heaviest = Math.Max(heaviest, starts[part + 1]);
        if (heaviest > groupOf.Length / threads + groupOf.Length / 8) return false;
        for (int part = 0; part < parts; part++) starts[part + 1] += starts[part];
        Span<int> next = stackalloc int[parts];
        starts[..parts].CopyTo(next);
        for (int row = 0; row < groupOf.Length; row++) order[next[partOf[groupOf[row]]]++] = row;
        return true;
    }

    void ConsumeKnown(SeriesMatrix rows, RowConsumer consume)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            if ((row & 63) == 0) Cancellation.ThrowIfCancellationRequested();
            consume(row, rows.PeekAt(row));
        }
    }

    void ConsumeHere(VectorRows rows, int steps, RowConsumer consume)
    {
        using var scratch = MainWorker.RentRow(steps);
        for (int row = 0; row < rows.Count; row++)
        {
            Cancellation.ThrowIfCancellationRequested();
            rows.Fill(row, scratch.Row, MainWorker);
            consume(row, scratch.Row);
        }
    }

    void ConsumeInPieces(VectorRows rows, int steps, RowConsumer consume)
    {
        int pieceRows = (int)Math.Clamp(PieceCells / Math.Max(1, steps), 1, rows.Count);
        double[] values = Memory.Rent((long)pieceRows * steps);
        var histograms = new HistogramRow?[pieceRows];
        int first = 0;
        Action<int, Worker> fill = (i, worker) =>
        {
            var spare = worker.SpareHistograms(steps);
            rows.Fill(first + i, new Row(values.AsSpan(i * steps, steps), spare), worker);
            histograms[i] = spare.Any ? worker.TakeSpareHistograms() : null;
        };
        for (; first < rows.Count; first += pieceRows)
        {
            int count = Math.Min(pieceRows, rows.Count - first);
            ForEachRow(count, steps, fill);
            for (int i = 0; i < count; i++) consume(first + i, new Row(values.AsSpan(i * steps, steps), histograms[i] ?? HistogramRow.None));
        }
        Memory.Return(values);
    }
}

/// <summary>Takes one row of a vector; the row is the caller's again when it returns.</summary>
delegate void RowConsumer(int row, Row cells);
