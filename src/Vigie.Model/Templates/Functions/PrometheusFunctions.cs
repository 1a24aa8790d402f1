using System.Net;
using System.Net.Sockets;

namespace Vigie.Model;

/// <summary>One series of a query result inside a template.</summary>
public sealed record TemplateSample(Labels Labels, double Value) : ITemplateMembers
{
    public string TypeName => "*template.sample";

    public IReadOnlyList<TemplateMember> Fields => [new("Labels", Labels), new("Value", Value)];

    public bool TryGetMember(string name, object?[] arguments, out object? value)
    {
        value = name switch { "Labels" => new TemplateLabels(Labels), "Value" => Value, _ => null };
        return value is not null;
    }
}

/// <summary>What templates of rules and consoles use; goes into <see cref="TemplateRun.Context"/>.</summary>
/// <param name="Query">Runs a PromQL query at the time of evaluation. Its exceptions become errors of the template.</param>
/// <param name="ExternalUrl">Where users reach the server.</param>
public sealed record PrometheusTemplateContext(Func<string, IReadOnlyList<TemplateSample>> Query, string ExternalUrl);

/// <summary>The functions of Prometheus' rule and console templates (prometheus, docs/configuration/template_reference.md).</summary>
public static class PrometheusFunctions
{
    public static TemplateFunctions Set { get; } = TemplateFunctions.BuiltIn.With(TextFunctions.Shared).With(
        new("query", 1, 1, static call => Query(call)),
        new("first", 1, 1, static call => Samples(call[0]) is { Count: > 0 } samples
            ? samples[0] : throw new TemplateFunctionException("first() called on vector with no elements")),
        new("label", 2, 2, static call => Sample(call[1]).Labels[TemplateArguments.Text(call.Arguments, 0)]),
        new("value", 1, 1, static call => Sample(call[0]).Value),
        new("strvalue", 1, 1, static call => Sample(call[0]).Labels["__value__"]),
        new("sortByLabel", 2, 2, static call =>
        {
            string name = TemplateArguments.Text(call.Arguments, 0);
            return Samples(call[1]).OrderBy(sample => sample.Labels[name], Comparer<string>.Create(Labels.CompareText)).ToArray();
        }),
        new("args", 0, int.MaxValue, static call =>
            new TemplateMap(call.Arguments.Select((value, i) => KeyValuePair.Create("arg" + i, value)))),
        new("title", 1, 1, static call => TextFunctions.Title(TemplateArguments.Text(call.Arguments, 0), lowersRest: false)),
        new("humanize", 1, 1, static call => Humanize.Decimal(Humanize.Number(call[0]))),
        new("humanize1024", 1, 1, static call => Humanize.Binary(Humanize.Number(call[0]))),
        new("humanizePercentage", 1, 1, static call => Humanize.Percentage(Humanize.Number(call[0]))),
        new("humanizeTimestamp", 1, 1, static call => Humanize.Timestamp(Humanize.Number(call[0]))),
        new("toTime", 1, 1, static call => Humanize.Time(Humanize.Number(call[0]))),
        new("toDuration", 1, 1, static call => ToDuration(Humanize.Number(call[0]))),
        new("now", 0, 0, static call => call.Run.Now.ToUnixTimeMilliseconds() / 1000.0),
        new("parseDuration", 1, 1, static call => ParseDuration(TemplateArguments.Text(call.Arguments, 0))),
        new("stripPort", 1, 1, static call => StripPort(TemplateArguments.Text(call.Arguments, 0))),
        new("stripDomain", 1, 1, static call => StripDomain(TemplateArguments.Text(call.Arguments, 0))),
        new("urlQueryEscape", 1, 1, static call => TemplateEscapers.UrlQuery(TemplateArguments.Text(call.Arguments, 0))),
        new("graphLink", 1, 1, static call => GraphLink(TemplateArguments.Text(call.Arguments, 0), tab: 0)),
        new("tableLink", 1, 1, static call => GraphLink(TemplateArguments.Text(call.Arguments, 0), tab: 1)),
        new("tmpl", 2, 2, static call => new TemplateSafeHtml(
            call.Run.Set!.Execute(TemplateArguments.Text(call.Arguments, 0), call[1], call.Run, TemplateOutput.Html))),
        new("externalURL", 0, 0, static call => Context(call).ExternalUrl),
        new("pathPrefix", 0, 0, static call =>
            Uri.TryCreate(Context(call).ExternalUrl, UriKind.Absolute, out var url) ? url.AbsolutePath : Context(call).ExternalUrl));

    static PrometheusTemplateContext Context(TemplateCall call) =>
        call.Run.Context as PrometheusTemplateContext ?? throw new TemplateFunctionException("not available in this template");

    static IReadOnlyList<TemplateSample> Query(TemplateCall call)
    {
        var context = Context(call);
        try
        {
            return new TemplateSamples(context.Query(TemplateArguments.Text(call.Arguments, 0)));
        }
        catch (Exception problem) when (problem is not (TemplateFunctionException or OperationCanceledException))
        {
            throw new TemplateFunctionException(problem.Message, problem);
        }
    }

    static IReadOnlyList<TemplateSample> Samples(object? value) =>
        value as IReadOnlyList<TemplateSample> ?? throw TemplateArguments.Wrong("template.queryResult", value);

    static TemplateSample Sample(object? value) => value as TemplateSample ?? throw TemplateArguments.Wrong("*template.sample", value);

    static TemplateDuration ToDuration(double seconds)
    {
        double nanoseconds = seconds * 1e9;
        if (nanoseconds is > long.MaxValue or < long.MinValue || double.IsNaN(nanoseconds))
            throw new TemplateFunctionException(
                $"{GoNumber.FormatGeneral(seconds)} cannot be represented as a nanoseconds duration since it overflows int64");
        return new TemplateDuration((long)nanoseconds);
    }

    static double ParseDuration(string text) => GoDuration.TryParseSignedMs(text, out long ms, out string? problem)
        ? ms / 1000.0
        : throw new TemplateFunctionException(problem ?? "not a valid duration string: " + GoText.Quote(text));

    static string GraphLink(string expression, int tab) => $"/graph?g0.expr={TemplateEscapers.UrlQuery(expression)}&g0.tab={tab}";

    /// <summary>Go's net.SplitHostPort; what it refuses stays as it is.</summary>
    static bool TrySplitPort(string text, out string host, out string port)
    {
        (host, port) = (text, "");
        int colon = text.LastIndexOf(':');
        if (colon < 0) return false;
        string rest = text[..colon];
        if (rest.StartsWith('['))
        {
            if (rest.IndexOf(']', StringComparison.Ordinal) != rest.Length - 1) return false;
            rest = rest[1..^1];
        }
        else if (rest.Contains(':', StringComparison.Ordinal) || rest.Contains(']', StringComparison.Ordinal))
        {
            return false;
        }
        (host, port) = (rest, text[(colon + 1)..]);
        return true;
    }

    static string StripPort(string text) => TrySplitPort(text, out string host, out _) ? host : text;

    static string StripDomain(string text)
    {
        bool hasPort = TrySplitPort(text, out string host, out string port);
        if (IPAddress.TryParse(host, out var address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || host.Count('.') == 3)) return text;
        host = host.Split('.', 2)[0];
        return hasPort ? host + ":" + port : host;
    }
}

/// <summary>A query result with the name Go's errors give it.</summary>
sealed class TemplateSamples(IReadOnlyList<TemplateSample> samples) : IReadOnlyList<TemplateSample>, ITemplateMembers
{
    public string TypeName => "template.queryResult";
    public int Count => samples.Count;
    public TemplateSample this[int index] => samples[index];
    public IEnumerator<TemplateSample> GetEnumerator() => samples.GetEnumerator();
    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => samples.GetEnumerator();

    public bool TryGetMember(string name, object?[] arguments, out object? value)
    {
        value = null;
        return false;
    }
}
