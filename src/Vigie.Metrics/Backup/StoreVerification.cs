using Vigie.Storage;

namespace Vigie.Metrics.Backup;

/// <summary>What was checked, and what is wrong: a line each, with what restores service.</summary>
public sealed record VerificationResult(int Blocks, long Series, long Samples, int LogSegments, IReadOnlyList<string> Problems);

/// <summary>Checks every checksum of a store's blocks, log and manifest. Changes nothing.</summary>
public static class StoreVerification
{
    public static VerificationResult Run(IFileSystem files, string path, Action<string, double> progress, CancellationToken cancellation)
    {
        var problems = new List<string>();
        var manifest = Manifest.TryRead(files, path, out string? manifestProblem);
        if (manifestProblem is not null) problems.Add($"{manifestProblem}. A start takes all whole blocks and the whole log instead");
        string blocks = Path.Combine(path, "blocks"), log = Path.Combine(path, "wal");
        var names = files.ListFiles(blocks).Where(name => name.EndsWith(".block", StringComparison.Ordinal)).ToList();
        foreach (ulong number in manifest?.Blocks ?? [])
            if (!names.Contains($"{number:d8}.block")) problems.Add($"{blocks}/{number:d8}.block is missing. "
                    + "Copy it from a backup; without it its samples are gone");
        int opened = 0;
        long series = 0, samples = 0;
        foreach (string name in names)
        {
            cancellation.ThrowIfCancellationRequested();
            progress(name, (double)opened / names.Count);
            int damagedPages = 0;
            var block = Block.TryOpen(files, Path.Combine(blocks, name), () => damagedPages++, out string? problem);
            if (block is null)
            {
                problems.Add($"{blocks}/{name}: {problem}. Copy it from a backup; a start leaves it out");
                continue;
            }
            opened++;
            series += block.SeriesCount;
            samples += block.Samples;
            var columns = new Vigie.Model.SampleColumns();
            long read = 0;
            for (int i = 0; i < block.SeriesCount; i++)
            {
                columns.Clear();
                foreach (var chunk in block.ChunksOf(i)) block.Read(chunk, Vigie.Model.TimeRange.All, columns);
                read += columns.Count;
            }
            if (damagedPages > 0 || read != block.Samples)
                problems.Add($"{blocks}/{name}: {damagedPages} damaged pages, {block.Samples - read} of {block.Samples} samples cannot be read. "
                    + "Copy it from a backup; answers leave those samples out");
            block.Release();
            string deleted = Path.Combine(blocks, Path.ChangeExtension(name, ".deleted"));
            if (files.FileExists(deleted) && Tombstones.TryRead(files.ReadAll(deleted)) is null)
                problems.Add($"{deleted}: the checksum does not fit. Deleted samples are visible again: delete them once more");
        }
        int segments = VerifyLog(files, log, manifest?.FirstSegment ?? 0, problems);
        return new VerificationResult(opened, series, samples, segments, problems);
    }

    static int VerifyLog(IFileSystem files, string log, ulong firstSegment, List<string> problems)
    {
        int segments = 0;
        var numbers = SampleLog.SegmentsIn(files, log);
        foreach (ulong number in numbers)
        {
            if (number < firstSegment) continue;
            string path = Path.Combine(log, SampleLog.NameOf(number));
            byte[] bytes = files.ReadAll(path);
            segments++;
            if (!SegmentHeader.TryRead(bytes, SampleLog.SegmentKind, out _, out string? problem))
            {
                problems.Add($"{path}: {problem}. A start leaves it out");
                continue;
            }
            var reader = new LogSegmentReader(bytes);
            while (reader.TryRead(out _)) { }
            if (reader.DamagedRecords > 0)
                problems.Add($"{path}: offset {reader.FirstDamageOffset}: {reader.DamagedRecords} damaged records, "
                    + $"{reader.DamagedBytes} bytes. A start leaves them out");
        }
        return segments;
    }
}
