using System.Text.Json;
using Vigie.Configuration.Yaml;

namespace Vigie.Alerting;

/// <summary>A webhook body of the user's own: the YAML value of <c>payload</c> as JSON, its texts being templates.</summary>
static class WebhookPayload
{
    public static byte[] Write(ConfigNode payload, NotificationMessage message)
    {
        // A text alone is a template for the whole body.
        if (payload.Kind == ConfigNodeKind.Scalar)
            return System.Text.Encoding.UTF8.GetBytes(message.Text("payload", payload.Text, "{{ toJson . }}"));
        return JsonBody.Write(json =>
        {
            foreach (var entry in payload.Entries)
            {
                json.WritePropertyName(message.Text("payload", entry.Key.Text, entry.Key.Text));
                WriteValue(json, entry.Value, message);
            }
        });
    }

    static void WriteValue(Utf8JsonWriter json, ConfigNode node, NotificationMessage message)
    {
        switch (node.Kind)
        {
            case ConfigNodeKind.Null: json.WriteNullValue(); break;
            case ConfigNodeKind.Map:
                json.WriteStartObject();
                foreach (var entry in node.Entries)
                {
                    json.WritePropertyName(message.Text("payload", entry.Key.Text, entry.Key.Text));
                    WriteValue(json, entry.Value, message);
                }
                json.WriteEndObject();
                break;
            case ConfigNodeKind.List:
                json.WriteStartArray();
                foreach (var item in node.Items) WriteValue(json, item, message);
                json.WriteEndArray();
                break;
            default: WriteScalar(json, node, message); break;
        }
    }

    static void WriteScalar(Utf8JsonWriter json, ConfigNode node, NotificationMessage message)
    {
        if (!node.IsQuoted && bool.TryParse(node.Text, out bool truth)) json.WriteBooleanValue(truth);
        else if (!node.IsQuoted && Model.GoNumber.TryParse(node.Text, out double number) && double.IsFinite(number)) json.WriteNumberValue(number);
        else json.WriteStringValue(message.Text("payload", node.Text, "{{ template \"__message\" . }}"));
    }
}
