namespace Vigie.PromQL;

/// <summary>count: floats and histograms alike.</summary>
sealed class CountAggregation : FloatAggregation
{
    protected override void Add(int group, Row cells, VectorRows rows, int row)
    {
        var counts = ValuesOf(group);
        if (!cells.Histograms.Any)
        {
            var values = cells.Values;
            for (int step = 0; step < counts.Length; step++)
                if (Cell.IsPresent(values[step])) counts[step] = Cell.IsAbsent(counts[step]) ? 1 : counts[step] + 1;
            return;
        }
        for (int step = 0; step < counts.Length; step++)
            if (cells.HasAt(step)) counts[step] = Cell.IsAbsent(counts[step]) ? 1 : counts[step] + 1;
    }

    protected override void Finish(int group, Row result) => ValuesOf(group).CopyTo(result.Values);
}

/// <summary>group: 1 wherever a group has a sample.</summary>
sealed class GroupAggregation : FloatAggregation
{
    protected override void Add(int group, Row cells, VectorRows rows, int row)
    {
        var seen = ValuesOf(group);
        for (int step = 0; step < seen.Length; step++)
            if (cells.HasAt(step)) seen[step] = 1;
    }

    protected override void Finish(int group, Row result) => ValuesOf(group).CopyTo(result.Values);
}
