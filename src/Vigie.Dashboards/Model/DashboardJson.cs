using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Vigie.Dashboards;

/// <summary>How the model is written: Grafana's member names, nothing for what is not set.</summary>
/// <remarks>
/// Members that are not ours (<c>Extra</c>) hold <see cref="JsonNode"/>s. They cannot be set by <c>init</c>: generated code would take them for
/// parameters of the constructor.
/// </remarks>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 128)]
[JsonSerializable(typeof(Dashboard), TypeInfoPropertyName = "DashboardType")]
[JsonSerializable(typeof(JsonNode))]
public sealed partial class DashboardJson : JsonSerializerContext
{
    public static JsonTypeInfo<Dashboard> Format => Default.DashboardType;
}
