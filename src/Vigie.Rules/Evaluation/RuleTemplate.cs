using Vigie.Model;

namespace Vigie.Rules;

/// <summary>
/// The template of a label or an annotation. One that cannot be parsed or executed gives a text that says so: an alert must not be lost to
/// it.
/// </summary>
sealed class RuleTemplate
{
    readonly AlertTemplate? _template;
    readonly string _error = "";

    public RuleTemplate(string ruleName, string name, string text)
    {
        Name = name;
        try
        {
            _template = AlertTemplate.Parse("__alert_" + ruleName, text);
        }
        catch (TemplateException problem)
        {
            _error = problem.Message;
        }
    }

    /// <summary>Of the label or annotation.</summary>
    public string Name { get; }

    /// <param name="error">What went wrong, null if nothing did.</param>
    public string Expand(AlertTemplateData data, PrometheusTemplateContext context, DateTimeOffset now, out string? error)
    {
        error = _template is null ? _error : null;
        if (_template is not null)
        {
            try
            {
                return _template.Expand(data, context, now);
            }
            catch (TemplateException problem)
            {
                error = problem.Message;
            }
        }
        return $"<error expanding template: {error}>";
    }
}
