using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Vigie.Dashboards;

/// <summary>How the model is written: Grafana's member names, nothing for what is not set.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 128)]
[JsonSerializable(typeof(Dashboard), TypeInfoPropertyName = "DashboardType")]
public sealed partial class DashboardJson : JsonSerializerContext
{
    public static JsonTypeInfo<Dashboard> Format => Default.DashboardType;
}
