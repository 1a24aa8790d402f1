using System.Text;

namespace Vigie.Model;

/// <summary>Where an execution writes. <see cref="object.ToString"/> gives what was written.</summary>
interface ITemplateWriter
{
    /// <summary>Writes text that stands in the template.</summary>
    void WriteText(string text);

    /// <summary>Writes the value of an action.</summary>
    void WriteValue(object? value);
}

/// <summary>Writes values as they are.</summary>
sealed class TextTemplateWriter(TemplateRun run) : ITemplateWriter
{
    readonly StringBuilder _output = new();

    public void WriteText(string text)
    {
        TemplateLimits.CountOutput(run, text.Length);
        _output.Append(text);
    }

    public void WriteValue(object? value) => WriteText(TemplateValue.Print(value));

    public override string ToString() => _output.ToString();
}

static class TemplateLimits
{
    public static void CountOutput(TemplateRun run, int chars)
    {
        run.OutputChars += chars;
        if (run.OutputChars > run.OutputCharsMax)
            throw new TemplateFunctionException($"output is longer than {run.OutputCharsMax} characters");
    }
}
