namespace Vigie.Configuration;

/// <summary>Paths in configuration files: slash-separated, relative to the file that names them.</summary>
public static class ConfigPath
{
    /// <summary>The folder of a file: "" if the path names none.</summary>
    public static string FolderOf(string file)
    {
        int slash = file.LastIndexOf('/');
        return slash < 0 ? "" : slash == 0 ? "/" : file[..slash];
    }

    /// <summary><paramref name="path"/> seen from <paramref name="folder"/>, cleaned of <c>.</c> and <c>..</c>; absolute paths and ""
    /// stay.</summary>
    public static string Join(string folder, string path)
    {
        if (path.Length == 0 || path.StartsWith('/')) return path;
        return Clean(folder.Length == 0 ? path : $"{folder}/{path}");
    }

    static string Clean(string path)
    {
        var parts = new List<string>();
        bool absolute = path.StartsWith('/');
        foreach (string part in path.Split('/'))
        {
            if (part is "" or ".") continue;
            if (part == ".." && parts.Count > 0 && parts[^1] != "..") parts.RemoveAt(parts.Count - 1);
            else if (part != ".." || !absolute) parts.Add(part);
        }
        string joined = string.Join('/', parts);
        return absolute ? "/" + joined : joined.Length == 0 ? "." : joined;
    }
}
