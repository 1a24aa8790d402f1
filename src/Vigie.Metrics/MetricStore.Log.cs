using Vigie.Model;

namespace Vigie.Metrics;

/// <content>The log for those who pass on what was acknowledged.</content>
public sealed partial class MetricStore
{
    readonly KeptSegments _kept;

    public LogPosition End => _log.Committed;

    public IReadOnlyList<(ulong Segment, long Bytes)> Kept => _kept.List();

    public void Keep(ulong fromSegment) => _kept.Keep(fromSegment);

    public void KeepNothing() => _kept.KeepNothing();

    public ISampleLogReader OpenReader(ulong fromSegment) => new SampleLogReader(_files, _kept, () => _log.Committed, fromSegment);
}
