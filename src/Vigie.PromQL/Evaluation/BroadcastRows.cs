using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>An operand that is the same at every step, evaluated once.</summary>
sealed class BroadcastRows(SeriesMatrix once) : DerivedRows(once)
{
    public override void Fill(int row, Row target, Worker worker)
    {
        var source = once.PeekAt(row);
        target.Histograms.Clear();
        target.Values.Fill(source.Values[0]);
        if (source.Histograms[0] is not { } histogram) return;
        for (int step = 0; step < target.Steps; step++) target.Histograms[step] = histogram;
    }
}
