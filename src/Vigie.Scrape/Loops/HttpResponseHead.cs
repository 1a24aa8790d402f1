using System.Buffers.Text;
using System.Text;

namespace Vigie.Scrape;

/// <summary>
/// What the head of an HTTP/1.x answer (RFC 9112) says about its body and its connection. Reused from one answer to the next, so that a
/// target that always answers alike costs no strings.
/// </summary>
sealed class HttpResponseHead
{
    /// <summary>Longest head that is read, as in the general client.</summary>
    public const int BytesMax = 64 << 10;

    byte[] _contentType = [];

    public int Status { get; private set; }
    public string Reason { get; private set; } = "";
    public string? ContentType { get; private set; }
    /// <summary>Bytes of the body; null if the head does not say.</summary>
    public long? ContentLength { get; private set; }
    public bool IsChunked { get; private set; }
    public bool IsGzip { get; private set; }
    /// <summary>Another request may follow on the connection once the body has been read.</summary>
    public bool KeepsOpen { get; private set; }

    /// <summary>An answer to be followed by the one that counts.</summary>
    public bool IsInterim => Status is >= 100 and < 200;

    public bool IsRedirect => Status is 301 or 302 or 303 or 307 or 308;

    /// <summary>Bytes of a head including its empty line; 0 if that has not come yet.</summary>
    public static int LengthIn(ReadOnlySpan<byte> received)
    {
        int at = 0;
        while (true)
        {
            int length = received[at..].IndexOf((byte)'\n');
            if (length < 0) return 0;
            at += length + 1;
            if (at > 1 && WithoutReturn(received.Slice(at - 1 - length, length)).IsEmpty) return at;
        }
    }

    /// <param name="head">Up to and including the empty line.</param>
    /// <exception cref="HttpRequestException">It is no HTTP.</exception>
    public void Read(ReadOnlySpan<byte> head)
    {
        (ContentLength, IsChunked, IsGzip) = (null, false, false);
        bool hasType = false;
        ReadStatus(NextLine(ref head));
        for (var line = NextLine(ref head); !line.IsEmpty; line = NextLine(ref head))
        {
            if (line[0] is (byte)' ' or (byte)'\t') continue;      // an obsolete folded line: none of the headers read here has one
            int colon = line.IndexOf((byte)':');
            if (colon <= 0) throw Malformed();
            var value = line[(colon + 1)..].Trim(" \t"u8);
            switch (colon)
            {
                case 10 when Is(line[..colon], "connection"u8):
                    if (Lists(value, "close"u8)) KeepsOpen = false;
                    break;
                case 12 when Is(line[..colon], "content-type"u8) && !hasType:
                    hasType = true;
                    TakeContentType(value);
                    break;
                case 14 when Is(line[..colon], "content-length"u8):
                    TakeLength(value);
                    break;
                case 16 when Is(line[..colon], "content-encoding"u8):
                    IsGzip = Is(value, "gzip"u8);
                    break;
                case 17 when Is(line[..colon], "transfer-encoding"u8):
                    if (!Is(value, "chunked"u8)) throw Malformed();
                    IsChunked = true;
                    break;
            }
        }
        if (!hasType) ContentType = null;
    }

    internal static ReadOnlySpan<byte> WithoutReturn(ReadOnlySpan<byte> line) =>
        line.Length > 0 && line[^1] == '\r' ? line[..^1] : line;

    static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> rest)
    {
        int length = rest.IndexOf((byte)'\n');
        if (length < 0) return [];
        var line = WithoutReturn(rest[..length]);
        rest = rest[(length + 1)..];
        return line;
    }

    // HTTP/1.1 200 OK
    void ReadStatus(ReadOnlySpan<byte> line)
    {
        bool isHttp = line.Length >= 12 && line.StartsWith("HTTP/1."u8) && line[7] is (byte)'0' or (byte)'1' && line[8] == ' ';
        if (!isHttp || !Utf8Parser.TryParse(line[9..12], out int status, out int digits) || digits != 3 || status < 100) throw Malformed();
        if (line.Length > 12 && line[12] != ' ') throw Malformed();
        Status = status;
        KeepsOpen = line[7] == '1';
        Reason = status == 200 || line.Length < 13 ? "" : Encoding.Latin1.GetString(line[13..]);
    }

    void TakeLength(ReadOnlySpan<byte> value)
    {
        bool isNumber = Utf8Parser.TryParse(value, out long length, out int digits) && digits == value.Length && length >= 0;
        if (!isNumber || (ContentLength is { } other && other != length)) throw Malformed();
        ContentLength = length;
    }

    void TakeContentType(ReadOnlySpan<byte> value)
    {
        if (ContentType is not null && value.SequenceEqual(_contentType)) return;
        _contentType = value.ToArray();
        ContentType = Encoding.Latin1.GetString(value);
    }

    static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowerCase) => Ascii.EqualsIgnoreCase(text, lowerCase);

    static bool Lists(ReadOnlySpan<byte> values, ReadOnlySpan<byte> lowerCase)
    {
        foreach (var range in values.Split((byte)','))
            if (Is(values[range].Trim(" \t"u8), lowerCase)) return true;
        return false;
    }

    static HttpRequestException Malformed() => new(HttpRequestError.InvalidResponse, "malformed HTTP response");
}
