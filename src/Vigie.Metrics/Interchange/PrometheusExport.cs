using System.Security.Cryptography;
using System.Text;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics.Interchange;

/// <summary>How an export went.</summary>
public sealed record PrometheusExportResult(int Blocks, long Series, long Samples);

/// <summary>
/// Writes samples as blocks of Prometheus', one per two hours as Prometheus cuts them. A block's ULID follows from its time range, so that an
/// export that is repeated replaces its blocks instead of adding to them.
/// </summary>
/// <param name="progress">Told what is being done, and the share that is done.</param>
public sealed class PrometheusExport(IFileSystem files, ISampleSource source, Action<string, double> progress)
{
    const long BlockMs = 2 * 3600 * 1000;
    const string Crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <param name="range">What to export, at most; and what there is, at least.</param>
    /// <exception cref="IOException">The disk refused; the export can be repeated.</exception>
    public PrometheusExportResult Run(string directory, TimeRange range, CancellationToken cancellation)
    {
        files.CreateDirectory(directory);
        var columns = new SampleColumns();
        int blocks = 0;
        long series = 0, samples = 0;
        long first = FloorDiv(range.StartMs, BlockMs), last = FloorDiv(range.EndMs, BlockMs);
        for (long at = first; at <= last; at++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress($"block {at - first + 1} of {last - first + 1}", (double)(at - first) / (last - first + 1));
            var part = new TimeRange(at * BlockMs, ((at + 1) * BlockMs) - 1);
            var wanted = new TimeRange(Math.Max(part.StartMs, range.StartMs), Math.Min(part.EndMs, range.EndMs));
            using var found = source.Select([], wanted, default, cancellation);
            if (found.Count == 0) continue;
            using var writer = new PrometheusBlockWriter(files, directory, UlidOf(part), part);
            for (int i = 0; i < found.Count; i++)
            {
                columns.Clear();
                found.Read(i, columns);
                writer.Add(found.LabelsOf(i), columns);
            }
            if (writer.SeriesCount == 0) continue;
            writer.Finish();
            blocks++;
            series += writer.SeriesCount;
            samples += writer.Samples;
        }
        progress("done", 1);
        return new PrometheusExportResult(blocks, series, samples);
    }

    static long FloorDiv(long value, long divisor) => (value / divisor) - (value % divisor < 0 ? 1 : 0);

    /// <summary>A ULID (github.com/ulid/spec): 48 bits of milliseconds, here the end of the range, then 80 bits, here from a hash of it.</summary>
    internal static string UlidOf(TimeRange range)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.ASCII.GetBytes($"vigie {range.StartMs} {range.EndMs}"), hash);
        var value = new UInt128((ulong)Math.Max(0, range.EndMs) << 16, 0);
        for (int i = 0; i < 10; i++) value |= (UInt128)hash[i] << (8 * i);
        Span<char> text = stackalloc char[26];
        for (int i = 25; i >= 0; i--, value >>= 5) text[i] = Crockford[(int)(value & 31)];
        return new string(text);
    }
}
