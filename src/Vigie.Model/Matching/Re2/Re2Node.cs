namespace Vigie.Model;

/// <summary>A parsed RE2 expression.</summary>
abstract record Re2Node;

sealed record EmptyNode : Re2Node
{
    public static EmptyNode Instance { get; } = new();
}

/// <summary>A run of code points, to be matched as they are.</summary>
sealed record LiteralNode(string Text) : Re2Node;

/// <summary>One code point of a set.</summary>
sealed record ClassNode(RuneSet Set) : Re2Node;

sealed record ConcatNode(Re2Node[] Parts) : Re2Node;

sealed record AlternateNode(Re2Node[] Choices) : Re2Node;

/// <param name="Max">−1 for no bound.</param>
sealed record RepeatNode(Re2Node Part, int Min, int Max, bool Greedy) : Re2Node;

/// <param name="Index">Number of the group, from 1.</param>
sealed record CaptureNode(Re2Node Part, int Index) : Re2Node;

sealed record AssertionNode(Re2Assertion Kind) : Re2Node;

enum Re2Assertion
{
    TextBegin,
    TextEnd,
    LineBegin,
    LineEnd,
    WordBoundary,
    NoWordBoundary,
}
