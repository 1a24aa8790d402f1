using System.Runtime.InteropServices;

namespace Vigie.Storage;

/// <summary>The calls .NET has no name for: fsync of a directory, hard links (POSIX.1-2017) and madvise (Linux).</summary>
static partial class PosixCalls
{
    const int ReadOnly = 0;
    const int DoNotNeed = 4;        // MADV_DONTNEED

    public static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) return;    // NTFS journals names by itself
        int descriptor = Open(path, ReadOnly);
        if (descriptor < 0) throw Failure("open", path);
        try
        {
            if (FSync(descriptor) != 0) throw Failure("fsync", path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    public static void Link(string existing, string link)
    {
        if (OperatingSystem.IsWindows()) File.Copy(existing, link);
        else if (HardLink(existing, link) != 0) throw Failure("link", link);
    }

    /// <param name="start">Of a mapping of a file, read only.</param>
    public static unsafe void ReleasePages(byte* start, nuint bytes)
    {
        // A refusal costs memory, nothing else.
        if (OperatingSystem.IsLinux()) _ = Advise((nint)start, bytes, DoNotNeed);
    }

    static IOException Failure(string call, string path)
    {
        int errno = Marshal.GetLastPInvokeError();
        return new IOException($"{call} '{path}': {Marshal.GetPInvokeErrorMessage(errno)}", errno);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int HardLink(string existing, string link);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nuint length, int advice);
}
