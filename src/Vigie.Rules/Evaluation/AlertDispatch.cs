using System.Globalization;
using System.Text;
using Vigie.Model;

namespace Vigie.Rules;

/// <summary>Makes of alerts what Alertmanager takes: external labels, relabelling, the link to the expression.</summary>
static class AlertDispatch
{
    /// <param name="expression">Of the rule, in canonical form.</param>
    public static List<Alert> Prepare(List<SentAlert> alerts, string expression, RuleSettings settings)
    {
        string link = settings.ExternalUrl + LinkTo(expression);
        var prepared = new List<Alert>(alerts.Count);
        var builder = new LabelsBuilder();
        foreach (var sent in alerts)
        {
            builder.Reset(sent.Alert.Labels);
            foreach (ref readonly var label in settings.ExternalLabels.Pairs)
                if (builder[label.Name].Length == 0) builder.Set(label.Name, label.Value);
            if (!Relabeller.Apply(builder, settings.AlertRelabelling)) continue;
            var labels = builder.Build();
            if (labels.Count == 0) continue;
            prepared.Add(new Alert(labels, sent.Alert.Annotations, DateTimeOffset.FromUnixTimeMilliseconds(sent.StartsAtMs),
                DateTimeOffset.FromUnixTimeMilliseconds(sent.EndsAtMs), link));
        }
        return prepared;
    }

    /// <summary>The page that shows the expression as a table, as Prometheus writes it.</summary>
    internal static string LinkTo(string expression) => $"/graph?g0.expr={QueryEscape(expression)}&g0.tab=1";

    /// <summary>Go's url.QueryEscape: a space becomes a plus sign, all but letters, digits and <c>-_.~</c> is escaped.</summary>
    static string QueryEscape(string text)
    {
        var output = new StringBuilder(text.Length + 16);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~') output.Append((char)b);
            else if (b == ' ') output.Append('+');
            else output.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }
        return output.ToString();
    }
}
