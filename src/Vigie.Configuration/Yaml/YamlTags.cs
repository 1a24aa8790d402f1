namespace Vigie.Configuration.Yaml;

/// <summary>Tags of the YAML type repository that matter here.</summary>
static class YamlTags
{
    public const string Null = "tag:yaml.org,2002:null";
    public const string Text = "tag:yaml.org,2002:str";
    public const string Binary = "tag:yaml.org,2002:binary";
}
