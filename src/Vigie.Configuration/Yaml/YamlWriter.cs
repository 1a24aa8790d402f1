using System.Text;

namespace Vigie.Configuration.Yaml;

/// <summary>Writes YAML in the manner of go-yaml v2: keys at two spaces, list items at the level of their key, quotes where
/// needed.</summary>
sealed class YamlWriter
{
    readonly StringBuilder _output = new();
    int _indent;
    bool _afterDash;

    public override string ToString() => _output.ToString();

    /// <summary>Writes <c>key:</c> and, by <paramref name="value"/>, a scalar behind it or a block under it.</summary>
    public void Key(string key, Action value)
    {
        StartLine();
        AppendText(key);
        _output.Append(':');
        value();
    }

    public void Scalar(string plain) => _output.Append(' ').Append(plain).Append('\n');

    public void Text(string text)
    {
        _output.Append(' ');
        AppendText(text);
        _output.Append('\n');
    }

    /// <summary>A list item; <paramref name="value"/> writes a scalar or the entries of a map.</summary>
    public void Item(Action value, bool isScalar)
    {
        StartLine();
        _output.Append('-');
        if (isScalar)
        {
            value();
            return;
        }
        _output.Append(' ');
        _afterDash = true;
        _indent++;
        value();
        _indent--;
        _afterDash = false;
    }

    /// <summary>The entries of a map under its key.</summary>
    public void Block(Action entries)
    {
        _output.Append('\n');
        _indent++;
        entries();
        _indent--;
    }

    /// <summary>The items of a list under its key.</summary>
    public void List(Action items)
    {
        _output.Append('\n');
        items();
    }

    void StartLine()
    {
        if (_afterDash) _afterDash = false;
        else _output.Append(' ', _indent * 2);
    }

    void AppendText(string text)
    {
        if (text.Contains('\n', StringComparison.Ordinal) && IsPrintable(text, allowNewline: true) && !text.StartsWith(' ')
            && text.Trim('\n').Length > 0)
        {
            AppendLiteral(text);
            return;
        }
        if (!IsPrintable(text, allowNewline: false) || text.Contains('\n', StringComparison.Ordinal)) AppendDoubleQuoted(text);
        else if (PlainScalar.MeansOtherThanText(text)) AppendDoubleQuoted(text);
        else if (IsPlain(text)) _output.Append(text);
        else _output.Append('\'').Append(text.Replace("'", "''", StringComparison.Ordinal)).Append('\'');
    }

    void AppendLiteral(string text)
    {
        _output.Append(text.EndsWith("\n\n", StringComparison.Ordinal) ? "|+" : text.EndsWith('\n') ? "|" : "|-");
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            _output.Append('\n');
            if (line.Length > 0) _output.Append(' ', (_indent + 1) * 2).Append(line);
        }
        for (int i = text.Length - 1; i > 0 && text[i] == '\n' && text[i - 1] == '\n'; i--) _output.Append('\n');
    }

    void AppendDoubleQuoted(string text) => Model.GoText.AppendQuoted(_output, text);

    static bool IsPrintable(string text, bool allowNewline)
    {
        foreach (char c in text)
            if (c is '\ufeff' or '\u0085' or '\u2028' or '\u2029' || (char.IsControl(c) && !(c == '\n' && allowNewline))) return false;
        return true;
    }

    static bool IsPlain(string text)
    {
        if (" #,[]{}&*!|>'\"%@`".Contains(text[0], StringComparison.Ordinal)) return false;
        if (text[0] is '-' or '?' or ':' && (text.Length == 1 || text[1] == ' ')) return false;
        if (text[^1] is ' ' or ':') return false;
        if (text.StartsWith("---", StringComparison.Ordinal) || text.StartsWith("...", StringComparison.Ordinal)) return false;
        return !text.Contains(": ", StringComparison.Ordinal) && !text.Contains(" #", StringComparison.Ordinal);
    }
}
