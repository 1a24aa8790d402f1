using System.Globalization;
using System.Text;

namespace Vigie.Model;

/// <summary>The functions every Go template has, comparisons apart (<see cref="ComparisonFunctions"/>).</summary>
static class BuiltInFunctions
{
    /// <summary>The executor evaluates the arguments of these two only as far as needed.</summary>
    public static TemplateFunction And { get; } = new("and", 1, int.MaxValue, static call => call[^1]);
    public static TemplateFunction Or { get; } = new("or", 1, int.MaxValue, static call => call[^1]);

    public static IReadOnlyList<TemplateFunction> All { get; } =
    [
        And,
        Or,
        new("not", 1, 1, static call => !TemplateValue.IsTrue(call[0])),
        new("len", 1, 1, static call =>
            TemplateValue.Length(call[0]) ?? throw new TemplateFunctionException("len of type " + TemplateValue.TypeName(call[0]))),
        new("index", 1, int.MaxValue, Index),
        new("slice", 1, 4, Slice),
        new("print", 0, int.MaxValue, static call => GoFormat.Print(call.Arguments)),
        new("println", 0, int.MaxValue, static call => GoFormat.PrintLine(call.Arguments)),
        new("printf", 1, int.MaxValue, static call => GoFormat.Printf(TemplateArguments.Text(call.Arguments, 0), call.Arguments.AsSpan(1))),
        // html/template does not escape the results of these two again: they are safe where they are meant for.
        new("html", 0, int.MaxValue, static call => new TemplateSafeHtml(TemplateEscapers.Html(Joined(call)))),
        new("js", 0, int.MaxValue, static call => TemplateEscapers.JavaScriptText(Joined(call))),
        new("urlquery", 0, int.MaxValue, static call => new TemplateSafeUrl(TemplateEscapers.UrlQuery(Joined(call)))),
        new("call", 1, int.MaxValue, static call =>
            throw new TemplateFunctionException($"non-function {GoFormat.Value(call[0])} of type {TemplateValue.TypeName(call[0])}")),
    ];

    static string Joined(TemplateCall call) => call is { Count: 1 } && call[0] is string text ? text : GoFormat.Print(call.Arguments);

    static object? Index(TemplateCall call)
    {
        object? item = call[0];
        if (item is null) throw new TemplateFunctionException("index of untyped nil");
        for (int i = 1; i < call.Count; i++)
        {
            switch (item)
            {
                case IReadOnlyList<object?> list and not ITemplateMap:
                    item = TemplateValue.Of(list[Position(call[i], list.Count)]);
                    break;
                case string text:
                    byte[] bytes = Encoding.UTF8.GetBytes(text);
                    item = (long)bytes[Position(call[i], bytes.Length)];
                    break;
                case ITemplateMap map:
                    string key = TemplateArguments.Text(call.Arguments, i);
                    item = map.TryGet(key, out object? found) ? TemplateValue.Of(found) : map.ValueOfMissingKey;
                    break;
                default: throw new TemplateFunctionException("can't index item of type " + TemplateValue.TypeName(item));
            }
        }
        return item;
    }

    static int Position(object? index, int length)
    {
        if (!TemplateValue.TryInteger(index, out long at))
            throw new TemplateFunctionException($"cannot index slice/array with type {TemplateValue.TypeName(index)}");
        if (at < 0 || at >= length)
            throw new TemplateFunctionException(string.Create(CultureInfo.InvariantCulture, $"index out of range: {at}"));
        return (int)at;
    }

    static object? Slice(TemplateCall call)
    {
        object? item = call[0];
        if (item is null) throw new TemplateFunctionException("slice of untyped nil");
        byte[]? bytes = item is string text ? Encoding.UTF8.GetBytes(text) : null;
        var list = item as IReadOnlyList<object?>;
        if ((bytes is null && list is null) || item is ITemplateMap)
            throw new TemplateFunctionException("can't slice item of type " + TemplateValue.TypeName(item));
        if (bytes is not null && call.Count == 4) throw new TemplateFunctionException("cannot 3-index slice a string");
        int length = bytes?.Length ?? list!.Count;
        int start = call.Count > 1 ? Bound(call[1], length) : 0;
        int end = call.Count > 2 ? Bound(call[2], length) : length;
        if (start > end)
            throw new TemplateFunctionException(string.Create(CultureInfo.InvariantCulture, $"invalid slice index: {start} > {end}"));
        return bytes is not null ? Encoding.UTF8.GetString(bytes, start, end - start) : list!.Skip(start).Take(end - start).ToArray();
    }

    static int Bound(object? index, int length) => TemplateValue.TryInteger(index, out long at) && at == length ? length : Position(index, length);
}
