using System.Globalization;

namespace Vigie.Metrics;

/// <content>Snapshots.</content>
public sealed partial class MetricStore
{
    const string SnapshotFolder = "snapshots";

    /// <summary>
    /// Makes a copy of the store as it is now, in <c>snapshots/NAME</c>, a store of its own: hard links to the blocks, which take no space
    /// until the originals are dropped.
    /// </summary>
    /// <param name="skipHead">Leaves out what is not in blocks yet; else that is written to a block first.</param>
    /// <returns>The name: the time and a random part, as Prometheus names its snapshots.</returns>
    /// <exception cref="IOException">The disk refused; an unfinished snapshot is deleted.</exception>
    public string Snapshot(bool skipHead, CancellationToken cancellation)
    {
        lock (_maintenanceLock)
        {
            if (!skipHead)
            {
                Freeze();
                FlushFrozen(cancellation);
            }
            string name = string.Create(
                CultureInfo.InvariantCulture, $"{_clock.GetUtcNow():yyyyMMddTHHmmssZ}-{Random.Shared.NextInt64():x16}");
            string target = Path.Combine(_path, SnapshotFolder, name);
            try
            {
                _folder.LinkTo(target, _view.Blocks);
                foreach (var tier in _tiers) tier.LinkTo(target);
            }
            catch (IOException)
            {
                _files.DeleteDirectory(target);
                throw;
            }
            return name;
        }
    }
}
