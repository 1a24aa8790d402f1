namespace Vigie.Configuration.Http;

/// <summary>Secrets that stand inline or in a file.</summary>
public static class SecretFiles
{
    /// <summary>The inline secret, or the text of the file without white space around it; "" if neither is given.</summary>
    /// <exception cref="ConfigFileException">There is no such file, or it cannot be read.</exception>
    public static string Reveal(this IConfigFiles files, Secret? secret, string path)
    {
        if (secret is { IsEmpty: false }) return secret.Reveal();
        if (path.Length == 0) return "";
        try
        {
            return files.ReadText(path)?.Trim() ?? throw new ConfigFileException(path, "no such file");
        }
        catch (IOException problem) when (problem is not ConfigFileException)
        {
            throw new ConfigFileException(path, problem.Message, problem);
        }
    }
}
