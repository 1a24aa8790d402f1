namespace Vigie.Configuration.Alertmanager;

/// <summary>Which of Alertmanager's two matcher languages is read (docs/configuration.md, Label matchers).</summary>
public enum MatcherMode
{
    /// <summary>The UTF-8 language; where only the classic parser understands the text, or understands it differently, the classic
    /// one.</summary>
    Fallback,
    /// <summary>The UTF-8 language only.</summary>
    Utf8,
    /// <summary>The classic language only.</summary>
    Classic,
}
