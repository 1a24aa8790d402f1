using System.Text.RegularExpressions;

namespace Vigie.Model;

/// <summary>
/// A fully anchored expression in Go's RE2 syntax, as label matchers and relabelling use it: the dot also matches newline (Prometheus 3)
/// unless
/// asked otherwise, matching takes linear time. Fixed texts, prefixes, suffixes and the like are compared directly. Immutable, safe for
/// concurrent use.
/// </summary>
public sealed class AnchoredRegex
{
    readonly GoRegex _regex;
    readonly Form _form;
    readonly string _literal = "";
    readonly HashSet<string>? _texts;

    AnchoredRegex(string source, Re2Node node, IReadOnlyList<string> groupNames)
    {
        Source = source;
        _regex = GoRegex.Anchored(source, node, groupNames);
        var stripped = LiteralForms.Strip(node);
        Texts = LiteralForms.Texts(stripped);
        if (Texts is not null)
        {
            _form = Texts.Count == 1 ? Form.Equal : Form.OneOf;
            if (Texts.Count == 1) _literal = Texts[0];
            else _texts = new HashSet<string>(Texts, StringComparer.Ordinal);
            return;
        }
        (_form, _literal) = stripped switch
        {
            _ when LiteralForms.IsAnyText(stripped, 0) => (Form.Any, ""),
            _ when LiteralForms.IsAnyText(stripped, 1) => (Form.NotEmpty, ""),
            ConcatNode { Parts: [LiteralNode text, var end] } when LiteralForms.IsAnyText(end, 0) => (Form.StartsWith, text.Text),
            ConcatNode { Parts: [LiteralNode text, var end] } when LiteralForms.IsAnyText(end, 1) => (Form.StartsWithAndMore, text.Text),
            ConcatNode { Parts: [var start, LiteralNode text] } when LiteralForms.IsAnyText(start, 0) => (Form.EndsWith, text.Text),
            ConcatNode { Parts: [var start, LiteralNode text, var end] }
                when LiteralForms.IsAnyText(start, 0) && LiteralForms.IsAnyText(end, 0) => (Form.Contains, text.Text),
            _ => (Form.Other, ""),
        };
        Prefix = _form is Form.StartsWith or Form.StartsWithAndMore ? _literal
            : stripped is ConcatNode { Parts: [LiteralNode first, ..] } ? first.Text : "";
    }

    enum Form
    {
        Other,
        Equal,
        OneOf,
        Any,
        NotEmpty,
        StartsWith,
        StartsWithAndMore,
        EndsWith,
        Contains,
    }

    /// <summary>The expression as written, without anchors.</summary>
    public string Source { get; }

    /// <summary>All texts that match, if the expression is a list of fixed texts (at most 256); otherwise null.</summary>
    public IReadOnlyList<string>? Texts { get; }

    /// <summary>A text every match begins with; "" if none is known. Meaningful only when <see cref="Texts"/> is null.</summary>
    public string Prefix { get; } = "";

    /// <param name="dotMatchesNewline">True in Prometheus, false in Alertmanager.</param>
    /// <exception cref="FormatException">Not a valid RE2 expression; the message is Go's.</exception>
    public static AnchoredRegex Parse(string source, bool dotMatchesNewline = true) =>
        new(source, Re2Parser.Parse(source, dotMatchesNewline, out var names), names);

    public bool IsMatch(string value) => _form switch
    {
        Form.Equal => string.Equals(value, _literal, StringComparison.Ordinal),
        Form.OneOf => _texts!.Contains(value),
        Form.Any => true,
        Form.NotEmpty => value.Length > 0,
        Form.StartsWith => value.StartsWith(_literal, StringComparison.Ordinal),
        Form.StartsWithAndMore => value.Length > _literal.Length && value.StartsWith(_literal, StringComparison.Ordinal),
        Form.EndsWith => value.EndsWith(_literal, StringComparison.Ordinal),
        Form.Contains => value.Contains(_literal, StringComparison.Ordinal),
        _ => _regex.IsMatch(value),
    };

    /// <summary>The groups of a match of the whole value, or null. Refer to groups by number: names are known to <see cref="Expand"/>
    /// only.</summary>
    public Match? Match(string value) => IsMatch(value) ? _regex.Match(value) : null;

    /// <summary>Puts the groups of a match into a template by Go's rules: <c>$1</c>, <c>${1}</c>, <c>$name</c>, <c>$$</c>.</summary>
    public string Expand(string template, Match match) => _regex.Expand(template, match);
}
