using System.Globalization;
using Vigie.Model;

namespace Vigie.Conformance.Tests.Values;

/// <summary>values/*.json: durations, numbers, timestamps, names and label sets as Prometheus reads and prints them.</summary>
public sealed class ValuesConformanceTests
{
    [Fact]
    public void Durations() => VectorFile.Check("values/durations.json", test =>
    {
        string text = test["in"]!.ToString();
        bool ok = GoDuration.TryParseMs(text, out long ms, out string? problem);
        if (test["msWhenNegativeAllowed"] is { } signed
            && !(GoDuration.TryParseSignedMs(text, out long signedMs, out _) && signedMs == (long)signed)) return "refused with its sign";
        if (test["error"] is { } error) return ok ? "accepted" : problem == error.ToString() ? null : $"found {problem}, expected {error}";
        if (!ok) return $"refused: {problem}";
        if (ms != (long)test["ms"]!) return $"found {ms}, expected {test["ms"]}";
        return GoDuration.Format(ms) == test["string"]!.ToString() ? null : $"found {GoDuration.Format(ms)}, expected {test["string"]}";
    });

    [Fact]
    public void Floats() => VectorFile.Check("values/floats.json", test =>
    {
        if (!GoNumber.TryParse(test["in"]!.ToString(), out double value)) return "not read";
        ulong bits = ulong.Parse(test["bits"]!.ToString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (BitConverter.DoubleToUInt64Bits(value) != bits) return $"read as {BitConverter.DoubleToUInt64Bits(value):x}";
        byte[] utf8 = new byte[GoNumber.SampleBytesMax];
        string bytes = System.Text.Encoding.UTF8.GetString(utf8, 0, GoNumber.FormatSample(value, utf8));
        if (bytes != GoNumber.FormatSample(value)) return $"as UTF-8: found {bytes}, expected {GoNumber.FormatSample(value)}";
        return Differs("apiJson", '"' + GoNumber.FormatSample(value) + '"') ?? Differs("labelValue", GoNumber.FormatBound(value))
            ?? Differs("countValues", GoNumber.FormatFixed(value)) ?? Differs("promqlString", GoNumber.FormatFixed(value));

        string? Differs(string form, string found) => test[form] is not { } wanted || wanted.ToString() == found
            ? null
            : $"{form}: found {found}, expected {wanted}";
    });

    [Fact]
    public void Timestamps() => VectorFile.Check("values/timestamps.json", test =>
    {
        string found = GoNumber.FormatTimestamp(long.Parse(test["ms"]!.ToString(), CultureInfo.InvariantCulture));
        return found == test["apiJson"]!.ToString() ? null : $"found {found}";
    });

    [Fact]
    public void Names() => VectorFile.Check("values/names.json", test =>
    {
        string name = test["in"]!.ToString();
        if (Labels.IsLegacyName(name) != (bool)test["legacyLabelName"]!) return $"legacy label name: found {Labels.IsLegacyName(name)}";
        return Labels.IsLegacyMetricName(name) != (bool)test["legacyMetricName"]!
            ? $"legacy metric name: found {Labels.IsLegacyMetricName(name)}"
            : null;
    });

    [Fact]
    public void LabelSets() => VectorFile.Check("values/labels.json", test =>
    {
        var given = test["labels"]!.AsObject().Select(p => KeyValuePair.Create(p.Key, p.Value!.ToString())).ToList();
        var labels = Labels.From(given);
        // An empty value is the same as an absent label, so it is not printed.
        if (given.Exists(p => p.Value.Length == 0)) return null;
        if (labels.ToString() != test["string"]!.ToString()) return $"found {labels}, expected {test["string"]}";
        string hash = labels.Count == 0 ? "cbf29ce484222325" : labels.StableHash.ToString("x16", CultureInfo.InvariantCulture);
        return hash == test["fingerprint"]!.ToString() ? null : $"found {hash}, expected {test["fingerprint"]}";
    });
}
