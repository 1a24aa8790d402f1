namespace Vigie.Model;

/// <summary>Typed access to the arguments of functions and methods, with Go's texts for wrong types.</summary>
public static class TemplateArguments
{
    public static string Text(object?[] arguments, int index) => At(arguments, index) switch
    {
        string text => text,
        TemplateSafeHtml html => html.Text,
        TemplateSafeUrl url => url.Text,
        var other => throw Wrong("string", other),
    };

    public static long Integer(object?[] arguments, int index) =>
        TemplateValue.TryInteger(At(arguments, index), out long value) ? value : throw Wrong("int", arguments[index]);

    public static TemplateTime Time(object?[] arguments, int index) => At(arguments, index) switch
    {
        TemplateTime time => time,
        DateTimeOffset instant => new TemplateTime(instant),
        var other => throw Wrong("time.Time", other),
    };

    /// <summary>A time.Duration.</summary>
    public static long Nanoseconds(object?[] arguments, int index) => At(arguments, index) switch
    {
        TemplateDuration duration => duration.Nanoseconds,
        long number => number,
        var other => throw Wrong("time.Duration", other),
    };

    static object? At(object?[] arguments, int index) =>
        index < arguments.Length ? arguments[index] : throw new TemplateFunctionException("missing argument");

    public static TemplateFunctionException Wrong(string expected, object? found) =>
        new($"wrong type for value; expected {expected}; got {TemplateValue.TypeName(found)}");
}
