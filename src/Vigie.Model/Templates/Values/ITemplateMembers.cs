namespace Vigie.Model;

/// <summary>
/// A value with fields and methods. It may be a list or map as well. A method <c>String</c> without arguments is how it prints.
/// </summary>
public interface ITemplateMembers
{
    /// <summary>The Go type that errors name, such as <c>*template.Data</c>.</summary>
    string TypeName { get; }

    /// <summary>Reads a field or calls a method.</summary>
    /// <param name="arguments">Empty for a field.</param>
    /// <returns>False if there is no such member.</returns>
    /// <exception cref="TemplateFunctionException">The member exists and refuses the arguments.</exception>
    bool TryGetMember(string name, object?[] arguments, out object? value);

    /// <summary>The member is a method with arguments.</summary>
    bool TakesArguments(string name) => false;

    /// <summary>The fields in order, as %v and JSON show them; empty for a value that prints through <c>String</c>.</summary>
    IReadOnlyList<TemplateMember> Fields => [];
}

/// <param name="JsonName">The key in JSON.</param>
public readonly record struct TemplateMember(string JsonName, object? Value);
