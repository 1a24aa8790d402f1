using System.Globalization;

namespace Vigie.PromQL;

/// <summary>A remark on a query's result: a warning (the result may not be what was meant) or an info.</summary>
/// <param name="Span">The part of the query it is about; empty at 0 if it is about none.</param>
public readonly record struct Annotation(bool IsWarning, string Text, SourceSpan Span)
{
    /// <summary>It is about where samples come from, not about a part of the query.</summary>
    public bool IsOfSource { get; init; }

    /// <summary>As the HTTP API shows it: <c>PromQL warning: … (1:6)</c>.</summary>
    public string Format(string query) => query.Length == 0 || IsOfSource ? Text : $"{Text} ({Span.PositionIn(query)})";
}

/// <summary>The remarks on one query: each text once. Safe for concurrent adding.</summary>
public sealed class Annotations
{
    readonly Lock _lock = new();
    readonly Dictionary<string, Annotation> _byText = new(StringComparer.Ordinal);

    public int Count => _byText.Count;

    public IReadOnlyCollection<Annotation> All => _byText.Values;

    /// <param name="max">Greatest number of texts, 0 for no limit; what is left out is counted in one more text.</param>
    public IReadOnlyList<string> Warnings(string query, int max = 0) => Texts(query, warnings: true, max);

    /// <inheritdoc cref="Warnings"/>
    public IReadOnlyList<string> Infos(string query, int max = 0) => Texts(query, warnings: false, max);

    internal void Warn(string text, SourceSpan span) => Add(new Annotation(true, "PromQL warning: " + text, span));

    /// <summary>A remark of the source of samples, as it is.</summary>
    internal void WarnOfSource(string text) => Add(new Annotation(true, text, default) { IsOfSource = true });

    internal void Inform(string text, SourceSpan span) => Add(new Annotation(false, "PromQL info: " + text, span));

    void Add(Annotation annotation)
    {
        // Of several places with the same text the first in the query stays, whichever thread was faster.
        lock (_lock)
            if (!_byText.TryGetValue(annotation.Text, out var known) || annotation.Span.Start < known.Span.Start)
                _byText[annotation.Text] = annotation;
    }

    List<string> Texts(string query, bool warnings, int max)
    {
        var texts = new List<string>();
        int omitted = 0;
        foreach (var annotation in _byText.Values)
        {
            if (annotation.IsWarning != warnings) continue;
            if (max == 0 || texts.Count < max) texts.Add(annotation.Format(query));
            else omitted++;
        }
        if (omitted > 0)
            texts.Add(string.Create(CultureInfo.InvariantCulture, $"{omitted} more {(warnings ? "warning" : "info")} annotations omitted"));
        return texts;
    }
}
