using System.Buffers.Text;

namespace Vigie.Scrape;

/// <summary>
/// Takes the chunked transfer coding (RFC 9112 section 7.1) off a body, in place and piece by piece. Extensions and trailers are skipped.
/// </summary>
struct ChunkedBody
{
    /// <summary>Longest line with a size or a trailer.</summary>
    const int LineBytesMax = 4096;
    /// <summary>Most trailer lines.</summary>
    const int TrailersMax = 64;

    enum Part : byte { Size, Data, DataEnd, Trailer, Done }

    Part _part;
    long _left;         // of the chunk being read
    int _trailers;

    /// <summary>The last chunk and the trailers have been read.</summary>
    public readonly bool IsComplete => _part == Part.Done;

    /// <summary>Decodes what has come so far.</summary>
    /// <param name="raw">Not yet decoded bytes; decoded ones stand at its front afterwards.</param>
    /// <param name="rest">Bytes right behind those that wait for more, or follow the body.</param>
    /// <returns>The number of decoded bytes.</returns>
    /// <exception cref="HttpRequestException">The coding is broken.</exception>
    public int Decode(Span<byte> raw, out int rest)
    {
        int decoded = 0, at = 0;
        while (Step(raw, ref at, ref decoded))
        {
        }
        rest = raw.Length - at;
        raw[at..].CopyTo(raw[decoded..]);
        return decoded;
    }

    /// <returns>False when more bytes are needed, or none.</returns>
    bool Step(Span<byte> raw, ref int at, ref int decoded)
    {
        switch (_part)
        {
            case Part.Data:
                int count = (int)Math.Min(_left, raw.Length - at);
                raw.Slice(at, count).CopyTo(raw[decoded..]);
                decoded += count;
                at += count;
                _left -= count;
                if (_left > 0) return false;
                _part = Part.DataEnd;
                return true;
            case Part.Done:
                return false;
            default:
                int length = raw[at..].IndexOf((byte)'\n');
                if (length < 0 ? raw.Length - at > LineBytesMax : length > LineBytesMax) throw Broken();
                if (length < 0) return false;
                TakeLine(HttpResponseHead.WithoutReturn(raw.Slice(at, length)));
                at += length + 1;
                return true;
        }
    }

    void TakeLine(ReadOnlySpan<byte> line)
    {
        switch (_part)
        {
            case Part.Size:
                bool isSize = Utf8Parser.TryParse(line, out _left, out int digits, 'x') && _left >= 0;
                if (!isSize || (digits < line.Length && line[digits] is not ((byte)';' or (byte)' ' or (byte)'\t'))) throw Broken();
                _part = _left == 0 ? Part.Trailer : Part.Data;
                break;
            case Part.DataEnd:
                if (line.Length > 0) throw Broken();
                _part = Part.Size;
                break;
            default:
                if (line.Length == 0) _part = Part.Done;
                else if (++_trailers > TrailersMax) throw Broken();
                break;
        }
    }

    static HttpRequestException Broken() => new(HttpRequestError.InvalidResponse, "invalid chunked encoding");
}
