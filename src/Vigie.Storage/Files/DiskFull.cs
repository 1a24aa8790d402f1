namespace Vigie.Storage;

/// <summary>Tells a full disk (or quota) from other I/O failures.</summary>
public static class DiskFull
{
    const int NoSpaceErrno = 28;    // ENOSPC
    const int QuotaErrno = 122;     // EDQUOT
    const int WindowsDiskFull = unchecked((int)0x80070070);

    public static bool Is(IOException problem) => problem.HResult is NoSpaceErrno or QuotaErrno or WindowsDiskFull;

    /// <summary>The exception an implementation of <see cref="IFileSystem"/> throws when there is no room.</summary>
    public static IOException Create(string path) => new($"no space left on device: '{path}'", NoSpaceErrno);
}
