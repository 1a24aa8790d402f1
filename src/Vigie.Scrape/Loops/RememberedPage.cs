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

    /// <summary>Copies the first lines of another page.</summary>
    public void AddFirst(RememberedPage other, int lines)
    {
        if (lines == 0) return;
        while (_series.Length < lines) GrowLines();
        int text = other._leadEnds[lines - 1];
        if (_text.Length < text) _text = new byte[text + 1024];
        other._text.AsSpan(0, text).CopyTo(_text);
        other._leadEnds.AsSpan(0, lines).CopyTo(_leadEnds);
        other._seriesStarts.AsSpan(0, lines).CopyTo(_seriesStarts);
        other._series.AsSpan(0, lines).CopyTo(_series);
        other._kinds.AsSpan(0, lines).CopyTo(_kinds);
        other._flags.AsSpan(0, lines).CopyTo(_flags);
        other._seen.AsSpan(0, lines).CopyTo(_seen);
        _textLength = text;
        Count = lines;
    }

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

    void GrowLines()
    {
        int lines = Math.Max(64, _series.Length * 2);
        Array.Resize(ref _leadEnds, lines);
        Array.Resize(ref _seriesStarts, lines);
        Array.Resize(ref _series, lines);
        Array.Resize(ref _kinds, lines);
        Array.Resize(ref _flags, lines);
        Array.Resize(ref _seen, lines);
    }
}
