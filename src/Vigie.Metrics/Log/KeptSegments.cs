using System.Globalization;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// Second names (hard links) of log segments, in a folder of their own, for readers that may be far behind: the store deletes its own names
/// when the samples are in blocks. Safe for concurrent use. Layout: docs/formats/samples-log.md.
/// </summary>
sealed class KeptSegments(IFileSystem files, string logDirectory, string directory)
{
    readonly Lock _lock = new();
    bool _isKeeping;            // guarded by _lock

    public string PathOf(ulong segment) => Path.Combine(directory, SampleLog.NameOf(segment));

    public IReadOnlyList<(ulong Segment, long Bytes)> List()
    {
        var segments = new List<(ulong, long)>();
        foreach (ulong number in SampleLog.SegmentsIn(files, directory))
        {
            try
            {
                segments.Add((number, files.SizeOf(PathOf(number))));
            }
            catch (IOException)
            {
                // Given up at this moment.
            }
        }
        return segments;
    }

    /// <summary>The first segment kept from this number on; null if there is none.</summary>
    public ulong? First(ulong fromSegment)
    {
        foreach (ulong number in SampleLog.SegmentsIn(files, directory))
            if (number >= fromSegment) return number;
        return null;
    }

    /// <summary>Keeps what the log has from a segment on, and what it will begin; gives up what is older.</summary>
    public void Keep(ulong fromSegment)
    {
        lock (_lock)
        {
            files.CreateDirectory(directory);
            _isKeeping = true;
            foreach (ulong number in SampleLog.SegmentsIn(files, directory))
                if (number < fromSegment) files.DeleteFile(PathOf(number));
            foreach (ulong number in SampleLog.SegmentsIn(files, logDirectory))
                if (number >= fromSegment) Link(number);
        }
    }

    public void KeepNothing()
    {
        lock (_lock)
        {
            _isKeeping = false;
            files.DeleteDirectory(directory);
        }
    }

    /// <summary>The log has created a segment.</summary>
    public void Started(ulong segment)
    {
        lock (_lock)
            if (_isKeeping) Link(segment);
    }

    void Link(ulong segment)
    {
        string link = PathOf(segment), existing = Path.Combine(logDirectory, SampleLog.NameOf(segment));
        if (files.FileExists(link) || !files.FileExists(existing)) return;
        files.Link(existing, link);
        files.SyncDirectory(directory);
    }
}
