using Vigie.Configuration;
using Vigie.Configuration.Rules;
using Vigie.Model;
using Vigie.PromQL;

namespace Vigie.Rules;

/// <summary>Checks what the loader of rule files cannot: expressions and templates. All problems are added, each where it stands.</summary>
public static class RuleFileCheck
{
    public static void Check(RuleFile file, ParserOptions options, ConfigProblems problems)
    {
        foreach (var group in file.Groups)
            for (int i = 0; i < group.Rules.Count; i++)
                Check(group, group.Rules[i], $"group {GoText.Quote(group.Name)}, rule {i + 1}, {GoText.Quote(group.Rules[i].Name)}", options, problems);
    }

    static void Check(RuleGroup group, Rule rule, string name, ParserOptions options, ConfigProblems problems)
    {
        var position = rule.ExpressionPosition.Line > 0 ? rule.ExpressionPosition : rule.Position.Line > 0 ? rule.Position : group.Position;
        try
        {
            if (rule.Expression.Length > 0) PromQLParser.Parse(rule.Expression, options);
        }
        catch (PromQLParseException problem)
        {
            problems.Error(position, name, $"could not parse expression: {problem.Message}");
        }
        if (!rule.IsAlerting) return;
        foreach (var (label, text) in rule.Labels) CheckTemplate("label", label, text);
        foreach (var (annotation, text) in rule.Annotations) CheckTemplate("annotation", annotation, text);

        void CheckTemplate(string kind, string field, string text)
        {
            try
            {
                AlertTemplate.Parse("__alert_" + rule.Name, text);
            }
            catch (TemplateException problem)
            {
                problems.Error(rule.Position, name, $"{kind} {GoText.Quote(field)}: {problem.Message}");
            }
        }
    }
}
