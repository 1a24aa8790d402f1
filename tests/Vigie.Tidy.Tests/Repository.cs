namespace Vigie.Tidy.Tests;

/// <summary>The files of the checkout, found by walking up to the solution file.</summary>
static class Repository
{
    static readonly string[] GeneratedFolders = ["bin", "obj", "node_modules", "dist", ".git", ".run", "data", "wwwroot"];

    public static string Root { get; } = FindRoot();

    /// <summary>Paths relative to the root with forward slashes.</summary>
    public static IEnumerable<string> Files(string folder, params string[] extensions)
    {
        string start = Path.Combine(Root, folder);
        return Directory.Exists(start) ? Walk(start).Where(file => extensions.Contains(Path.GetExtension(file))) : [];
    }

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    static IEnumerable<string> Walk(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder)) yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        foreach (string child in Directory.EnumerateDirectories(folder))
        {
            if (GeneratedFolders.Contains(Path.GetFileName(child))) continue;
            foreach (string file in Walk(child)) yield return file;
        }
    }

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Vigie.slnx"))) return folder.FullName;
        throw new InvalidOperationException("Vigie.slnx not found above " + AppContext.BaseDirectory);
    }
}
