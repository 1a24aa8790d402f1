using System.Collections;

namespace Vigie.Model;

/// <summary>
/// What templates may work on: null (Go: nil), <c>bool</c>, <c>string</c>, <c>long</c> (int), <c>ulong</c> (uint64), <c>double</c> (float64),
/// <c>IReadOnlyList&lt;object?&gt;</c> (slices; lists of reference types convert by themselves), <see cref="ITemplateMap"/>,
/// <see cref="ITemplateMembers"/>, <see cref="TemplateTime"/>, <see cref="TemplateDuration"/>, and the safe texts. Other integers,
/// <see cref="Labels"/> and <see cref="DateTimeOffset"/> are converted by <see cref="Of"/>.
/// </summary>
public static class TemplateValue
{
    /// <summary>The value in the form templates work on.</summary>
    public static object? Of(object? value) => value switch
    {
        int number => (long)number,
        uint number => (long)number,
        float number => (double)number,
        Labels labels => new TemplateLabels(labels),
        DateTimeOffset instant => new TemplateTime(instant),
        TimeSpan span => TemplateDuration.From(span),
        IReadOnlyDictionary<string, object?> map => new TemplateMap(map),
        _ => value,
    };

    /// <summary>What <c>if</c> and <c>and</c> take for true: anything but nil, false, 0, and empty strings, lists and maps.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool truth => truth,
        string text => text.Length > 0,
        TemplateSafeHtml html => html.Text.Length > 0,
        TemplateSafeUrl url => url.Text.Length > 0,
        double number => number != 0,
        ulong number => number != 0,
        TemplateTime => true,
        ITemplateMap map => map.Keys.Count > 0,
        IReadOnlyList<object?> list => list.Count > 0,
        _ => !TryInteger(value, out long integer) || integer != 0,
    };

    /// <summary>The name of Go's type, for errors and %T.</summary>
    public static string TypeName(object? value) => value switch
    {
        null => "nil",
        bool => "bool",
        string => "string",
        long => "int",
        ulong => "uint64",
        double => "float64",
        ITemplateMembers members => members.TypeName,
        TemplateLabels => "map[string]string",
        ITemplateMap => "map[string]interface {}",
        IReadOnlyList<string> => "[]string",
        IReadOnlyList<object?> => "[]interface {}",
        TemplateSafeHtml => "template.HTML",
        TemplateSafeUrl => "template.URL",
        _ => value.GetType().Name,
    };

    /// <summary>The number of an integer kind: int, time.Duration, time.Month.</summary>
    public static bool TryInteger(object? value, out long integer)
    {
        integer = value switch
        {
            long number => number,
            TemplateDuration duration => duration.Nanoseconds,
            TemplateNamedNumber named => named.Number,
            _ => 0,
        };
        return value is long or TemplateDuration or TemplateNamedNumber;
    }

    /// <summary>The text of a string kind, safe texts included.</summary>
    public static string? AsText(object? value) => value switch
    {
        string text => text,
        TemplateSafeHtml html => html.Text,
        TemplateSafeUrl url => url.Text,
        _ => null,
    };

    /// <summary>The number of items of a list or map, bytes of a string; null if the value has no length.</summary>
    public static long? Length(object? value) => value switch
    {
        ITemplateMap map => map.Keys.Count,
        IReadOnlyList<object?> list => list.Count,
        ICollection collection => collection.Count,
        _ => AsText(value) is { } text ? System.Text.Encoding.UTF8.GetByteCount(text) : null,
    };

    /// <summary>The text of a value with a <c>String</c> method.</summary>
    public static bool TryPrintByMethod(object? value, out string text)
    {
        text = "";
        if (value is not ITemplateMembers members || !members.TryGetMember("String", [], out object? printed)) return false;
        text = printed as string ?? "";
        return true;
    }

    /// <summary>What an action prints: Go's %v, and <c>&lt;no value&gt;</c> for nil.</summary>
    public static string Print(object? value) => value switch
    {
        null => "<no value>",
        string text => text,
        _ => GoFormat.Value(value),
    };
}
