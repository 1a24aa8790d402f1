using System.CommandLine;
using Vigie.PromQL;

namespace Vigie.Commands;

/// <summary>`vigie promql format EXPR`, as `promtool promql format`.</summary>
static class PromQLCommand
{
    public static Command Create()
    {
        var expression = new Argument<string>("EXPR") { Description = "PromQL query." };
        var format = new Command("format", "Format PromQL query to pretty printed form.") { expression };
        format.SetAction(parsed =>
        {
            try
            {
                Console.WriteLine(ExpressionFormatter.Format(PromQLParser.Parse(parsed.GetValue(expression)!, ParserOptions.AllExperimental)));
                return 0;
            }
            catch (PromQLParseException problem)
            {
                Console.Error.WriteLine(problem.Message);
                return 1;
            }
        });
        return new Command("promql", "PromQL formatting and editing.") { format };
    }
}
