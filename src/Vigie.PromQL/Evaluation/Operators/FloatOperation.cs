namespace Vigie.PromQL;

/// <summary>A binary operator on floats. Static, so that loops over it are compiled once per operator.</summary>
interface IFloatOperation
{
    static abstract double Apply(double left, double right);
}

/// <summary>A comparison of floats.</summary>
interface IFloatComparison
{
    static abstract bool Holds(double left, double right);
}

static class FloatOperations
{
    public readonly struct Add : IFloatOperation
    {
        public static double Apply(double left, double right) => left + right;
    }

    public readonly struct Subtract : IFloatOperation
    {
        public static double Apply(double left, double right) => left - right;
    }

    public readonly struct Multiply : IFloatOperation
    {
        public static double Apply(double left, double right) => left * right;
    }

    public readonly struct Divide : IFloatOperation
    {
        public static double Apply(double left, double right) => left / right;
    }

    public readonly struct Modulo : IFloatOperation
    {
        public static double Apply(double left, double right) => left % right;
    }

    public readonly struct Power : IFloatOperation
    {
        public static double Apply(double left, double right) => Pow(left, right);
    }

    public readonly struct Atan2 : IFloatOperation
    {
        public static double Apply(double left, double right) => Math.Atan2(left, right);
    }

    public readonly struct Equal : IFloatComparison
    {
        public static bool Holds(double left, double right) => left == right;
    }

    public readonly struct NotEqual : IFloatComparison
    {
        public static bool Holds(double left, double right) => left != right;
    }

    public readonly struct Less : IFloatComparison
    {
        public static bool Holds(double left, double right) => left < right;
    }

    public readonly struct LessOrEqual : IFloatComparison
    {
        public static bool Holds(double left, double right) => left <= right;
    }

    public readonly struct Greater : IFloatComparison
    {
        public static bool Holds(double left, double right) => left > right;
    }

    public readonly struct GreaterOrEqual : IFloatComparison
    {
        public static bool Holds(double left, double right) => left >= right;
    }

    /// <summary>True for <c>+ - * / % ^ atan2</c>, which drop the metric name.</summary>
    public static bool IsArithmetic(BinaryOperator operation) => operation <= BinaryOperator.Atan2;

    /// <summary>C's pow, as Go has it: 1 to any power, even NaN, is 1.</summary>
    static double Pow(double left, double right) => left == 1 || right == 0 ? 1 : Math.Pow(left, right);

    public static double Apply(BinaryOperator operation, double left, double right) => operation switch
    {
        BinaryOperator.Add => left + right,
        BinaryOperator.Subtract => left - right,
        BinaryOperator.Multiply => left * right,
        BinaryOperator.Divide => left / right,
        BinaryOperator.Modulo => left % right,
        BinaryOperator.Power => Pow(left, right),
        BinaryOperator.Atan2 => Math.Atan2(left, right),
        _ => throw new InvalidOperationException($"BUG: {operation} is not arithmetic"),
    };

    public static bool Holds(BinaryOperator operation, double left, double right) => operation switch
    {
        BinaryOperator.Equal => left == right,
        BinaryOperator.NotEqual => left != right,
        BinaryOperator.Less => left < right,
        BinaryOperator.LessOrEqual => left <= right,
        BinaryOperator.Greater => left > right,
        BinaryOperator.GreaterOrEqual => left >= right,
        _ => throw new InvalidOperationException($"BUG: {operation} is not a comparison"),
    };
}

/// <summary>Binary operators over whole rows of floats. A cell is absent in the result if it is in either operand.</summary>
static class FloatRows
{
    /// <param name="left">Also takes the result.</param>
    public static void Apply(BinaryOperator operation, Span<double> left, ReadOnlySpan<double> right)
    {
        switch (operation)
        {
            case BinaryOperator.Add: Apply<FloatOperations.Add>(left, right); break;
            case BinaryOperator.Subtract: Apply<FloatOperations.Subtract>(left, right); break;
            case BinaryOperator.Multiply: Apply<FloatOperations.Multiply>(left, right); break;
            case BinaryOperator.Divide: Apply<FloatOperations.Divide>(left, right); break;
            case BinaryOperator.Modulo: Apply<FloatOperations.Modulo>(left, right); break;
            case BinaryOperator.Power: Apply<FloatOperations.Power>(left, right); break;
            default: Apply<FloatOperations.Atan2>(left, right); break;
        }
    }

    static void Apply<T>(Span<double> left, ReadOnlySpan<double> right) where T : struct, IFloatOperation
    {
        for (int i = 0; i < left.Length; i++)
            left[i] = Cell.IsAbsent(left[i]) || Cell.IsAbsent(right[i]) ? Cell.Absent : T.Apply(left[i], right[i]);
    }

    /// <summary>Like <see cref="Apply(BinaryOperator, Span{double}, ReadOnlySpan{double})"/>, the result in the right operand.</summary>
    public static void ApplyToRight(BinaryOperator operation, ReadOnlySpan<double> left, Span<double> right)
    {
        for (int i = 0; i < left.Length; i++)
            right[i] = Cell.IsAbsent(left[i]) || Cell.IsAbsent(right[i]) ? Cell.Absent : FloatOperations.Apply(operation, left[i], right[i]);
    }

    /// <summary>Compares cell by cell.</summary>
    /// <param name="cells">The operand whose values stay where the comparison holds (or 1 and 0, for <c>bool</c>).</param>
    /// <param name="cellsAreLeft">Which side of the operator <paramref name="cells"/> stand on.</param>
    public static void Compare(BinaryOperator operation, Span<double> cells, ReadOnlySpan<double> others, bool cellsAreLeft, bool returnBool)
    {
        switch (cellsAreLeft ? operation : Mirrored(operation))
        {
            case BinaryOperator.Equal: Compare<FloatOperations.Equal>(cells, others, returnBool); break;
            case BinaryOperator.NotEqual: Compare<FloatOperations.NotEqual>(cells, others, returnBool); break;
            case BinaryOperator.Less: Compare<FloatOperations.Less>(cells, others, returnBool); break;
            case BinaryOperator.LessOrEqual: Compare<FloatOperations.LessOrEqual>(cells, others, returnBool); break;
            case BinaryOperator.Greater: Compare<FloatOperations.Greater>(cells, others, returnBool); break;
            default: Compare<FloatOperations.GreaterOrEqual>(cells, others, returnBool); break;
        }
    }

    static void Compare<T>(Span<double> cells, ReadOnlySpan<double> others, bool returnBool) where T : struct, IFloatComparison
    {
        for (int i = 0; i < cells.Length; i++)
        {
            if (Cell.IsAbsent(cells[i])) continue;
            if (Cell.IsAbsent(others[i])) cells[i] = Cell.Absent;
            else if (returnBool) cells[i] = T.Holds(cells[i], others[i]) ? 1 : 0;
            else if (!T.Holds(cells[i], others[i])) cells[i] = Cell.Absent;
        }
    }

    static BinaryOperator Mirrored(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Less => BinaryOperator.Greater,
        BinaryOperator.LessOrEqual => BinaryOperator.GreaterOrEqual,
        BinaryOperator.Greater => BinaryOperator.Less,
        BinaryOperator.GreaterOrEqual => BinaryOperator.LessOrEqual,
        _ => operation,
    };
}
