using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>The templates notifications are written with: the built-in ones, then those of the configuration, which may replace them.</summary>
sealed class NotificationTemplates
{
    static readonly TemplateSet s_builtIn = ReadBuiltIn();

    readonly TemplateSet _set;

    NotificationTemplates(TemplateSet set) => _set = set;

    /// <summary>The built-in templates alone.</summary>
    public static NotificationTemplates BuiltIn { get; } = new(s_builtIn);

    /// <param name="files">Name and text of the files of <c>templates:</c>, in order.</param>
    /// <exception cref="TemplateException">A file does not parse; the message names it.</exception>
    public static NotificationTemplates Load(IEnumerable<(string Name, string Text)> files)
    {
        var set = s_builtIn.Clone();
        foreach (var (name, text) in files) set.Parse(name, text);
        return new NotificationTemplates(set);
    }

    /// <summary>Whether a template of this name exists.</summary>
    public bool Has(string name) => _set.Has(name);

    /// <inheritdoc cref="TemplateSet.ProblemIn"/>
    public string? ProblemIn(string text) => _set.ProblemIn("", text);

    /// <exception cref="TemplateException">The text does not parse or fails.</exception>
    public string Expand(string text, object? dot, TemplateRun run, TemplateOutput output = TemplateOutput.Text) =>
        _set.ExecuteText("", text, dot, run, output);

    static TemplateSet ReadBuiltIn()
    {
        var set = new TemplateSet(AlertmanagerFunctions.Set);
        foreach (string name in (string[])["Default.tmpl", "DefaultEmail.tmpl"])
        {
            using var stream = typeof(NotificationTemplates).Assembly.GetManifestResourceStream(name)!;
            using var reader = new StreamReader(stream);
            set.Parse(name, reader.ReadToEnd());
        }
        return set;
    }
}
