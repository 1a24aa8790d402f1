namespace Vigie.Testing;

/// <summary>
/// Finds the conformance data: the folder in the environment variable VIGIE_CONFORMANCE, else <c>shared/conformance</c> beside one of the
/// folders above the tests.
/// </summary>
public static class ConformanceData
{
    /// <summary>Null if the data is not on this machine.</summary>
    public static string? Root { get; } = Find();

    public static bool IsPresent => Root is not null;

    /// <summary>Path of a file or folder inside the data.</summary>
    /// <exception cref="DirectoryNotFoundException">The data is not on this machine.</exception>
    public static string PathOf(params ReadOnlySpan<string> parts) =>
        Path.Combine([Root ?? throw new DirectoryNotFoundException("conformance data not found: set VIGIE_CONFORMANCE to its folder"), .. parts]);

    /// <summary>Files of a folder of the data by pattern, in ordinal order; empty if the data or the folder is not there.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern, bool recursive = false)
    {
        if (Root is null || !Directory.Exists(Path.Combine(Root, folder))) return [];
        var depth = recursive ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly;
        var files = Directory.GetFiles(Path.Combine(Root, folder), pattern, depth);
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    static string? Find()
    {
        if (Environment.GetEnvironmentVariable("VIGIE_CONFORMANCE") is { Length: > 0 } chosen)
            return Directory.Exists(chosen) ? chosen : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "conformance");
            if (Directory.Exists(candidate)) return candidate;
        }
        return null;
    }
}
