namespace Vigie.Model;

/// <summary>Go's time.Duration.</summary>
public sealed record TemplateDuration(long Nanoseconds) : ITemplateMembers
{
    public const long NanosecondsPerSecond = 1_000_000_000;

    public static TemplateDuration From(TimeSpan span) => new(checked(span.Ticks * 100));

    public double Seconds => (double)Nanoseconds / NanosecondsPerSecond;

    public string TypeName => "time.Duration";

    public bool TakesArguments(string name) => name is "Round" or "Truncate";

    public bool TryGetMember(string name, object?[] arguments, out object? value)
    {
        value = name switch
        {
            "String" => ToString(),
            "Nanoseconds" => Nanoseconds,
            "Microseconds" => Nanoseconds / 1000,
            "Milliseconds" => Nanoseconds / 1_000_000,
            "Seconds" => Seconds,
            "Minutes" => Seconds / 60,
            "Hours" => Seconds / 3600,
            "Abs" => new TemplateDuration(Math.Abs(Nanoseconds)),
            "Round" => RoundTo(TemplateArguments.Nanoseconds(arguments, 0), half: true),
            "Truncate" => RoundTo(TemplateArguments.Nanoseconds(arguments, 0), half: false),
            _ => null,
        };
        return value is not null;
    }

    TemplateDuration RoundTo(long unit, bool half)
    {
        if (unit <= 0) return this;
        long rest = Math.Abs(Nanoseconds) % unit;
        long down = Math.Abs(Nanoseconds) - rest;
        long rounded = half && rest >= unit - rest ? down + unit : down;
        return new TemplateDuration(Nanoseconds < 0 ? -rounded : rounded);
    }

    public override string ToString() => GoFormat.Duration(Nanoseconds);
}
