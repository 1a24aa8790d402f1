namespace Vigie.Model;

/// <summary>
/// A template in a label or annotation of a rule, with <c>$labels</c>, <c>$value</c>, <c>$externalLabels</c> and <c>$externalURL</c>
/// predefined (prometheus, docs/configuration/alerting_rules.md, Templating). Parsed once, executed for every alert. Immutable.
/// </summary>
public sealed class AlertTemplate
{
    const string Definitions = "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}";

    readonly string _name;
    readonly string _text;
    readonly TemplateSet? _set;

    AlertTemplate(string name, string text, TemplateSet? set)
    {
        _name = name;
        _text = text;
        _set = set;
    }

    /// <param name="name">Shown in errors; Prometheus uses <c>__alert_NAME</c>.</param>
    /// <exception cref="TemplateException">The text is not a template; the message is Prometheus'.</exception>
    public static AlertTemplate Parse(string name, string text)
    {
        if (!text.AsSpan().ContainsAny('{', '<')) return new AlertTemplate(name, text, null);
        try
        {
            return new AlertTemplate(name, text, new TemplateSet(PrometheusFunctions.Set).Parse(name, Definitions + text));
        }
        catch (TemplateException problem)
        {
            throw new TemplateException($"error parsing template {name}: {problem.Message}", problem);
        }
    }

    /// <exception cref="TemplateException">It fails; the message is Prometheus'.</exception>
    public string Expand(AlertTemplateData data, PrometheusTemplateContext context, DateTimeOffset now, TemplateOutput output = TemplateOutput.Text)
    {
        if (_set is null) return _text;
        try
        {
            return _set.Execute(_name, data, new TemplateRun { Now = now, Context = context }, output);
        }
        catch (TemplateException problem)
        {
            throw new TemplateException($"error executing template {_name}: {problem.Message}", problem);
        }
    }
}

/// <summary>What an alert's templates work on.</summary>
public sealed record AlertTemplateData(Labels Labels, Labels ExternalLabels, string ExternalUrl, double Value) : ITemplateMembers
{
    public string TypeName => "struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value interface {} }";

    public bool TryGetMember(string name, object?[] arguments, out object? value)
    {
        value = name switch
        {
            "Labels" => new TemplateLabels(Labels),
            "ExternalLabels" => new TemplateLabels(ExternalLabels),
            "ExternalURL" => ExternalUrl,
            "Value" => Value,
            _ => null,
        };
        return value is not null;
    }
}
