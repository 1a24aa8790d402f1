namespace Vigie.Model;

/// <summary>Text that is HTML already and is not escaped again (html/template.HTML).</summary>
public sealed record TemplateSafeHtml(string Text);

/// <summary>A URL that is trusted and only normalised (html/template.URL).</summary>
public sealed record TemplateSafeUrl(string Text);
