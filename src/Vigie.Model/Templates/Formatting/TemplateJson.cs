using System.Globalization;
using System.Text;

namespace Vigie.Model;

/// <summary>JSON as Go's encoding/json writes it: keys of maps sorted; <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c> escaped.</summary>
static class TemplateJson
{
    public static string Write(object? value)
    {
        var json = new StringBuilder();
        Append(json, TemplateValue.Of(value));
        return json.ToString();
    }

    static void Append(StringBuilder json, object? value)
    {
        switch (value)
        {
            case null: json.Append("null"); break;
            case bool truth: json.Append(truth ? "true" : "false"); break;
            case double number:
                if (!double.IsFinite(number)) throw new TemplateFunctionException("json: unsupported value: " + GoNumber.FormatGeneral(number));
                json.Append(GoNumber.FormatSample(number).Replace("e-0", "e-", StringComparison.Ordinal));
                break;
            case ulong number: json.Append(CultureInfo.InvariantCulture, $"{number}"); break;
            case TemplateTime time: AppendText(json, GoTimeLayout.Format(time, "2006-01-02T15:04:05.999999999Z07:00")); break;
            case ITemplateMap map:
                AppendMembers(json, map.Keys.Select(key => new TemplateMember(key, map.TryGet(key, out object? item) ? item : null)));
                break;
            case IReadOnlyList<object?> list:
                json.Append('[');
                for (int i = 0; i < list.Count; i++)
                {
                    if (i > 0) json.Append(',');
                    Append(json, TemplateValue.Of(list[i]));
                }
                json.Append(']');
                break;
            default:
                if (TemplateValue.AsText(value) is { } text) AppendText(json, text);
                else if (TemplateValue.TryInteger(value, out long integer)) json.Append(CultureInfo.InvariantCulture, $"{integer}");
                else if (value is ITemplateMembers members) AppendMembers(json, members.Fields);
                else throw new TemplateFunctionException("json: unsupported type: " + TemplateValue.TypeName(value));
                break;
        }
    }

    static void AppendMembers(StringBuilder json, IEnumerable<TemplateMember> members)
    {
        json.Append('{');
        bool first = true;
        foreach (var member in members)
        {
            if (!first) json.Append(',');
            first = false;
            AppendText(json, member.JsonName);
            json.Append(':');
            Append(json, TemplateValue.Of(member.Value));
        }
        json.Append('}');
    }

    static void AppendText(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (char c in text)
        {
            switch (c)
            {
                case '"': json.Append("\\\""); break;
                case '\\': json.Append("\\\\"); break;
                case '\n': json.Append("\\n"); break;
                case '\r': json.Append("\\r"); break;
                case '\t': json.Append("\\t"); break;
                case '\b': json.Append("\\b"); break;
                case '\f': json.Append("\\f"); break;
                case '<' or '>' or '&' or < ' ' or '\u2028' or '\u2029': json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: json.Append(c); break;
            }
        }
        json.Append('"');
    }
}
