namespace Vigie.Configuration;

/// <summary>
/// The files configuration may name: includes, rule files, templates, certificates, secrets. Paths use <c>/</c>; relative ones have already
/// been joined with the folder of the file that names them.
/// </summary>
public interface IConfigFiles
{
    /// <returns>Null if there is no such file.</returns>
    /// <exception cref="IOException">The file is there but cannot be read, or is larger than the implementation allows.</exception>
    string? ReadText(string path);

    /// <inheritdoc cref="ReadText"/>
    byte[]? ReadBytes(string path);

    /// <summary>Names of the files and folders in a folder, without their path; empty if there is no such folder.</summary>
    IReadOnlyList<string> List(string folder);
}
