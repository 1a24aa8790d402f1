using System.Runtime.InteropServices;

namespace Vigie.Metrics;

/// <summary>A label's name and value (symbols), and the series that have it.</summary>
struct LabelPair
{
    public uint Name;
    public uint Value;
    public PostingList Series;
}

/// <summary>
/// Label pairs by number, each once: a series is a few pair numbers. A pair no series has any more gives its number back. Guarded by the index
/// lock of <see cref="HeadIndex"/>; name and value of a pair that a series has may be read without it.
/// </summary>
sealed class PairTable(SymbolTable symbols)
{
    readonly Dictionary<uint, Dictionary<uint, uint>> _byName = [];
    readonly Stack<uint> _free = new();
    LabelPair[] _pairs = new LabelPair[256];
    int _end;

    public int Count => _end - _free.Count;

    public IEnumerable<uint> Names => _byName.Keys;

    public ref LabelPair this[uint pair] => ref _pairs[pair];

    /// <summary>The pairs of a name by the symbol of their value; null if there are none.</summary>
    public Dictionary<uint, uint>? Of(uint name) => _byName.GetValueOrDefault(name);

    public uint Intern(string name, string value)
    {
        uint nameSymbol = symbols.Intern(name), valueSymbol = symbols.Intern(value);
        ref var values = ref CollectionsMarshal.GetValueRefOrAddDefault(_byName, nameSymbol, out _);
        values ??= [];
        ref uint pair = ref CollectionsMarshal.GetValueRefOrAddDefault(values, valueSymbol, out bool known);
        if (known) return pair;
        symbols.AddUse(nameSymbol);
        symbols.AddUse(valueSymbol);
        pair = _free.Count > 0 ? _free.Pop() : (uint)_end++;
        if (pair >= _pairs.Length)
        {
            var larger = new LabelPair[_pairs.Length + (_pairs.Length / 2)];
            _pairs.CopyTo(larger, 0);
            Volatile.Write(ref _pairs, larger);     // readers of a name or value keep the old array, whose entries stay
        }
        _pairs[pair] = new LabelPair { Name = nameSymbol, Value = valueSymbol };
        return pair;
    }

    /// <summary>Forgets a pair that no series has.</summary>
    public void Remove(uint pair)
    {
        var (name, value) = (_pairs[pair].Name, _pairs[pair].Value);
        var values = _byName[name];
        values.Remove(value);
        if (values.Count == 0) _byName.Remove(name);
        _pairs[pair] = default;
        _free.Push(pair);
        symbols.RemoveUse(value);
        symbols.RemoveUse(name);
    }

    /// <summary>All pairs, with the number of series that have them.</summary>
    public IEnumerable<(uint Name, uint Value, int Series)> All()
    {
        foreach (var (name, values) in _byName)
            foreach (var (value, pair) in values) yield return (name, value, _pairs[pair].Series.Count);
    }
}
