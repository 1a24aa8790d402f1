using System.Text;

namespace Vigie.Model;

/// <summary>
/// Escapes every value for the place it stands in: text, attribute, URL, script, style (html/template). A value that would be dangerous
/// where it stands becomes <c>ZgotmplZ</c>.
/// </summary>
/// <remarks>The place is followed while writing instead of beforehand, so a template whose branches end in different places still works.</remarks>
sealed class HtmlTemplateWriter(TemplateRun run) : ITemplateWriter
{
    readonly StringBuilder _output = new();
    readonly HtmlContext _context = new();

    public void WriteText(string text) => Append(_context.Advance(text));

    public void WriteValue(object? value)
    {
        _context.BeginValue();
        string text = Escape(value);
        _context.AdvanceOverValue(text);
        Append(text);
    }

    public override string ToString() => _output.ToString();

    void Append(string text)
    {
        TemplateLimits.CountOutput(run, text.Length);
        _output.Append(text);
    }

    string Escape(object? value)
    {
        // html/template prints nothing for nil.
        string text = value is null ? "" : TemplateValue.Print(value);
        switch (_context.Place)
        {
            case HtmlPlace.Text: return value is TemplateSafeHtml ? text : TemplateEscapers.HtmlValue(text);
            case HtmlPlace.EscapableText: return TemplateEscapers.HtmlValue(text);
            case HtmlPlace.Comment: return "";
            case HtmlPlace.Script:
                return _context.ScriptQuote == '\0' ? TemplateEscapers.JavaScriptValue(value) : TemplateEscapers.JavaScriptString(text);
            case HtmlPlace.Style: return TemplateEscapers.CssValue(text);
            case HtmlPlace.AttributeValue: return EscapeAttribute(value, text);
            default: return IsAttributeName(text) ? text.ToLowerInvariant() : TemplateEscapers.Refused;
        }
    }

    string EscapeAttribute(object? value, string text)
    {
        switch (_context.Attribute)
        {
            case HtmlAttribute.Url:
                if (_context.InUrlQuery) text = value is TemplateSafeUrl ? TemplateEscapers.UrlNormal(text) : TemplateEscapers.UrlPart(text);
                else if (_context.AtValueStart && value is not TemplateSafeUrl && !TemplateEscapers.IsSafeUrl(text)) text = "#" + TemplateEscapers.Refused;
                else text = TemplateEscapers.UrlNormal(text);
                break;
            case HtmlAttribute.Script:
                text = _context.ScriptQuote == '\0' ? TemplateEscapers.JavaScriptValue(value) : TemplateEscapers.JavaScriptString(text);
                break;
            case HtmlAttribute.Style:
                text = TemplateEscapers.CssValue(text);
                break;
            default:
                if (value is TemplateSafeHtml) return TemplateEscapers.StripTags(text);
                break;
        }
        return _context.Quote == '\0' ? TemplateEscapers.HtmlUnquoted(text) : TemplateEscapers.HtmlValue(text);
    }

    /// <summary>Letters and digits, and none of the attributes whose values mean something to a browser.</summary>
    static bool IsAttributeName(string text) =>
        text.Length > 0 && text.All(char.IsAsciiLetterOrDigit)
        && !text.StartsWith("on", StringComparison.OrdinalIgnoreCase)
        && text.ToLowerInvariant() is not ("style" or "href" or "src" or "action" or "formaction" or "srcdoc");
}
