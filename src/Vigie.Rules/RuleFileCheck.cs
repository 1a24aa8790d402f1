using Vigie.Configuration.Rules;
using Vigie.Model;
using Vigie.PromQL;

namespace Vigie.Rules;

/// <summary>What the loader of rule files cannot judge itself: expressions and templates.</summary>
public static class RuleFileCheck
{
    public static RuleTextChecks For(ParserOptions options) => new()
    {
        Expression = text =>
        {
            try
            {
                PromQLParser.Parse(text, options);
                return null;
            }
            catch (PromQLParseException problem)
            {
                return problem.Message;
            }
        },
        Template = text =>
        {
            try
            {
                AlertTemplate.Parse("__alert", text);
                return null;
            }
            catch (TemplateException problem)
            {
                return problem.Message;
            }
        },
    };
}
