namespace Vigie.Configuration.Schema;

/// <summary>Words for schema tables.</summary>
static class Fields
{
    public static Field Text(string key) => new(key, TextType.Plain);

    /// <summary>A path, joined with the folder of the file.</summary>
    public static Field PathTo(string key) => new(key, TextType.Path);

    /// <summary>An absolute http(s) URL.</summary>
    public static Field Url(string key) => new(key, TextType.Url);

    /// <summary>host:port.</summary>
    public static Field HostPort(string key) => new(key, TextType.HostPort);

    public static Field OneOf(string key, params string[] choices) => new(key, new ChoiceType(choices));
    public static Field SecretText(string key) => new(key, SecretType.Plain);
    public static Field SecretUrl(string key) => new(key, SecretType.Url);

    /// <summary>A URL that may hold a template.</summary>
    public static Field SecretTemplateUrl(string key) => new(key, SecretType.TemplateUrl);

    public static Field Bool(string key) => new(key, BoolType.Plain);

    /// <summary>true, false, or null when absent.</summary>
    public static Field OptionalBool(string key) => new(key, BoolType.Optional);

    public static Field Int(string key, long min = long.MinValue, long max = long.MaxValue) => new(key, new IntegerType(min, max));
    public static Field Count(string key) => new(key, IntegerType.Count);
    public static Field Number(string key) => new(key, NumberType.Instance);

    /// <summary>Bytes, with a unit of powers of 1024: 10MB, 512KiB.</summary>
    public static Field Size(string key) => new(key, SizeType.Instance);

    /// <summary>A duration as Prometheus writes it: 1h30m.</summary>
    public static Field Duration(string key) => new(key, DurationType.Prometheus);

    public static Field OptionalDuration(string key) => new(key, DurationType.OptionalPrometheus);

    /// <summary>A duration as Go writes it: 1m30s, 1.5s.</summary>
    public static Field GoSpan(string key) => new(key, DurationType.Go);

    public static Field Texts(string key) => new(key, TextListType.Plain);
    public static Field Paths(string key) => new(key, TextListType.Paths);
    public static Field Map(string key) => new(key, TextMapType.Instance);
    public static Field ListMap(string key) => new(key, TextListMapType.Instance);
    public static Field SecretMap(string key) => new(key, SecretListMapType.Instance);

    /// <summary>Anything, kept as it is written.</summary>
    public static Field Any(string key) => new(key, NodeType.Instance);

    /// <summary>A section that is always there, with its defaults if the key is absent.</summary>
    public static Field Sub(string key, SectionSchema schema) => new(key, new SectionType(schema, isOptional: false));

    /// <summary>A section, or null if the key is absent.</summary>
    public static Field OptionalSub(string key, SectionSchema schema) => new(key, new SectionType(schema, isOptional: true));

    /// <param name="emptyItem">What is said of an item with nothing in it; null: it counts as an empty map.</param>
    public static Field Subs(string key, SectionSchema schema, string? emptyItem = null) =>
        new(key, new SectionListType(schema, emptyItem));

    public static Field SubMap(string key, SectionSchema schema) => new(key, new SectionMapType(schema));
}
