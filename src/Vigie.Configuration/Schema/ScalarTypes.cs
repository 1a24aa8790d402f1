using System.Globalization;
using Vigie.Configuration.Yaml;
using Vigie.Model;

namespace Vigie.Configuration.Schema;

/// <summary>A value written as one scalar.</summary>
abstract class ScalarType : FieldType
{
    protected abstract string Expected { get; }

    public sealed override object? Read(ConfigNode node, SectionReader reader, string path)
    {
        if (node.Kind != ConfigNodeKind.Scalar)
        {
            reader.Error(node, path, $"found {YamlReader.Describe(node)}, expected {Expected}");
            return Zero;
        }
        if (Parse(node, reader, out string? problem) is { } value) return value;
        string found = IsSecret ? "a value that cannot be used" : YamlReader.Describe(node);
        reader.Error(node, path, $"found {found}, expected {Expected}" + (problem is null ? "" : $": {problem}"));
        return Zero;
    }

    protected virtual bool IsSecret => false;

    protected abstract object? Parse(ConfigNode node, SectionReader reader, out string? problem);
}

sealed class TextType : ScalarType
{
    readonly Func<string, string?>? _check;
    readonly bool _isPath;

    TextType(string expected, Func<string, string?>? check = null, bool isPath = false)
    {
        Expected = expected;
        _check = check;
        _isPath = isPath;
    }

    public static TextType Plain { get; } = new("text");
    public static TextType Path { get; } = new("a path", isPath: true);
    public static TextType Url { get; } = new("an http or https URL", UrlText.ProblemOf);
    public static TextType HostPort { get; } = new("host:port", UrlText.ProblemOfHostPort);

    protected override string Expected { get; }
    public override object Zero => "";

    protected override object? Parse(ConfigNode node, SectionReader reader, out string? problem)
    {
        problem = _check?.Invoke(node.Text);
        return problem is not null ? null : _isPath ? reader.Resolve(node.Text) : node.Text;
    }

    public override void Write(YamlWriter writer, object value) => writer.Text((string)value);
}

sealed class ChoiceType(string[] choices) : ScalarType
{
    protected override string Expected { get; } = "one of " + string.Join(", ", choices.Where(static c => c.Length > 0));
    public override object Zero => "";

    protected override object? Parse(ConfigNode node, SectionReader reader, out string? problem)
    {
        problem = null;
        return choices.Contains(node.Text) ? node.Text : null;
    }

    public override void Write(YamlWriter writer, object value) => writer.Text((string)value);
}

sealed class SecretType : ScalarType
{
    readonly Func<string, string?>? _check;

    SecretType(string expected, Func<string, string?>? check = null)
    {
        Expected = expected;
        _check = check;
    }

    public static SecretType Plain { get; } = new("text");
    public static SecretType Url { get; } = new("an http or https URL", UrlText.ProblemOf);
    public static SecretType TemplateUrl { get; } =
        new("an http or https URL, or a template", static text =>
            text.Contains("{{", StringComparison.Ordinal) ? null : UrlText.ProblemOf(text));

    protected override string Expected { get; }
    protected override bool IsSecret => true;

    public override bool IsZero(object? value) => value is null or Secret { IsEmpty: true };

    protected override object? Parse(ConfigNode node, SectionReader reader, out string? problem)
    {
        problem = node.Text == Secret.Mask ? null : _check?.Invoke(node.Text);
        return problem is null ? new Secret(node.Text) : null;
    }

    public override void Write(YamlWriter writer, object value) => writer.Text(Secret.Mask);
}

sealed class BoolType(bool isOptional) : ScalarType
{
    public static BoolType Plain { get; } = new(false);
    public static BoolType Optional { get; } = new(true);

    protected override string Expected => "true or false";
    public override object? Zero => isOptional ? null : false;

    protected override object? Parse(ConfigNode node, SectionReader reader, out string? problem)
    {
        problem = null;
        return !node.IsQuoted && PlainScalar.TryReadBool(node.Text, out bool value) ? value : null;
    }

    public override void Write(YamlWriter writer, object value) => writer.Scalar((bool)value ? "true" : "false");
}

sealed class IntegerType(long min, long max) : ScalarType
{
    public static IntegerType Count { get; } = new(0, long.MaxValue);

    protected override string Expected { get; } = (min, max) switch
    {
        (long.MinValue, long.MaxValue) => "a whole number",
        (_, long.MaxValue) => $"a whole number from {min} up",
        _ => $"a whole number from {min} to {max}",
    };

    public override object Zero => 0L;

    protected override object? Parse(ConfigNode node, SectionReader reader, out string? problem)
    {
        problem = null;
        if (node.IsQuoted) return null;
        if (PlainScalar.TryReadInteger(node.Text, out var value)) return value >= min && value <= max ? (long)value : null;
        bool isWhole = PlainScalar.TryReadNumber(node.Text, out double number) && Math.Floor(number) == number && Math.Abs(number) < 9e15;
        return isWhole && number >= min && number <= max ? (long)number : null;
    }

    public override void Write(YamlWriter writer, object value) => writer.Scalar(((long)value).ToString(CultureInfo.InvariantCulture));
}

sealed class NumberType : ScalarType
{
    public static NumberType Instance { get; } = new();

    protected override string Expected => "a number";
    public override object Zero => 0.0;

    protected override object? Parse(ConfigNode node, SectionReader reader, out string? problem)
    {
        problem = null;
        return !node.IsQuoted && PlainScalar.TryReadNumber(node.Text, out double value) ? value : null;
    }

    public override void Write(YamlWriter writer, object value) =>
        writer.Scalar(((double)value).ToString("R", CultureInfo.InvariantCulture));
}

sealed class SizeType : ScalarType
{
    public static SizeType Instance { get; } = new();

    protected override string Expected => "a size such as 10MB";
    public override object Zero => 0L;

    protected override object? Parse(ConfigNode node, SectionReader reader, out string? problem) =>
        ByteSize.TryParse(node.Text, out long bytes, out problem) ? bytes : null;

    public override void Write(YamlWriter writer, object value) => writer.Text(ByteSize.Format((long)value));
}

sealed class DurationType(bool isGo, bool isOptional) : ScalarType
{
    public static DurationType Prometheus { get; } = new(false, false);
    public static DurationType OptionalPrometheus { get; } = new(false, true);
    public static DurationType Go { get; } = new(true, false);

    protected override string Expected => "a duration such as 30s or 1h30m";
    public override object? Zero => isOptional ? null : TimeSpan.Zero;

    protected override object? Parse(ConfigNode node, SectionReader reader, out string? problem)
    {
        if (isGo) return GoTime.TryParse(node.Text, out var span, out problem) ? span : null;
        return GoDuration.TryParseMs(node.Text, out long ms, out problem) ? TimeSpan.FromMilliseconds(ms) : null;
    }

    public override void Write(YamlWriter writer, object value) =>
        writer.Text(isGo ? GoDuration.FormatGo((TimeSpan)value) : GoDuration.Format((TimeSpan)value));
}
