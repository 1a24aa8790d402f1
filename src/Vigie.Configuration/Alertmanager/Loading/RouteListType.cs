using Vigie.Configuration.Schema;
using Vigie.Configuration.Yaml;

namespace Vigie.Configuration.Alertmanager.Loading;

/// <summary>The children of a route: routes again.</summary>
sealed class RouteListType : FieldType
{
    SectionListType? _list;

    /// <summary>Set once, when the schema of routes is complete.</summary>
    public SectionSchema Schema
    {
        set => _list = new SectionListType(value, "found nothing, expected a route");
    }

    public override bool IsZero(object? value) => _list!.IsZero(value);
    public override object? Read(ConfigNode node, SectionReader reader, string path) => _list!.Read(node, reader, path);
    public override void Write(YamlWriter writer, object value) => _list!.Write(writer, value);
}
