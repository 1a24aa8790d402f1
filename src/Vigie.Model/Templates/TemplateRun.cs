namespace Vigie.Model;

/// <summary>What one execution of a template may see and use. Reusable, not shared between threads at the same time.</summary>
public sealed class TemplateRun
{
    /// <summary>The time that <c>now</c>, <c>since</c> and the like count from.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>What the functions of a set need, such as <see cref="PrometheusTemplateContext"/>.</summary>
    public object? Context { get; init; }

    /// <summary>Longest text one execution may produce, in characters. Default 1 Mi.</summary>
    public int OutputCharsMax { get; init; } = 1 << 20;

    /// <summary>Deepest nesting of templates that call templates. Default 100.</summary>
    public int DepthMax { get; init; } = 100;

    /// <summary>Most nodes one execution may visit, loops included. Default 1,000,000.</summary>
    public int StepsMax { get; init; } = 1_000_000;

    public CancellationToken Cancellation { get; init; }

    /// <summary>The set the running template belongs to; functions that execute other templates (<c>tmpl</c>) use it.</summary>
    internal TemplateSet? Set { get; set; }
    internal int Depth { get; set; }
    internal int Steps { get; set; }
    internal int OutputChars { get; set; }
}
