using System.Runtime.InteropServices;

namespace Vigie.Protocols.Compression;

/// <summary>Zstandard (RFC 8878) by the system's libzstd, where it is installed. Decoding of whole frames.</summary>
public static unsafe partial class Zstd
{
    const string Library = "libzstd.so.1";
    const ulong ContentSizeUnknown = ulong.MaxValue;
    const ulong ContentSizeError = ulong.MaxValue - 1;

    /// <summary>Decodes one frame whose header says how long its content is.</summary>
    /// <exception cref="ProtocolException">The frame is corrupt, does not say its length, or is longer than <paramref name="bytesMax"/>; or the
    /// library is not installed.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> frame, int bytesMax)
    {
        try
        {
            fixed (byte* source = frame)
            {
                ulong length = ContentSize(source, (nuint)frame.Length);
                if (length is ContentSizeUnknown or ContentSizeError) throw new ProtocolException("zstd: found no content size, expected a whole frame");
                if (length > (ulong)bytesMax) throw new ProtocolException($"zstd: found a frame of {length} bytes, expected at most {bytesMax}");
                byte[] output = new byte[length];
                fixed (byte* target = output)
                {
                    nuint written = Decompress(target, (nuint)output.Length, source, (nuint)frame.Length);
                    if (IsError(written) != 0 || written != length) throw new ProtocolException("zstd: corrupt input");
                }
                return output;
            }
        }
        catch (DllNotFoundException)
        {
            throw new ProtocolException($"zstd: {Library} is not installed; install the package libzstd1");
        }
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_getFrameContentSize")]
    private static partial ulong ContentSize(byte* source, nuint length);

    [LibraryImport(Library, EntryPoint = "ZSTD_decompress")]
    private static partial nuint Decompress(byte* target, nuint capacity, byte* source, nuint length);

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    private static partial uint IsError(nuint code);
}
