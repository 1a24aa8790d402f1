using System.Runtime.InteropServices;

namespace Vigie.Protocols.Compression;

/// <summary>Zstandard (RFC 8878) by the system's libzstd, where it is installed. Decoding of whole frames.</summary>
public static unsafe partial class Zstd
{
    const string Library = "libzstd.so.1";
    const int GuessedBytesMin = 4096;
    const ulong ContentSizeUnknown = ulong.MaxValue;
    const ulong ContentSizeError = ulong.MaxValue - 1;

    /// <summary>Decodes one frame.</summary>
    /// <exception cref="ProtocolException">The frame is corrupt, or its content longer than <paramref name="bytesMax"/>; or the library is not
    /// installed.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> frame, int bytesMax)
    {
        try
        {
            fixed (byte* source = frame)
            {
                ulong length = ContentSize(source, (nuint)frame.Length);
                if (length == ContentSizeError) throw new ProtocolException("zstd: found no frame");
                if (length != ContentSizeUnknown)
                {
                    if (length > (ulong)bytesMax) throw new ProtocolException($"zstd: found a frame of {length} bytes, expected at most {bytesMax}");
                    return TryDecode(source, frame.Length, (int)length) ?? throw new ProtocolException("zstd: corrupt input");
                }
                // A stream's first frame need not say how long its content is: more room is tried until it fits.
                for (long room = Math.Max(GuessedBytesMin, frame.Length * 4L); ; room *= 4)
                {
                    if (TryDecode(source, frame.Length, (int)Math.Min(room, bytesMax)) is { } content) return content;
                    if (room >= bytesMax) throw new ProtocolException($"zstd: corrupt input, or more than {bytesMax} bytes");
                }
            }
        }
        catch (DllNotFoundException)
        {
            throw new ProtocolException($"zstd: {Library} is not installed; install the package libzstd1");
        }
    }

    /// <summary>Null if the content does not fit, or the frame is corrupt.</summary>
    static byte[]? TryDecode(byte* source, int length, int room)
    {
        byte[] output = new byte[room];
        fixed (byte* target = output)
        {
            nuint written = Decompress(target, (nuint)room, source, (nuint)length);
            if (IsError(written) != 0) return null;
            return (int)written == room ? output : output[..(int)written];
        }
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_getFrameContentSize")]
    private static partial ulong ContentSize(byte* source, nuint length);

    [LibraryImport(Library, EntryPoint = "ZSTD_decompress")]
    private static partial nuint Decompress(byte* target, nuint capacity, byte* source, nuint length);

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    private static partial uint IsError(nuint code);
}
