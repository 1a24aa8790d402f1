using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>What evaluates the calls of one or several functions. Stateless.</summary>
abstract class PromFunction
{
    /// <summary>The value of a call over all steps.</summary>
    public abstract Operand Evaluate(FunctionCall call);
}

/// <summary>A call under evaluation: its arguments, each evaluated when asked for.</summary>
readonly record struct FunctionCall(Evaluator Evaluator, Call Node, StepGrid Grid)
{
    public int ArgumentCount => Node.Arguments.Length;

    public Expression Argument(int index) => Node.Arguments[index];

    public VectorRows Vector(int index) => Evaluator.EvaluateVector(Argument(index), Grid);

    /// <summary>One value per step.</summary>
    public double[] Scalar(int index) => Evaluator.EvaluateScalar(Argument(index), Grid);

    public RangeRows Range(int index) => Evaluator.EvaluateRange(Argument(index), Grid);

    public string Text(int index) => ((StringLiteral)ExpressionTree.Unwrap(Argument(index))).Value;

    public SourceSpan SpanOf(int index) => Argument(index).Span;

    /// <summary>The rows of a function that has dropped names.</summary>
    public VectorRows DropNames(VectorRows rows, bool merge = true) => Evaluator.DropNames(rows, Grid.Count, merge);
}
