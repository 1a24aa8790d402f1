using System.Text;

namespace Vigie.Protocols.RemoteWrite;

/// <summary>
/// Texts by number, so that requests of version 2.0 find their symbols without hashing. Number 0 is the empty text. Grows with the series
/// it
/// serves and is dropped with them. Safe for one writer and many readers.
/// </summary>
public sealed class SymbolPool
{
    readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal) { [""] = 0 };
    byte[][] _texts = [[], [], [], [], [], [], [], []];
    int _count = 1;

    public int Count => Volatile.Read(ref _count);

    public int NumberOf(string text)
    {
        if (_numbers.TryGetValue(text, out int known)) return known;
        if (_count == _texts.Length)
        {
            var larger = new byte[_texts.Length * 2][];
            _texts.CopyTo(larger, 0);
            Volatile.Write(ref _texts, larger);
        }
        _texts[_count] = Encoding.UTF8.GetBytes(text);
        _numbers.Add(text, _count);
        Volatile.Write(ref _count, _count + 1);
        return _count - 1;
    }

    public ReadOnlySpan<byte> TextOf(int number) => Volatile.Read(ref _texts)[number];
}
