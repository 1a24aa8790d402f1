using System.Text.Json;
using Vigie.PromQL;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>The tree of a traced query: <c>{"duration_msec":1.5,"message":"rate(x[5m])","series":3,"samples":60,"bytes":0,"children":[…]}</c>.</summary>
static class TraceJson
{
    public static void Write(Utf8JsonWriter json, QueryTrace trace)
    {
        if (trace.Root is { } root) Write(json, trace, root);
        else json.WriteNullValue();
    }

    static void Write(Utf8JsonWriter json, QueryTrace trace, QueryTraceStep step)
    {
        json.WriteStartObject();
        json.WriteNumber("duration_msec"u8, Math.Round(trace.Elapsed(step).TotalMilliseconds, 3));
        json.WriteString("message"u8, step.Text);
        json.WriteNumber("series"u8, step.Series);
        json.WriteNumber("samples"u8, step.Samples);
        json.WriteNumber("bytes"u8, step.Bytes);
        if (step.Below.Count > 0)
        {
            json.WriteStartArray("children"u8);
            foreach (var below in step.Below) Write(json, trace, below);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
