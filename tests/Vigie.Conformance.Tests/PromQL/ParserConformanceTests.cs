using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vigie.Model;
using Vigie.PromQL;

namespace Vigie.Conformance.Tests.PromQL;

/// <summary>promql/parser/*.json and promql/functions.json: what parses, messages, printing, trees, notation of series.</summary>
public sealed class ParserConformanceTests
{
    [Fact]
    public void Parse() => VectorFile.Check("promql/parser/parse.json", test =>
    {
        string text = test["expr"]?.ToString() ?? Encoding.UTF8.GetString(Convert.FromHexString(test["exprHex"]!.ToString()));
        var (expression, error) = TryParse(text, ParserOptions.AllExperimental);
        if (!(bool)test["ok"]!)
        {
            if (error is null) return $"accepted, expected {test["error"]}";
            return test["error"] is { } wanted && wanted.ToString() != error ? $"found {error}, expected {wanted}" : null;
        }
        if (error is not null) return $"refused: {error}";
        if (expression!.Type.Text() != test["type"]!.ToString()) return $"found type {expression.Type.Text()}, expected {test["type"]}";
        if (test["errorWhenDisabled"] is { } disabled)
        {
            (_, error) = TryParse(text, ParserOptions.Default);
            if (error != disabled.ToString()) return $"with the options off: found {error ?? "no error"}, expected {disabled}";
        }
        else if (TryParse(text, ParserOptions.Default).Error is { } refused) return $"with the options off: {refused}";
        return null;
    });

    [Fact]
    public void Format() => VectorFile.Check("promql/parser/format.json", test =>
    {
        var expression = PromQLParser.Parse(test["expr"]!.ToString(), ParserOptions.AllExperimental);
        string line = expression.ToString(), pretty = ExpressionFormatter.Format(expression);
        if (line != test["string"]!.ToString()) return $"found {line}, expected {test["string"]}";
        return pretty == test["pretty"]!.ToString() ? null : $"found\n{pretty}\nexpected\n{test["pretty"]}";
    });

    [Fact]
    public void Tree() => VectorFile.Check("promql/parser/ast.json", test =>
    {
        string found = TreeOf(PromQLParser.Parse(test["expr"]!.ToString(), ParserOptions.AllExperimental));
        return JsonNode.DeepEquals(JsonNode.Parse(found), test["ast"]) ? null : $"found {found}, expected {test["ast"]!.ToJsonString()}";
    });

    [Fact]
    public void Selectors() => VectorFile.Check("promql/parser/match_selectors.json", test =>
    {
        try
        {
            var matchers = PromQLParser.ParseSelector(test["input"]!.ToString());
            if (!(bool)test["ok"]!) return $"accepted, expected {test["error"]}";
            string found = string.Join(' ', matchers.Select(m => $"{m.Name} {LabelMatcher.OperatorText(m.Type)} {m.Value};"));
            string wanted = string.Join(' ', test["matchers"]!.AsArray().Select(m => $"{m![0]} {m[1]} {m[2]};"));
            return found == wanted ? null : $"found {found}, expected {wanted}";
        }
        catch (PromQLParseException problem)
        {
            return problem.Message == test["error"]?.ToString() ? null : $"found {problem.Message}, expected {test["error"] ?? "matchers"}";
        }
    });

    [Fact]
    public void Functions() => VectorFile.Check("promql/functions.json", test =>
    {
        var function = FunctionTable.Find(test["name"]!.ToString());
        if (function is null) return "missing";
        string found = $"{string.Join(',', function.ArgumentTypes.Select(t => t.Text()))} {function.ReturnType.Text()} "
            + string.Create(CultureInfo.InvariantCulture, $"{function.Variadic} {function.Experimental}");
        string wanted = $"{string.Join(',', test["argTypes"]!.AsArray())} {test["returnType"]} {test["variadic"]} "
            + ((bool?)test["experimental"] ?? false);
        return found == wanted ? null : $"found {found}, expected {wanted}";
    });

    static (Expression? Expression, string? Error) TryParse(string text, ParserOptions options)
    {
        try
        {
            return (PromQLParser.Parse(text, options), null);
        }
        catch (PromQLParseException problem)
        {
            return (null, problem.Message);
        }
    }

    internal static string TreeOf(Expression expression)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) ExpressionJson.Write(json, expression);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
