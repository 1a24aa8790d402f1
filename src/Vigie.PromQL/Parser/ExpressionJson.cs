using System.Collections.Immutable;
using System.Text.Json;
using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>Writes a tree as <c>/api/v1/parse_query</c> answers it.</summary>
public static class ExpressionJson
{
    public static void Write(Utf8JsonWriter json, Expression expression)
    {
        json.WriteStartObject();
        switch (expression)
        {
            case NumberLiteral n:
                json.WriteString("type", "numberLiteral");
                json.WriteString("val", GoNumber.FormatFixed(n.Value));
                break;
            case StringLiteral n:
                json.WriteString("type", "stringLiteral");
                json.WriteString("val", n.Value);
                break;
            case ParenthesizedExpression n:
                json.WriteString("type", "parenExpr");
                WriteChild(json, "expr", n.Inner);
                break;
            case UnaryExpression n:
                json.WriteString("type", "unaryExpr");
                json.WriteString("op", n.IsMinus ? "-" : "+");
                WriteChild(json, "expr", n.Operand);
                break;
            case Call n:
                json.WriteString("type", "call");
                json.WritePropertyName("func");
                Write(json, n.Function);
                json.WriteStartArray("args");
                foreach (var argument in n.Arguments) Write(json, argument);
                json.WriteEndArray();
                break;
            case Aggregation n:
                json.WriteString("type", "aggregation");
                json.WriteString("op", n.Operator.Text());
                WriteChild(json, "expr", n.Operand);
                WriteChild(json, "param", n.Parameter);
                WriteStrings(json, "grouping", n.Grouping);
                json.WriteBoolean("without", n.Without);
                break;
            case BinaryExpression n:
                json.WriteString("type", "binaryExpr");
                json.WriteString("op", n.Operator.Text());
                WriteChild(json, "lhs", n.Left);
                WriteChild(json, "rhs", n.Right);
                json.WritePropertyName("matching");
                Write(json, n.Matching);
                json.WriteBoolean("bool", n.ReturnBool);
                break;
            case VectorSelector n:
                json.WriteString("type", "vectorSelector");
                WriteSelector(json, n);
                break;
            case MatrixSelector n:
                json.WriteString("type", "matrixSelector");
                WriteSelector(json, n.Selector);
                WriteDuration(json, "range", n.RangeMs, n.RangeExpression);
                break;
            case Subquery n:
                json.WriteString("type", "subquery");
                WriteChild(json, "expr", n.Operand);
                WriteDuration(json, "range", n.RangeMs, n.RangeExpression);
                WriteDuration(json, "step", n.StepMs, n.StepExpression);
                WriteTime(json, n.Time);
                break;
        }
        json.WriteEndObject();
    }

    static void WriteChild(Utf8JsonWriter json, string name, Expression? child)
    {
        json.WritePropertyName(name);
        if (child is null) json.WriteNullValue();
        else Write(json, child);
    }

    static void WriteStrings(Utf8JsonWriter json, string name, ImmutableArray<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    static void Write(Utf8JsonWriter json, FunctionSignature function)
    {
        json.WriteStartObject();
        json.WriteString("name", function.Name);
        json.WriteStartArray("argTypes");
        foreach (var type in function.ArgumentTypes) json.WriteStringValue(type.Text());
        json.WriteEndArray();
        json.WriteNumber("variadic", function.Variadic);
        json.WriteString("returnType", function.ReturnType.Text());
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, VectorMatching? matching)
    {
        if (matching is null)
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartObject();
        json.WriteString("card", matching.Cardinality.Text());
        WriteStrings(json, "labels", matching.Labels);
        json.WriteBoolean("on", matching.On);
        WriteStrings(json, "include", matching.Include);
        json.WriteStartObject("fillValues");
        WriteFill(json, "lhs", matching.FillLeft);
        WriteFill(json, "rhs", matching.FillRight);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WriteFill(Utf8JsonWriter json, string name, double? value)
    {
        if (value is not { } fill) json.WriteNull(name);
        else if (double.IsFinite(fill)) json.WriteNumber(name, fill);
        else json.WriteString(name, GoNumber.FormatFixed(fill));
    }

    static void WriteSelector(Utf8JsonWriter json, VectorSelector selector)
    {
        json.WriteString("name", selector.Name);
        json.WriteStartArray("matchers");
        foreach (var matcher in selector.Matchers)
        {
            json.WriteStartObject();
            json.WriteString("name", matcher.Name);
            json.WriteString("type", LabelMatcher.OperatorText(matcher.Type));
            json.WriteString("value", matcher.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteTime(json, selector.Time);
        json.WriteBoolean("anchored", selector.Edges == RangeEdges.Anchored);
        json.WriteBoolean("smoothed", selector.Edges == RangeEdges.Smoothed);
    }

    static void WriteTime(Utf8JsonWriter json, TimeModifiers time)
    {
        WriteDuration(json, "offset", time.OffsetMs, time.OffsetExpression);
        if (time.TimestampMs is { } ms) json.WriteNumber("timestamp", ms);
        else json.WriteNull("timestamp");
        if (time.Boundary == AtBoundary.None) json.WriteNull("startOrEnd");
        else json.WriteString("startOrEnd", time.Boundary == AtBoundary.Start ? "start" : "end");
    }

    static void WriteDuration(Utf8JsonWriter json, string name, long ms, DurationExpression? expression)
    {
        json.WriteNumber(name, ms);
        json.WritePropertyName(name + "Expr");
        if (expression is null) json.WriteNullValue();
        else Write(json, expression);
    }

    static void Write(Utf8JsonWriter json, DurationExpression expression)
    {
        json.WriteStartObject();
        if (expression is DurationNumber number)
        {
            json.WriteString("type", "numberLiteral");
            json.WriteString("val", GoNumber.FormatFixed(number.Seconds));
            json.WriteBoolean("duration", number.IsDuration);
        }
        else if (expression is DurationOperation operation)
        {
            json.WriteString("type", "durationExpr");
            json.WriteString("op", operation.Operator.Text());
            WriteOperand(json, "lhs", operation.Left);
            WriteOperand(json, "rhs", operation.Right);
            json.WriteBoolean("wrapped", operation.Wrapped);
        }
        json.WriteEndObject();
    }

    static void WriteOperand(Utf8JsonWriter json, string name, DurationExpression? operand)
    {
        json.WritePropertyName(name);
        if (operand is null) json.WriteNullValue();
        else Write(json, operand);
    }
}
