namespace Vigie.Model;

/// <summary>eq, ne, lt, le, gt, ge with Go's rules: no comparison between kinds (a float64 with an int), eq with several right sides.</summary>
static class ComparisonFunctions
{
    enum Kind : byte { Nil, Bool, Integer, Unsigned, Float, Text, Other }

    public static IReadOnlyList<TemplateFunction> All { get; } =
    [
        new("eq", 1, int.MaxValue, Equal),
        new("ne", 2, 2, static call => !AreEqual(call[0], call[1])),
        new("lt", 2, 2, static call => Compare(call) < 0),
        new("le", 2, 2, static call => Compare(call) <= 0),
        new("gt", 2, 2, static call => Compare(call) > 0),
        new("ge", 2, 2, static call => Compare(call) >= 0),
    ];

    static object? Equal(TemplateCall call)
    {
        if (call.Count < 2) throw new TemplateFunctionException("missing argument for comparison");
        for (int i = 1; i < call.Count; i++)
            if (AreEqual(call[0], call[i])) return true;
        return false;
    }

    static Kind KindOf(object? value) => value switch
    {
        null => Kind.Nil,
        bool => Kind.Bool,
        ulong => Kind.Unsigned,
        double => Kind.Float,
        _ when TemplateValue.TryInteger(value, out _) => Kind.Integer,
        _ when TemplateValue.AsText(value) is not null => Kind.Text,
        _ => Kind.Other,
    };

    static bool AreEqual(object? left, object? right)
    {
        var (a, b) = (KindOf(left), KindOf(right));
        if (a == Kind.Nil || b == Kind.Nil) return a == b;
        if (a != b)
        {
            if (IsIntegerPair(a, b)) return IntegerOrder(left!, right!) == 0;
            throw Incompatible(left, right);
        }
        return a switch
        {
            Kind.Other when left is TemplateTime time && right is TemplateTime other => time.Instant == other.Instant,
            Kind.Other when left is ITemplateMap or IReadOnlyList<object?> =>
                throw new TemplateFunctionException($"non-comparable type {GoFormat.Value(left)}: {TemplateValue.TypeName(left)}"),
            Kind.Text => TemplateValue.AsText(left) == TemplateValue.AsText(right),
            Kind.Integer => IntegerOrder(left!, right!) == 0,
            Kind.Float => (double)left! == (double)right!,
            _ => Equals(left, right),
        };
    }

    static int Compare(TemplateCall call)
    {
        object? left = call[0], right = call[1];
        var (a, b) = (KindOf(left), KindOf(right));
        if (a != b)
        {
            if (IsIntegerPair(a, b)) return IntegerOrder(left!, right!);
            throw a is Kind.Nil or Kind.Other || b is Kind.Nil or Kind.Other
                ? new TemplateFunctionException("invalid type for comparison")
                : Incompatible(left, right);
        }
        return a switch
        {
            Kind.Integer or Kind.Unsigned => IntegerOrder(left!, right!),
            Kind.Float => FloatOrder((double)left!, (double)right!),
            Kind.Text => Labels.CompareText(TemplateValue.AsText(left)!, TemplateValue.AsText(right)!),
            _ => throw new TemplateFunctionException("invalid type for comparison"),
        };
    }

    /// <summary>NaN counts as greater: Go makes gt of not-less-or-equal, and ge of not-less.</summary>
    static int FloatOrder(double left, double right) => left < right ? -1 : left == right ? 0 : 1;

    static bool IsIntegerPair(Kind a, Kind b) => a is Kind.Integer or Kind.Unsigned && b is Kind.Integer or Kind.Unsigned;

    static int IntegerOrder(object left, object right) => Wide(left).CompareTo(Wide(right));

    static Int128 Wide(object value) => value is ulong unsigned ? unsigned : TemplateValue.TryInteger(value, out long integer) ? integer : 0;

    static TemplateFunctionException Incompatible(object? left, object? right) =>
        new($"incompatible types for comparison: {TemplateValue.TypeName(left)} and {TemplateValue.TypeName(right)}");
}
