using System.Globalization;
using System.Text;

namespace Vigie.Model;

/// <summary>The functions of Alertmanager's notification templates (alertmanager, docs/notifications.md).</summary>
public static class AlertmanagerFunctions
{
    public static TemplateFunctions Set { get; } = TemplateFunctions.BuiltIn.With(TextFunctions.Shared).With(
        new("title", 1, 1, static call => TextFunctions.Title(TemplateArguments.Text(call.Arguments, 0), lowersRest: true)),
        new("trimSpace", 1, 1, static call => TemplateArguments.Text(call.Arguments, 0).Trim()),
        new("join", 2, 2, static call => string.Join(TemplateArguments.Text(call.Arguments, 0), Texts(call[1]))),
        new("stringSlice", 0, int.MaxValue, static call => Texts(call.Arguments)),
        new("safeUrl", 1, 1, static call => new TemplateSafeUrl(TemplateArguments.Text(call.Arguments, 0))),
        new("urlUnescape", 1, 1, static call => UrlUnescape(TemplateArguments.Text(call.Arguments, 0))),
        new("date", 2, 2, static call =>
            GoTimeLayout.Format(TemplateArguments.Time(call.Arguments, 1), TemplateArguments.Text(call.Arguments, 0))),
        new("tz", 2, 2, static call =>
            TemplateArguments.Time(call.Arguments, 1) with { Zone = Zone(TemplateArguments.Text(call.Arguments, 0)) }),
        new("now", 0, 0, static call => new TemplateTime(call.Run.Now)),
        new("since", 1, 1, static call => TemplateDuration.From(call.Run.Now - TemplateArguments.Time(call.Arguments, 0).Instant)),
        new("toDate", 2, 2, static call =>
        {
            try
            {
                return ToDate(call);
            }
            catch (TemplateFunctionException)
            {
                return TemplateTime.Zero;
            }
        }),
        new("mustToDate", 2, 2, static call => ToDate(call)),
        new("toJson", 1, 1, static call => TemplateJson.Write(call[0])),
        new("base64encode", 1, 1, static call =>
            Convert.ToBase64String(Encoding.UTF8.GetBytes(TemplateArguments.Text(call.Arguments, 0))).Replace('+', '-').Replace('/', '_')),
        new("base64decode", 1, 1, static call => Base64Decode(TemplateArguments.Text(call.Arguments, 0))),
        new("list", 0, int.MaxValue, static call => call.Arguments),
        new("append", 1, int.MaxValue, static call => (object?[])[.. List(call[0]), .. call.Arguments.Skip(1)]),
        new("dict", 0, int.MaxValue, static call => Dictionary(call.Arguments)));

    static string[] Texts(object? value) => value is IReadOnlyList<object?> list
        ? [.. list.Select(static item => TemplateValue.AsText(item) ?? throw TemplateArguments.Wrong("string", item))]
        : throw TemplateArguments.Wrong("[]string", value);

    static IReadOnlyList<object?> List(object? value) =>
        value is null ? [] : value as IReadOnlyList<object?> ?? throw TemplateArguments.Wrong("[]interface {}", value);

    static TemplateTime ToDate(TemplateCall call) =>
        GoTimeLayout.Parse(TemplateArguments.Text(call.Arguments, 0), TemplateArguments.Text(call.Arguments, 1), TimeZoneInfo.Utc);

    static TimeZoneInfo Zone(string name)
    {
        if (name is "" or "UTC") return TimeZoneInfo.Utc;
        if (name == "Local") return TimeZoneInfo.Local;
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : throw new TemplateFunctionException("unknown time zone " + name);
    }

    static string UrlUnescape(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte value = bytes[i];
            if (value == '+') value = (byte)' ';
            else if (value == '%')
            {
                var digits = bytes.AsSpan(i + 1, Math.Min(2, bytes.Length - i - 1));
                if (!byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) || digits.Length < 2)
                    throw new TemplateFunctionException("invalid URL escape " + GoText.Quote("%" + Encoding.UTF8.GetString(digits)));
                i += 2;
            }
            bytes[length++] = value;
        }
        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    static string Base64Decode(string text)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/')));
        }
        catch (FormatException problem)
        {
            throw new TemplateFunctionException("illegal base64 data", problem);
        }
    }

    static TemplateMap Dictionary(object?[] arguments)
    {
        if (arguments.Length % 2 != 0) throw new TemplateFunctionException("dict requires an even number of arguments");
        var entries = new List<KeyValuePair<string, object?>>(arguments.Length / 2);
        for (int i = 0; i < arguments.Length; i += 2)
            entries.Add(new(arguments[i] as string ?? throw new TemplateFunctionException("dict keys must be strings"), arguments[i + 1]));
        return new TemplateMap(entries);
    }
}
