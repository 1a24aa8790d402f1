namespace Vigie.Model;

/// <summary>What kind of place in an HTML document comes next.</summary>
enum HtmlPlace : byte
{
    Text,
    Comment,
    /// <summary>Inside a tag, before an attribute's name.</summary>
    Tag,
    AttributeName,
    /// <summary>After a name, where an equals sign may follow.</summary>
    AfterName,
    /// <summary>After the equals sign.</summary>
    BeforeValue,
    AttributeValue,
    /// <summary>In <c>&lt;title&gt;</c> or <c>&lt;textarea&gt;</c>.</summary>
    EscapableText,
    Script,
    Style,
}

/// <summary>What the value of an attribute means.</summary>
enum HtmlAttribute : byte { Plain, Url, Script, Style }

/// <summary>
/// Follows the literal text of a template through the states of an HTML document, far enough to know how the next value must be escaped.
/// Comments are left out of the output, as html/template does.
/// </summary>
sealed class HtmlContext
{
    static readonly HashSet<string> s_urlAttributes = new(
        ["action", "background", "cite", "data", "formaction", "href", "icon", "longdesc", "manifest", "poster", "profile", "src", "usemap", "xmlns"],
        StringComparer.Ordinal);

    string _tag = "";
    string _name = "";
    bool _isClosingTag;

    public HtmlPlace Place { get; private set; } = HtmlPlace.Text;
    public HtmlAttribute Attribute { get; private set; }

    /// <summary>The quote around an attribute's value; '\0' if there is none.</summary>
    public char Quote { get; private set; }

    /// <summary>Nothing of the attribute's value has been written yet.</summary>
    public bool AtValueStart { get; private set; }

    /// <summary>The URL being written has come to its query or fragment.</summary>
    public bool InUrlQuery { get; private set; }

    /// <summary>The quote of the JavaScript string being written; '\0' outside of one.</summary>
    public char ScriptQuote { get; private set; }

    /// <summary>Advances over literal text.</summary>
    /// <returns>The text without comments.</returns>
    public string Advance(string text)
    {
        var kept = new System.Text.StringBuilder(text.Length);
        for (int i = 0; i < text.Length;)
        {
            int start = i;
            var before = Place;
            i = Step(text, i);
            // A < that begins nothing is text.
            if (before == HtmlPlace.Text && Place == HtmlPlace.Text && text[start] == '<' && !StartsWith(text, start, "<!DOCTYPE")) kept.Append("&lt;");
            else if (before != HtmlPlace.Comment && Place != HtmlPlace.Comment) kept.Append(text, start, i - start);
        }
        return kept.ToString();
    }

    /// <summary>A value comes next: after an equals sign it begins an attribute's value without quotes.</summary>
    public void BeginValue()
    {
        if (Place == HtmlPlace.BeforeValue) StartValue('\0');
    }

    /// <summary>Advances over a value that was written.</summary>
    public void AdvanceOverValue(string written)
    {
        switch (Place)
        {
            case HtmlPlace.AttributeValue:
                AtValueStart = AtValueStart && written.Length == 0;
                if (Attribute == HtmlAttribute.Url && written.AsSpan().ContainsAny('?', '#')) InUrlQuery = true;
                break;
            case HtmlPlace.Tag: Place = HtmlPlace.AttributeName; break;
        }
    }

    int Step(string text, int at)
    {
        char c = text[at];
        switch (Place)
        {
            case HtmlPlace.Text: return StepText(text, at);
            case HtmlPlace.Comment:
                if (!StartsWith(text, at, "-->")) return at + 1;
                Place = HtmlPlace.Text;
                return at + 3;
            case HtmlPlace.Tag:
                if (c == '>') return EndTag(at);
                if (!char.IsWhiteSpace(c) && c != '/') (Place, _name) = (HtmlPlace.AttributeName, char.ToLowerInvariant(c).ToString());
                return at + 1;
            case HtmlPlace.AttributeName:
                if (c == '>') return EndTag(at);
                if (c == '=') Place = HtmlPlace.BeforeValue;
                else if (char.IsWhiteSpace(c)) Place = HtmlPlace.AfterName;
                else _name += char.ToLowerInvariant(c);
                return at + 1;
            case HtmlPlace.AfterName:
                if (c == '=') Place = HtmlPlace.BeforeValue;
                else if (!char.IsWhiteSpace(c))
                {
                    Place = HtmlPlace.Tag;
                    return at;
                }
                return at + 1;
            case HtmlPlace.BeforeValue:
                if (c == '>') return EndTag(at);
                if (char.IsWhiteSpace(c)) return at + 1;
                StartValue(c is '"' or '\'' ? c : '\0');
                return Quote == '\0' ? at : at + 1;
            case HtmlPlace.AttributeValue: return StepValue(c, at);
            case HtmlPlace.EscapableText: return StepRaw(text, at);
            case HtmlPlace.Script:
                if (ScriptQuote != '\0' && c == '\\') return Math.Min(at + 2, text.Length);
                if (ScriptQuote == c) ScriptQuote = '\0';
                else if (ScriptQuote == '\0' && c is '"' or '\'' or '`') ScriptQuote = c;
                return StepRaw(text, at);
            default: return StepRaw(text, at);
        }
    }

    int StepText(string text, int at)
    {
        if (text[at] != '<') return at + 1;
        if (StartsWith(text, at, "<!--"))
        {
            Place = HtmlPlace.Comment;
            return at + 4;
        }
        int end = at + 1;
        _isClosingTag = end < text.Length && text[end] == '/';
        if (_isClosingTag) end++;
        int nameStart = end;
        if (end == text.Length || !char.IsAsciiLetter(text[end])) return at + 1;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '-' or ':')) end++;
        _tag = text[nameStart..end].ToLowerInvariant();
        Place = HtmlPlace.Tag;
        return end;
    }

    int EndTag(int at)
    {
        Place = _isClosingTag ? HtmlPlace.Text : _tag switch
        {
            "script" => HtmlPlace.Script,
            "style" => HtmlPlace.Style,
            "title" or "textarea" => HtmlPlace.EscapableText,
            _ => HtmlPlace.Text,
        };
        ScriptQuote = '\0';
        return at + 1;
    }

    /// <summary>Inside an element whose content is text up to its closing tag.</summary>
    int StepRaw(string text, int at)
    {
        if (!StartsWith(text, at, "</" + _tag)) return at + 1;
        Place = HtmlPlace.Text;
        return StepText(text, at);
    }

    void StartValue(char quote)
    {
        Place = HtmlPlace.AttributeValue;
        Quote = quote;
        AtValueStart = true;
        InUrlQuery = false;
        ScriptQuote = '\0';
        string name = _name.StartsWith("data-", StringComparison.Ordinal) ? _name[5..] : _name;
        Attribute = name switch
        {
            "style" => HtmlAttribute.Style,
            _ when name.StartsWith("on", StringComparison.Ordinal) => HtmlAttribute.Script,
            _ when s_urlAttributes.Contains(name) || name.Contains("src", StringComparison.Ordinal)
                || name.Contains("uri", StringComparison.Ordinal) || name.Contains("url", StringComparison.Ordinal) => HtmlAttribute.Url,
            _ => HtmlAttribute.Plain,
        };
    }

    int StepValue(char c, int at)
    {
        if (Quote == '\0' ? char.IsWhiteSpace(c) || c == '>' : c == Quote)
        {
            Place = HtmlPlace.Tag;
            return c == '>' && Quote == '\0' ? EndTag(at) : at + 1;
        }
        AtValueStart = false;
        if (Attribute == HtmlAttribute.Url && c is '?' or '#') InUrlQuery = true;
        if (Attribute == HtmlAttribute.Script && c is '"' or '\'' or '`') ScriptQuote = ScriptQuote == c ? '\0' : ScriptQuote == '\0' ? c : ScriptQuote;
        return at + 1;
    }

    static bool StartsWith(string text, int at, string word) =>
        string.Compare(text, at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0;
}
