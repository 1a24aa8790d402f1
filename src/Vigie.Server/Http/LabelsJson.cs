using System.Buffers;
using System.Text;
using System.Text.Json;
using Vigie.Model;

namespace Vigie.Server.Http;

/// <summary>
/// Label sets of one answer as JSON objects. Nearly all are plain ASCII: those are put together as text and handed to the writer in one piece. A pair
/// that the label set before had at the same place is copied from there. Not thread-safe.
/// </summary>
sealed class LabelsJson : IDisposable
{
    /// <summary>ASCII characters JSON takes as they are.</summary>
    static readonly SearchValues<char> s_plain =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Where(c => c is not ('"' or '\\'))]);

    readonly record struct Place(Label Pair, int Start, int Length);

    List<Place> _places = [], _placesBefore = [];
    byte[] _text = [], _textBefore = [];

    public void Write(Utf8JsonWriter json, Labels labels)
    {
        (_text, _textBefore) = (_textBefore, _text);
        (_places, _placesBefore) = (_placesBefore, _places);
        int length = 2;
        foreach (ref readonly var pair in labels.Pairs) length += pair.Name.Length + pair.Value.Length + 6;
        if (_text.Length < length)
        {
            ArrayPool<byte>.Shared.Return(_text);
            _text = ArrayPool<byte>.Shared.Rent(length);
        }
        _places.Clear();
        if (TryFormat(labels, _text, out int written))
        {
            json.WriteRawValue(_text.AsSpan(0, written), skipInputValidation: true);
            return;
        }
        _places.Clear();
        json.WriteStartObject();
        foreach (ref readonly var pair in labels.Pairs) json.WriteString(pair.Name, pair.Value);
        json.WriteEndObject();
    }

    /// <returns>False if a name or value needs escaping.</returns>
    bool TryFormat(Labels labels, Span<byte> text, out int written)
    {
        written = 0;
        text[written++] = (byte)'{';
        var pairs = labels.Pairs;
        for (int i = 0; i < pairs.Length; i++)
        {
            if (i > 0) text[written++] = (byte)',';
            int start = written;
            if (i < _placesBefore.Count && IsSame(_placesBefore[i].Pair, pairs[i]))
            {
                _textBefore.AsSpan(_placesBefore[i].Start, _placesBefore[i].Length).CopyTo(text[written..]);
                written += _placesBefore[i].Length;
            }
            else
            {
                if (!TryFormat(pairs[i].Name, text, ref written)) return false;
                text[written++] = (byte)':';
                if (!TryFormat(pairs[i].Value, text, ref written)) return false;
            }
            _places.Add(new Place(pairs[i], start, written - start));
        }
        text[written++] = (byte)'}';
        return true;
    }

    /// <summary>By reference: the texts of a store are interned.</summary>
    static bool IsSame(in Label a, in Label b) => ReferenceEquals(a.Name, b.Name) && ReferenceEquals(a.Value, b.Value);

    static bool TryFormat(string part, Span<byte> text, ref int written)
    {
        if (part.AsSpan().ContainsAnyExcept(s_plain)) return false;
        text[written++] = (byte)'"';
        Ascii.FromUtf16(part, text[written..], out int bytes);
        written += bytes;
        text[written++] = (byte)'"';
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_text);
        ArrayPool<byte>.Shared.Return(_textBefore);
        _text = _textBefore = [];
        _places.Clear();
        _placesBefore.Clear();
    }
}
