using System.Runtime.InteropServices;
using Vigie.Model;
using Vigie.Protocols.Exposition;

namespace Vigie.Scrape;

/// <summary>What is known of a remembered line besides its text.</summary>
[Flags]
enum LineFlags : byte
{
    None = 0,
    /// <summary>Relabelling drops the sample.</summary>
    Dropped = 1,
    /// <summary>Gets a staleness marker when it vanishes (it had no timestamp of its own, or those are tracked too).</summary>
    Tracked = 2,
    /// <summary>The same series stands earlier on the page: the sample is refused.</summary>
    Duplicate = 4,
    /// <summary>A series limit refused the series.</summary>
    Refused = 8,
}

/// <summary>
/// The samples of one scraped page in their order: for each the bytes that lead to its value (metadata lines, then the series) and the
/// reference of its series. The next page is walked beside it. Memory: the page's text without values, and 25 bytes per line.
/// </summary>
sealed class RememberedPage
{
    /// <summary>Lines looked at together: a page that breaks off at every line is not looked through again and again.</summary>
    const int RunLinesMax = 2048;

    byte[] _text = [];
    int _textLength;
    int[] _leadEnds = [];       // a lead starts where the one before ends
    int[] _seriesStarts = [];
    SeriesRef[] _series = [];
    MetricKind[] _kinds = [];
    LineFlags[] _flags = [];
    int[] _seen = [];
    int[] _table = [];          // open addressing by hash of the series text: line + 1, 0 is free; built at the first lookup
    int _tableLines;

    public int Count { get; private set; }

    public ReadOnlySpan<byte> LeadOf(int line) => _text.AsSpan(line == 0 ? 0 : _leadEnds[line - 1], LengthOfLead(line));
    int LengthOfLead(int line) => _leadEnds[line] - (line == 0 ? 0 : _leadEnds[line - 1]);
    public ReadOnlySpan<byte> SeriesTextOf(int line) => _text.AsSpan(_seriesStarts[line], _leadEnds[line] - _seriesStarts[line]);
    public SeriesRef SeriesOf(int line) => _series[line];
    public MetricKind KindOf(int line) => _kinds[line];
    public ref LineFlags FlagsOf(int line) => ref _flags[line];

    /// <summary>Marks a line as met in scrape number <paramref name="scrape"/>; false if it had been already.</summary>
    public bool MarkSeen(int line, int scrape)
    {
        if (_seen[line] == scrape) return false;
        _seen[line] = scrape;
        return true;
    }

    public bool WasSeen(int line, int scrape) => _seen[line] == scrape;

    public void Add(ReadOnlySpan<byte> lead, int seriesLength, SeriesRef series, MetricKind kind, LineFlags flags, int scrape)
    {
        if (Count == _series.Length) GrowLines();
        if (_textLength + lead.Length > _text.Length) Array.Resize(ref _text, Math.Max(_text.Length * 2, _textLength + lead.Length + 1024));
        lead.CopyTo(_text.AsSpan(_textLength));
        _textLength += lead.Length;
        _leadEnds[Count] = _textLength;
        _seriesStarts[Count] = _textLength - seriesLength;
        _series[Count] = series;
        _kinds[Count] = kind;
        _flags[Count] = flags;
        _seen[Count] = scrape;
        Count++;
    }

    /// <summary>Makes room for a page that is about as long as another.</summary>
    public void ReserveFor(RememberedPage other)
    {
        if (_text.Length < other._textLength) Array.Resize(ref _text, other._textLength + (other._textLength / 16));
        if (_series.Length < other.Count) ResizeLines(other.Count + (other.Count / 16));
    }

    /// <summary>Gives back the room for lines that are not there.</summary>
    public void TrimExcess()
    {
        Array.Resize(ref _text, _textLength);
        ResizeLines(Count);
    }

    /// <summary>Adds lines of another page as they are.</summary>
    public void AddLines(RememberedPage other, int first, int lines)
    {
        if (lines == 0) return;
        while (_series.Length < Count + lines) GrowLines();
        int otherStart = first == 0 ? 0 : other._leadEnds[first - 1];
        int text = other._leadEnds[first + lines - 1] - otherStart;
        if (_textLength + text > _text.Length) Array.Resize(ref _text, Math.Max(_text.Length * 2, _textLength + text + 1024));
        other._text.AsSpan(otherStart, text).CopyTo(_text.AsSpan(_textLength));
        int shift = _textLength - otherStart;
        for (int i = 0; i < lines; i++)
        {
            _leadEnds[Count + i] = other._leadEnds[first + i] + shift;
            _seriesStarts[Count + i] = other._seriesStarts[first + i] + shift;
        }
        other._series.AsSpan(first, lines).CopyTo(_series.AsSpan(Count));
        other._kinds.AsSpan(first, lines).CopyTo(_kinds.AsSpan(Count));
        other._flags.AsSpan(first, lines).CopyTo(_flags.AsSpan(Count));
        other._seen.AsSpan(first, lines).CopyTo(_seen.AsSpan(Count));
        _textLength += text;
        Count += lines;
    }

    /// <summary>How many lines from this one on are ordinary ones (nothing but <see cref="LineFlags.Tracked"/>).</summary>
    public int OrdinaryFrom(int line)
    {
        var flags = MemoryMarshal.Cast<LineFlags, byte>(_flags.AsSpan(line, Math.Min(Count - line, RunLinesMax)));
        int other = flags.IndexOfAnyExcept((byte)LineFlags.Tracked);
        return other < 0 ? flags.Length : other;
    }

    public ReadOnlySpan<SeriesRef> SeriesOf(int first, int lines) => _series.AsSpan(first, lines);

    /// <summary>Marks lines as met, see <see cref="MarkSeen(int, int)"/>.</summary>
    public void MarkSeen(int first, int lines, int scrape) => _seen.AsSpan(first, lines).Fill(scrape);

    /// <summary>Reads samples that go on as these lines do.</summary>
    /// <returns>Lines read.</returns>
    public int Read(ref ExpositionReader reader, int first, int lines, Span<double> values) => reader.ReadKnown(
        _text, first == 0 ? 0 : _leadEnds[first - 1], _leadEnds.AsSpan(first, lines), _kinds.AsSpan(first, lines), values);

    /// <summary>The line of a series wherever it stands in the page, or −1.</summary>
    public int Find(ReadOnlySpan<byte> seriesText)
    {
        if (Count == 0) return -1;
        if (_tableLines != Count) BuildTable();
        int mask = _table.Length - 1;
        for (int slot = SlotOf(seriesText, mask); _table[slot] != 0; slot = (slot + 1) & mask)
            if (SeriesTextOf(_table[slot] - 1).SequenceEqual(seriesText)) return _table[slot] - 1;
        return -1;
    }

    public void Clear()
    {
        Count = 0;
        _textLength = 0;
        _tableLines = 0;
    }

    /// <summary>Gives the memory back.</summary>
    public void Release()
    {
        Clear();
        (_text, _leadEnds, _seriesStarts, _series, _kinds, _flags, _seen, _table) = ([], [], [], [], [], [], [], []);
    }

    void BuildTable()
    {
        int size = 16;
        while (size < Count * 2) size *= 2;
        if (_table.Length == size) Array.Clear(_table);
        else _table = new int[size];
        for (int line = 0; line < Count; line++)
        {
            int slot = SlotOf(SeriesTextOf(line), size - 1);
            bool known = false;
            for (; _table[slot] != 0 && !known; slot = (slot + 1) & (size - 1))
                known = SeriesTextOf(_table[slot] - 1).SequenceEqual(SeriesTextOf(line));
            if (!known) _table[slot] = line + 1;
        }
        _tableLines = Count;
    }

    // Seeded per process: a target cannot choose names that collide.
    static int SlotOf(ReadOnlySpan<byte> text, int mask)
    {
        var hash = new HashCode();
        hash.AddBytes(text);
        return hash.ToHashCode() & mask;
    }

    void GrowLines() => ResizeLines(Math.Max(64, _series.Length * 2));

    void ResizeLines(int lines)
    {
        Array.Resize(ref _leadEnds, lines);
        Array.Resize(ref _seriesStarts, lines);
        Array.Resize(ref _series, lines);
        Array.Resize(ref _kinds, lines);
        Array.Resize(ref _flags, lines);
        Array.Resize(ref _seen, lines);
    }
}
