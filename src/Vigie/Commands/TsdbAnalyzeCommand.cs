using System.CommandLine;
using Vigie.Model;

namespace Vigie.Commands;

/// <summary>`vigie tsdb analyze`: churn, label pair cardinality and the widest metrics of one block, in the form of `promtool tsdb analyze`.</summary>
static class TsdbAnalyzeCommand
{
    public static Command Create()
    {
        var path = TsdbStore.PathArgument();
        var block = new Argument<string?>("block id") { Arity = ArgumentArity.ZeroOrOne, Description = "Block to analyze. Default: the newest." };
        var limit = new Option<int>("--limit") { Description = "How many items to show in each list.", DefaultValueFactory = static _ => 20 };
        var match = new Option<string?>("--match") { Description = "Series selector to analyze. Default: all series of the block." };
        var command = new Command("analyze", "Analyze churn, label pair cardinality and metrics of a block.") { path, block, limit, match };
        command.SetAction((parsed, cancellation) => Task.FromResult(TsdbStore.Run(() =>
        {
            string? selector = parsed.GetValue(match);
            if (TsdbDumpCommand.Selectors(selector is { Length: > 0 } ? [selector] : null) is not { } selectors) return 1;
            using var store = TsdbStore.Open(parsed.GetValue(path)!);
            store.Flush(cancellation);
            var blocks = store.BlockList();
            string? wanted = parsed.GetValue(block);
            var found = wanted is null ? (blocks.Count == 0 ? null : blocks[^1])
                : blocks.FirstOrDefault(one => ulong.TryParse(wanted, System.Globalization.CultureInfo.InvariantCulture, out ulong number) && number == one.Number);
            if (found is null) throw new InvalidDataException(wanted is null ? "no blocks found" : $"block {wanted} not found");
            using var series = store.Select(selectors[0], found.Range, default, cancellation);
            Print(found.Number, found.Range, series, selector, parsed.GetValue(limit), cancellation);
            return 0;
        })));
        return command;
    }

    static void Print(ulong number, TimeRange range, ISeriesSet series, string? selector, int limit, CancellationToken cancellation)
    {
        long durationMs = range.EndMs - range.StartMs, entries = 0;
        Counts pairs = new(), names = new(), pairChurn = new(), nameChurn = new(), valueBytes = new(), values = new(), metrics = new();
        var columns = new SampleColumns();
        for (int i = 0; i < series.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            columns.Clear();
            series.Read(i, columns);
            long uncovered = columns.Count == 0 ? durationMs : durationMs - (columns.Timestamps[^1] - columns.Timestamps[0]);
            foreach (ref readonly var label in series.LabelsOf(i).Pairs)
            {
                string pair = label.Name + "=" + label.Value;
                if (pairs.Add(pair, 1) == 1)
                {
                    values.Add(label.Name, 1);
                    valueBytes.Add(label.Name, System.Text.Encoding.UTF8.GetByteCount(label.Value));
                }
                names.Add(label.Name, 1);
                pairChurn.Add(pair, uncovered);
                nameChurn.Add(label.Name, uncovered);
                entries++;
            }
            metrics.Add(series.LabelsOf(i).MetricName, 1);
        }
        Console.WriteLine($"Block ID: {number:d8}");
        Console.WriteLine($"Duration: {GoDuration.FormatGo(TimeSpan.FromMilliseconds(durationMs))}");
        Console.WriteLine($"Total Series: {series.Count}");
        if (selector is { Length: > 0 }) Console.WriteLine($"Matcher: {selector}");
        Console.WriteLine($"Label names: {names.Count}");
        Console.WriteLine($"Postings (unique label pairs): {pairs.Count}");
        Console.WriteLine($"Postings entries (total label pairs): {entries}");
        long whole = Math.Max(1, durationMs);
        PrintTop("Label pairs most involved in churning:", pairChurn.Top(limit, uncovered => uncovered / whole));
        PrintTop("Label names most involved in churning:", nameChurn.Top(limit, uncovered => uncovered / whole));
        PrintTop("Most common label pairs:", pairs.Top(limit, static count => count));
        PrintTop("Label names with highest cumulative label value length:", valueBytes.Top(limit, static bytes => bytes));
        PrintTop("Highest cardinality labels:", values.Top(limit, static count => count));
        PrintTop("Highest cardinality metric names:", metrics.Top(limit, static count => count));
    }

    static void PrintTop(string title, IEnumerable<(string Key, long Value)> top)
    {
        Console.WriteLine();
        Console.WriteLine(title);
        foreach (var (key, value) in top) Console.WriteLine($"{value} {key}");
    }

    sealed class Counts
    {
        readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

        public int Count => _counts.Count;

        public long Add(string key, long more) => _counts[key] = _counts.GetValueOrDefault(key) + more;

        public IEnumerable<(string, long)> Top(int limit, Func<long, long> shown) => _counts
            .OrderByDescending(static pair => pair.Value).ThenBy(static pair => pair.Key, StringComparer.Ordinal).Take(limit)
            .Select(pair => (pair.Key, shown(pair.Value)));
    }
}
