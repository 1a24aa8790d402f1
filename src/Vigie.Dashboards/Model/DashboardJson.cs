using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vigie.Dashboards;

/// <summary>How the model is written: Grafana's member names, nothing for what is not set.</summary>
public static class DashboardJson
{
    public static JsonSerializerOptions Format { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 128,
    };
}
