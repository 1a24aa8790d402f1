using Microsoft.Extensions.Logging;
using Vigie.Configuration;
using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>Reads the files of <c>templates:</c>. One that is broken is left out and logged; the others still count.</summary>
static class TemplateFiles
{
    public static NotificationTemplates Load(IReadOnlyList<string> patterns, IConfigFiles files, ILogger logger)
    {
        var texts = new List<(string Name, string Text)>();
        foreach (string pattern in patterns)
        {
            var paths = GlobPattern.Find(files, pattern);
            if (paths.Count == 0) logger.LogNoTemplateFiles(pattern);
            foreach (string path in paths)
            {
                try
                {
                    if (files.ReadText(path) is not { } text) continue;
                    // Alone first, so that a broken file does not take the others with it.
                    NotificationTemplates.Load([(Path.GetFileName(path), text)]);
                    texts.Add((Path.GetFileName(path), text));
                }
                catch (Exception problem) when (problem is TemplateException or IOException)
                {
                    logger.LogTemplateFileRefused(path, problem.Message);
                }
            }
        }
        return NotificationTemplates.Load(texts);
    }
}
