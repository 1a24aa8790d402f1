using System.Text;
using Vigie.Model;

namespace Vigie.Protocols.Otlp;

/// <summary>
/// Names of metrics and labels made from OpenTelemetry's, as Prometheus 3 makes them (OpenTelemetry specification, Prometheus and
/// OpenMetrics
/// compatibility; the four translation strategies of prometheus.yml).
/// </summary>
sealed class OtlpNames(OtlpSettings settings)
{
    /// <exception cref="OtlpRefusal">Nothing is left of the name.</exception>
    public string MetricName(string name, string unit, OtlpKind kind)
    {
        string result = !settings.EscapeNames ? WithSuffixes(name, unit, kind)
            : settings.AddSuffixes ? Tokens(name, unit, kind)
            : DigitSafe(Escaped(name));
        if (result.Length == 0) throw new OtlpRefusal($"normalization for metric {GoText.Quote(name)} resulted in empty name");
        if (settings.EscapeNames && result != name && IsUnderscores(result))
            throw new OtlpRefusal($"normalization for metric {GoText.Quote(name)} resulted in invalid name {GoText.Quote(result)}");
        return result;
    }

    /// <exception cref="OtlpRefusal">The name is empty, or nothing but underscores.</exception>
    public string LabelName(string name)
    {
        if (name.Length == 0) throw new OtlpRefusal("label name is empty");
        if (!settings.EscapeNames)
            return IsUnderscores(name) ? throw new OtlpRefusal($"label name {GoText.Quote(name)} contains only underscores") : name;
        bool collapses = !settings.LabelNamePreserveMultipleUnderscores && name.Contains("__", StringComparison.Ordinal);
        string result = Labels.IsLegacyName(name) && !collapses ? name : EscapedLabel(name);
        if (result.Length > 0 && char.IsAsciiDigit(result[0])) result = "key_" + result;
        else if (settings.LabelNameUnderscoreSanitization && result.StartsWith('_') && !result.StartsWith("__", StringComparison.Ordinal))
            result = "key" + result;
        return IsUnderscores(result)
            ? throw new OtlpRefusal($"normalization for label name {GoText.Quote(name)} resulted in invalid name {GoText.Quote(result)}")
            : result;
    }

    /// <summary>The name's words, then unit and type as further words unless it has them already, joined by single underscores.</summary>
    static string Tokens(string name, string unit, OtlpKind kind)
    {
        var words = new List<string>();
        for (int at = 0; at < name.Length;)
        {
            int end = at;
            while (end < name.Length && OtlpUnits.IsNameCharacter(name[end])) end++;
            if (end > at) words.Add(name[at..end]);
            at = end + 1;
        }
        var (main, per) = OtlpUnits.Words(unit);
        (main, per) = (OtlpUnits.Clean(main), OtlpUnits.Clean(per));
        if (words.Contains(main)) main = "";
        per = per == "per_" ? "" : per.EndsWith('_') ? per[..^1] : per;
        if (words.Contains(per)) per = "";
        if (per.Length > 0 && main.EndsWith('_')) main = main[..^1];
        if (main.Length > 0) words.Add(main);
        if (per.Length > 0) words.Add(per);
        if (kind == OtlpKind.MonotonicSum) MoveToEnd(words, "total");
        if (kind == OtlpKind.Gauge && unit == "1") MoveToEnd(words, "ratio");
        return DigitSafe(string.Join('_', words));
    }

    static void MoveToEnd(List<string> words, string word)
    {
        words.RemoveAll(other => other == word);
        words.Add(word);
    }

    /// <summary>UTF-8 names keep their characters; a suffix that is there already is not repeated.</summary>
    string WithSuffixes(string name, string unit, OtlpKind kind)
    {
        if (!settings.AddSuffixes) return name;
        string last = kind == OtlpKind.MonotonicSum ? "total" : kind == OtlpKind.Gauge && unit == "1" ? "ratio" : "";
        var (main, per) = OtlpUnits.Words(unit);
        if (last.Length > 0) name = WithoutSuffix(name, last);
        if (per.Length > 0) name = WithoutSuffix(name, per);
        if (main.Length > 0 && !name.EndsWith(main, StringComparison.Ordinal)) name += "_" + main;
        if (per.Length > 0) name += "_" + per;
        return last.Length > 0 ? name + "_" + last : name;
    }

    /// <summary>Without the suffix and the character before it, whatever it is.</summary>
    static string WithoutSuffix(string name, string suffix) =>
        name.EndsWith(suffix, StringComparison.Ordinal) && name.Length > suffix.Length + 1 ? name[..^(suffix.Length + 1)] : name;

    /// <summary>Runs of characters a metric name cannot have become one underscore, and none at the ends.</summary>
    static string Escaped(string name)
    {
        var text = new StringBuilder(name.Length);
        bool gap = false;
        foreach (char c in name)
        {
            if (!OtlpUnits.IsNameCharacter(c) && c != '_')
            {
                gap = true;
                continue;
            }
            if (gap && text.Length > 0) text.Append('_');
            gap = false;
            text.Append(c);
        }
        return text.ToString();
    }

    string EscapedLabel(string name)
    {
        bool reserved = !settings.LabelNamePreserveMultipleUnderscores && name.Length > 4
            && name.StartsWith("__", StringComparison.Ordinal) && name.EndsWith("__", StringComparison.Ordinal);
        var text = new StringBuilder(name.Length + 4);
        foreach (char c in reserved ? name.AsSpan(2, name.Length - 4) : name)
        {
            if (char.IsAsciiLetterOrDigit(c)) text.Append(c);
            else if (!char.IsLowSurrogate(c)
                && (settings.LabelNamePreserveMultipleUnderscores || text.Length == 0 || text[^1] != '_')) text.Append('_');
        }
        return reserved ? $"__{text}__" : text.ToString();
    }

    static string DigitSafe(string name) => name.Length > 0 && char.IsAsciiDigit(name[0]) ? "_" + name : name;

    static bool IsUnderscores(string name) => name.AsSpan().IndexOfAnyExcept('_') < 0;
}

/// <summary>Data that has no form in the store; the message is for the sender. Ends the metric it concerns, not the request.</summary>
sealed class OtlpRefusal(string message) : Exception(message);

/// <summary>What a metric is, as far as names and types depend on it.</summary>
enum OtlpKind : byte { Gauge, Sum, MonotonicSum, Histogram, ExponentialHistogram, Summary }
