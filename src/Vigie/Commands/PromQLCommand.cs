using System.CommandLine;
using Vigie.Model;
using Vigie.PromQL;
using MatchType = Vigie.Model.MatchType;

namespace Vigie.Commands;

/// <summary>`vigie promql format` and `label-matchers set|delete`, as promtool has them: the new query on standard output, or 1.</summary>
static class PromQLCommand
{
    static readonly Argument<string> s_query = new("QUERY") { Description = "PromQL query." };
    static readonly Argument<string> s_name = new("NAME") { Description = "Name of the label matcher." };
    static readonly Argument<string> s_value = new("VALUE") { Description = "Value of the label matcher to set." };

    static readonly Option<string> s_type = new("--type", "-t")
    {
        Description = "Type of the label matcher to set: =, !=, =~ or !~.",
        DefaultValueFactory = static _ => "=",
    };

    public static Command Create() => new("promql", "PromQL formatting and editing.")
    {
        Sub(new Command("format", "Format PromQL query to pretty printed form.") { s_query }, static (_, query) => query),
        new Command("label-matchers", "Edit label matchers contained within an existing PromQL query.")
        {
            Sub(new Command("set", "Set a label matcher in the query.") { s_type, s_query, s_name, s_value }, static (parsed, query) =>
                MatcherEdit.Set(query, new LabelMatcher(
                    TypeOf(parsed.GetValue(s_type)!), parsed.GetRequiredValue(s_name), parsed.GetRequiredValue(s_value)))),
            Sub(new Command("delete", "Delete a label from the query.") { s_query, s_name }, static (parsed, query) =>
                MatcherEdit.Delete(query, parsed.GetRequiredValue(s_name))),
        },
    };

    static Command Sub(Command command, Func<ParseResult, Expression, Expression> edit)
    {
        command.SetAction(parsed =>
        {
            try
            {
                var query = PromQLParser.Parse(parsed.GetRequiredValue(s_query), ParserOptions.AllExperimental);
                Console.WriteLine(ExpressionFormatter.Format(edit(parsed, query)));
                return 0;
            }
            catch (Exception problem) when (problem is PromQLParseException or FormatException)
            {
                Console.Error.WriteLine(problem.Message);
                return 1;
            }
        });
        return command;
    }

    static MatchType TypeOf(string text) => text switch
    {
        "=" => MatchType.Equal,
        "!=" => MatchType.NotEqual,
        "=~" => MatchType.Regex,
        "!~" => MatchType.NotRegex,
        _ => throw new FormatException($"invalid label match type: {text}"),
    };
}
