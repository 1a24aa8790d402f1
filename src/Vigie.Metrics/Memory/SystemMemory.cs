using System.Runtime.InteropServices;

namespace Vigie.Metrics;

/// <summary>
/// Memory straight from the operating system, zeroed, which has it back the moment it is freed. An allocator between keeps much of what is freed:
/// the memory of a generation, freed as a whole while the next one grows, would stay with the process. For pieces of many pages. Elsewhere than on
/// Linux it comes from the allocator.
/// </summary>
static unsafe partial class SystemMemory
{
    const int ReadWrite = 3;            // PROT_READ | PROT_WRITE
    const int PrivateAnonymous = 0x22;  // MAP_PRIVATE | MAP_ANONYMOUS

    /// <summary>Takes no room in memory before it is written to.</summary>
    /// <exception cref="OutOfMemoryException">The system gives no more.</exception>
    public static void* Allocate(nuint bytes)
    {
        if (!OperatingSystem.IsLinux()) return NativeMemory.AllocZeroed(bytes);
        nint start = Map(0, bytes, ReadWrite, PrivateAnonymous, -1, 0);
        return start != -1 ? (void*)start : throw new OutOfMemoryException($"mmap of {bytes} bytes: error {Marshal.GetLastPInvokeError()}");
    }

    /// <param name="bytes">As many as were allocated.</param>
    public static void Free(void* start, nuint bytes)
    {
        if (OperatingSystem.IsLinux()) _ = Unmap((nint)start, bytes);
        else NativeMemory.Free(start);
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
