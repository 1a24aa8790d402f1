using System.Globalization;
using System.Text;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics.Interchange;

/// <summary>How an import went.</summary>
/// <param name="Skipped">What was left out and why, a line each.</param>
public sealed record PrometheusImportResult(int Blocks, long Series, long Samples, int BlocksBefore, IReadOnlyList<string> Skipped);

/// <summary>
/// Takes the data directory of a Prometheus, stopped in whatever way, into a store: each block becomes a block, what is in the logs
/// some more. What was taken is remembered in the file IMPORTED of the store, so that an import that was interrupted can be repeated.
/// </summary>
/// <param name="progress">Told what is being done, and the share that is done.</param>
public sealed class PrometheusImport(IFileSystem files, MetricStore store, string storePath, Action<string, double> progress)
{
    const string LedgerName = "IMPORTED";
    const string HeadKey = "head";
    const string Done = "done";

    readonly List<string> _skipped = [];
    readonly SampleColumns _samples = new();
    long _series;
    long _sampleCount;
    int _blocks;
    int _before;

    /// <exception cref="InvalidDataException">The folder is no data directory of Prometheus.</exception>
    /// <exception cref="IOException">The disk refused; the import can be repeated.</exception>
    public PrometheusImportResult Run(string directory, CancellationToken cancellation)
    {
        if (!files.DirectoryExists(directory))
            throw new InvalidDataException($"found no folder {directory}, expected the data directory of a Prometheus");
        var metas = BlocksOf(directory);
        if (metas.Count == 0 && !files.DirectoryExists(Path.Combine(directory, "wal")))
            throw new InvalidDataException($"{directory}: found neither blocks nor a folder wal, expected the data directory of a Prometheus");
        var ledger = ReadLedger();
        for (int i = 0; i < metas.Count; i++)
        {
            progress($"block {metas[i].Ulid}", (double)i / (metas.Count + 1));
            if (IsTaken(ledger, metas[i].Ulid)) _before++;
            else TakeBlock(metas[i], ledger, cancellation);
        }
        TakeHead(directory, metas, ledger, cancellation);
        progress("done", 1);
        return new PrometheusImportResult(_blocks, _series, _sampleCount, _before, _skipped);
    }

    /// <summary>The blocks that count: those whose content is not in another one, as Prometheus itself decides at its start.</summary>
    List<PrometheusBlockMeta> BlocksOf(string directory)
    {
        var metas = new List<PrometheusBlockMeta>();
        foreach (string name in files.ListDirectories(directory))
        {
            if (name.Length != 26 || !name.All(char.IsAsciiLetterOrDigit))
            {
                if (name.Contains(".tmp", StringComparison.Ordinal)) _skipped.Add($"{name}: unfinished work of Prometheus'");
                continue;
            }
            try
            {
                metas.Add(PrometheusBlockMeta.Read(files, Path.Combine(directory, name)));
            }
            catch (Exception problem) when (problem is InvalidDataException or IOException)
            {
                _skipped.Add($"{name}: {problem.Message}");
            }
        }
        var replaced = metas.SelectMany(meta => meta.Parents).ToHashSet(StringComparer.Ordinal);
        foreach (var meta in metas.Where(meta => replaced.Contains(meta.Ulid)))
            _skipped.Add($"{meta.Ulid}: its samples are in the block it was compacted into");
        metas.RemoveAll(meta => replaced.Contains(meta.Ulid));
        metas.Sort((a, b) => a.MinTimeMs.CompareTo(b.MinTimeMs));
        return metas;
    }

    void TakeBlock(PrometheusBlockMeta meta, Dictionary<string, string> ledger, CancellationToken cancellation)
    {
        try
        {
            using var reader = new PrometheusBlockReader(files, meta.Path);
            long series = 0, samples = 0;
            store.AddBlock(
                writer =>
                {
                    while (reader.TryRead(out var labels, _samples))
                    {
                        cancellation.ThrowIfCancellationRequested();
                        writer.Add(labels, _samples);
                    }
                    (series, samples) = (writer.SeriesCount, writer.Samples);
                },
                number => WriteLedger(ledger, meta.Ulid, Begun(number, samples)));
            WriteLedger(ledger, meta.Ulid, Done);
            _blocks++;
            _series += series;
            _sampleCount += samples;
            if (reader.DamagedChunks > 0) _skipped.Add($"{meta.Ulid}: {reader.DamagedChunks} damaged chunks");
            if (reader.DamagedSeries > 0) _skipped.Add($"{meta.Ulid}: {reader.DamagedSeries} damaged series");
        }
        catch (Exception problem) when (problem is InvalidDataException or ArgumentOutOfRangeException or FileNotFoundException)
        {
            _skipped.Add($"{meta.Ulid}: {problem.Message}");
        }
    }

    void TakeHead(string directory, List<PrometheusBlockMeta> metas, Dictionary<string, string> ledger, CancellationToken cancellation)
    {
        long notBefore = metas.Where(meta => !meta.FromOutOfOrder).Select(meta => meta.MaxTimeMs).DefaultIfEmpty(long.MinValue).Max();
        var head = new PrometheusHeadReader(files, directory, notBefore);
        for (int pass = 0; pass < head.Passes; pass++)
        {
            progress($"log, part {pass + 1} of {head.Passes}", (metas.Count + ((double)pass / head.Passes)) / (metas.Count + 1));
            // Their length tells one state of the logs from a later one of the same directory.
            string key = string.Create(CultureInfo.InvariantCulture, $"{HeadKey}:{Path.GetFullPath(directory)}:{head.LogBytes}:{pass}");
            if (IsTaken(ledger, key))
            {
                _before++;
                continue;
            }
            var series = head.Read(pass, cancellation);
            if (series.Count == 0) continue;
            long samples = 0;
            store.AddBlock(
                writer =>
                {
                    foreach (var (labels, columns) in series) writer.Add(labels, columns);
                    samples = writer.Samples;
                },
                number => WriteLedger(ledger, key, Begun(number, samples)));
            WriteLedger(ledger, key, Done);
            _blocks++;
            _series += series.Count;
            _sampleCount += samples;
        }
        foreach (var (family, metadata) in head.Metadata) store.SetMetadata(family, metadata);
        _skipped.AddRange(head.Damage);
        if (head.Orphans > 0) _skipped.Add($"log: {head.Orphans} samples of series that the log does not define");
        if (head.ExemplarRecords > 0) _skipped.Add($"log: {head.ExemplarRecords} records of exemplars");
    }

    /// <summary>True if it was taken: the entry says so, or (when the import ended between two writes) its block is part of the store.</summary>
    bool IsTaken(Dictionary<string, string> ledger, string key)
    {
        if (!ledger.TryGetValue(key, out string? state)) return false;
        if (state == Done) return true;
        string[] parts = state.Split(':');
        return parts.Length == 2 && ulong.TryParse(parts[0], CultureInfo.InvariantCulture, out ulong number)
            && long.TryParse(parts[1], CultureInfo.InvariantCulture, out long samples) && store.HasBlock(number, samples);
    }

    Dictionary<string, string> ReadLedger()
    {
        var ledger = new Dictionary<string, string>(StringComparer.Ordinal);
        string path = Path.Combine(storePath, LedgerName);
        if (!files.FileExists(path)) return ledger;
        foreach (string line in Encoding.UTF8.GetString(files.ReadAll(path)).Split('\n'))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0) ledger[line[(space + 1)..]] = line[..space];
        }
        return ledger;
    }

    void WriteLedger(Dictionary<string, string> ledger, string key, string state)
    {
        ledger[key] = state;
        var text = new StringBuilder();
        foreach (var (taken, entry) in ledger) text.Append(entry).Append(' ').Append(taken).Append('\n');
        files.WriteAtomic(Path.Combine(storePath, LedgerName), Encoding.UTF8.GetBytes(text.ToString()));
    }

    static string Begun(ulong block, long samples) => string.Create(CultureInfo.InvariantCulture, $"{block}:{samples}");
}
