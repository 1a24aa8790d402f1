namespace Vigie.PromQL;

/// <summary>How tightly binary operators bind. All associate to the left but <c>^</c>; signs bind like <c>*</c>.</summary>
static class Precedence
{
    public const int Lowest = 0;
    public const int Power = 5;

    public static int Of(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Or => 0,
        BinaryOperator.And or BinaryOperator.Unless => 1,
        BinaryOperator.Add or BinaryOperator.Subtract => 3,
        BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Modulo or BinaryOperator.Atan2 => 4,
        BinaryOperator.Power => Power,
        _ => 2,
    };
}
