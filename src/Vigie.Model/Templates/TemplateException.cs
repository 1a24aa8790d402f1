namespace Vigie.Model;

/// <summary>
/// A template that cannot be parsed or executed. The message has Go's form:
/// <c>template: NAME:LINE:COLUMN: executing "NAME" at &lt;NODE&gt;: reason</c>.
/// </summary>
public sealed class TemplateException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A template function refuses its arguments; the executor adds where. Thrown by the bodies of functions and methods only.</summary>
public sealed class TemplateFunctionException(string message, Exception? inner = null) : Exception(message, inner);
