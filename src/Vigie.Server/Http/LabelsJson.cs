using System.Buffers;
using System.Text;
using System.Text.Json;
using Vigie.Model;

namespace Vigie.Server.Http;

/// <summary>Label sets as JSON objects. Nearly all are plain ASCII: those are put together as text and handed to the writer in one piece.</summary>
static class LabelsJson
{
    /// <summary>ASCII characters JSON takes as they are.</summary>
    static readonly SearchValues<char> s_plain =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Where(c => c is not ('"' or '\\'))]);

    public static void Write(Utf8JsonWriter json, Labels labels)
    {
        int length = 2;
        foreach (ref readonly var pair in labels.Pairs) length += pair.Name.Length + pair.Value.Length + 6;
        byte[] text = ArrayPool<byte>.Shared.Rent(length);
        if (TryFormat(labels, text, out int written)) json.WriteRawValue(text.AsSpan(0, written), skipInputValidation: true);
        else WriteEscaped(json, labels);
        ArrayPool<byte>.Shared.Return(text);
    }

    /// <returns>False if a name or value needs escaping.</returns>
    static bool TryFormat(Labels labels, Span<byte> text, out int written)
    {
        written = 0;
        text[written++] = (byte)'{';
        foreach (ref readonly var pair in labels.Pairs)
        {
            if (written > 1) text[written++] = (byte)',';
            if (!TryFormat(pair.Name, text, ref written)) return false;
            text[written++] = (byte)':';
            if (!TryFormat(pair.Value, text, ref written)) return false;
        }
        text[written++] = (byte)'}';
        return true;
    }

    static bool TryFormat(string part, Span<byte> text, ref int written)
    {
        if (part.AsSpan().ContainsAnyExcept(s_plain)) return false;
        text[written++] = (byte)'"';
        Ascii.FromUtf16(part, text[written..], out int bytes);
        written += bytes;
        text[written++] = (byte)'"';
        return true;
    }

    static void WriteEscaped(Utf8JsonWriter json, Labels labels)
    {
        json.WriteStartObject();
        foreach (ref readonly var pair in labels.Pairs) json.WriteString(pair.Name, pair.Value);
        json.WriteEndObject();
    }
}
