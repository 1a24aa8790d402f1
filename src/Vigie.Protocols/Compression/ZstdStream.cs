using System.Runtime.InteropServices;

namespace Vigie.Protocols.Compression;

/// <summary>
/// Compresses what is written to it into one Zstandard frame (RFC 8878) by the system's libzstd. <see cref="Flush"/> hands over all that was written so
/// far. Not thread-safe.
/// </summary>
public sealed partial class ZstdStream : Stream
{
    const string Library = "libzstd.so.1";
    const int OutputBytes = 64 << 10;
    const int Continue = 0, FlushNow = 1, End = 2;
    const int CompressionLevelParameter = 100;

    readonly Stream _target;
    readonly byte[] _output = new byte[OutputBytes];
    nint _context;

    /// <param name="target">Stays open.</param>
    /// <param name="level">1 (fastest) to 19.</param>
    /// <exception cref="DllNotFoundException">The library is not installed; see <see cref="IsAvailable"/>.</exception>
    public ZstdStream(Stream target, int level)
    {
        _target = target;
        _context = Create();
        Check(SetParameter(_context, CompressionLevelParameter, level));
    }

    ~ZstdStream() => Dispose(false);

    /// <summary>Whether the system has the library.</summary>
    public static bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, out _);

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => _context != 0;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        int at = 0;
        while (at < buffer.Length) _target.Write(_output, 0, Step(buffer, ref at, Continue, out _));
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int at = 0;
        while (at < buffer.Length)
        {
            int written = Step(buffer.Span, ref at, Continue, out _);
            if (written > 0) await _target.WriteAsync(_output.AsMemory(0, written), cancellationToken).ConfigureAwait(false);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
        Drain(FlushNow);
        _target.Flush();
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(FlushNow, cancellationToken).ConfigureAwait(false);
        await _target.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_context != 0) await DrainAsync(End, CancellationToken.None).ConfigureAwait(false);
        Release();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _context != 0) Drain(End);
        Release();
        base.Dispose(disposing);
    }

    void Drain(int directive)
    {
        nuint left;
        do
        {
            int at = 0;
            _target.Write(_output, 0, Step([], ref at, directive, out left));
        }
        while (left > 0);
    }

    async ValueTask DrainAsync(int directive, CancellationToken cancellation)
    {
        nuint left;
        do
        {
            int at = 0;
            int written = Step([], ref at, directive, out left);
            if (written > 0) await _target.WriteAsync(_output.AsMemory(0, written), cancellation).ConfigureAwait(false);
        }
        while (left > 0);
    }

    /// <returns>Bytes in the output buffer.</returns>
    unsafe int Step(ReadOnlySpan<byte> input, ref int at, int directive, out nuint left)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        fixed (byte* source = input)
        fixed (byte* target = _output)
        {
            var from = new Buffer { Pointer = source, Size = (nuint)input.Length, Position = (nuint)at };
            var to = new Buffer { Pointer = target, Size = OutputBytes };
            left = Check(Compress(_context, &to, &from, directive));
            at = (int)from.Position;
            return (int)to.Position;
        }
    }

    void Release()
    {
        if (_context != 0) _ = Free(_context);
        _context = 0;
    }

    static nuint Check(nuint code) => IsError(code) == 0 ? code : throw new IOException("zstd: the compressor failed");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>ZSTD_inBuffer and ZSTD_outBuffer.</summary>
    unsafe struct Buffer
    {
        public void* Pointer;
        public nuint Size;
        public nuint Position;
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_createCStream")]
    private static partial nint Create();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeCStream")]
    private static partial nuint Free(nint context);

    [LibraryImport(Library, EntryPoint = "ZSTD_CCtx_setParameter")]
    private static partial nuint SetParameter(nint context, int parameter, int value);

    [LibraryImport(Library, EntryPoint = "ZSTD_compressStream2")]
    private static unsafe partial nuint Compress(nint context, Buffer* output, Buffer* input, int directive);

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    private static partial uint IsError(nuint code);
}
