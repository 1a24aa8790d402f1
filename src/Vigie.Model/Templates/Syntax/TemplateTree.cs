namespace Vigie.Model;

/// <summary>One parsed template.</summary>
/// <param name="ParseName">The name of the text it was defined in; errors speak of it.</param>
/// <param name="Text">The whole text it was defined in, for the positions in errors.</param>
sealed record TemplateTree(string Name, string ParseName, string Text, TemplateList Root)
{
    /// <summary>Only white space and comments: does not replace an existing template.</summary>
    public bool IsBlank => Root.Nodes.TrueForAll(static node => node is TemplateText text && string.IsNullOrWhiteSpace(text.Text));
}
