using System.Runtime.InteropServices;

namespace Vigie.Metrics;

/// <summary>
/// Label names and values, each text once, by number. Counted by use: a text no posting list needs any more gives its number back.
/// Guarded by the index lock of <see cref="HeadIndex"/>; texts handed out stay valid.
/// </summary>
sealed class SymbolTable
{
    readonly Dictionary<string, uint> _numbers = new(StringComparer.Ordinal);
    readonly Stack<uint> _free = new();
    string[] _texts = new string[256];
    int[] _uses = new int[256];
    int _count;

    public int Count => _numbers.Count;

    /// <summary>Above every number handed out.</summary>
    public int NumberEnd => _count;

    public string this[uint number] => _texts[number];

    public bool TryGet(string text, out uint number) => _numbers.TryGetValue(text, out number);

    public uint Intern(string text)
    {
        ref uint number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, text, out bool exists);
        if (exists) return number;
        number = _free.Count > 0 ? _free.Pop() : (uint)_count++;
        if (number >= _texts.Length)
        {
            var larger = new string[_texts.Length * 2];
            _texts.CopyTo(larger, 0);
            _texts = larger;                        // readers keep the old array, whose entries stay
            Array.Resize(ref _uses, larger.Length);
        }
        _texts[number] = text;
        _uses[number] = 0;
        return number;
    }

    public void AddUse(uint number) => _uses[number]++;

    public void RemoveUse(uint number)
    {
        if (--_uses[number] > 0) return;
        _numbers.Remove(_texts[number]);
        _texts[number] = "";
        _free.Push(number);
    }
}
