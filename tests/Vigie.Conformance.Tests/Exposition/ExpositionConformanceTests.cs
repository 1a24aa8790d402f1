using System.Text;
using System.Text.Json.Nodes;
using Vigie.Protocols.Exposition;
using Vigie.Testing;

namespace Vigie.Conformance.Tests.Exposition;

/// <summary>exposition/*.json: documents and the entries, or the error, that Prometheus reads from them.</summary>
public sealed class ExpositionConformanceTests
{
    [Theory]
    [InlineData("text.json", ExpositionFormat.Text)]
    [InlineData("openmetrics.json", ExpositionFormat.OpenMetrics)]
    public void Documents(string file, ExpositionFormat format) => Check(file, test =>
    {
        byte[] page = PageOf(test);
        // The reference takes _created lines as start timestamps in the vectors that show any.
        bool starts = test["entries"]?.AsArray().Any(entry => entry!["start"] is not null) ?? false;
        bool typeAndUnit = (bool?)test["options"]?["typeAndUnitLabels"] ?? false;
        bool? keepClassic = (bool?)test["options"]?["convertClassicHistograms"] is true ? (bool?)test["options"]!["keepClassic"] ?? false
            : null;
        return Compare(test, () => ExpositionEntries.Read(page, format, new ExpositionOptions(typeAndUnit, starts), keepClassic));
    });

    [Fact]
    public void Protobuf() => Check("protobuf.json", test => Compare(test, () => ExpositionEntries.ReadProtobuf(PageOf(test))));

    static byte[] PageOf(JsonNode test) => test["inputBase64"] is { } encoded
        ? Convert.FromBase64String(encoded.ToString())
        : Encoding.UTF8.GetBytes(test["input"]!.ToString());

    [Fact]
    public void ContentTypes() => Check("content_types.json", test =>
    {
        string? problem = ScrapeProtocols.Choose(test["contentType"]!.ToString(), null, out var format);
        string expected = test["error"]?.ToString() ?? test["format"]!.ToString();
        string found = problem ?? format.ToString().ToLowerInvariant();
        return expected == found ? null : $"found {found}, expected {expected}";
    });

    [Fact]
    public void AllTypes()
    {
        if (!ConformanceData.IsPresent) return;
        var expected = JsonNode.Parse(File.ReadAllText(ConformanceData.PathOf("exposition", "alltypes.237mfs.expected.json")))!;
        byte[] page = File.ReadAllBytes(ConformanceData.PathOf("exposition", "alltypes.237mfs.prom.txt"));
        var entries = ExpositionEntries.Read(page, ExpositionFormat.Text, default);
        Assert.Equal((int)expected["total"]!, entries.Count);
        foreach (var test in expected["cases"]!.AsArray()) Assert.Equal(ExpositionEntries.Expected(test![1]!), entries[(int)test[0]!]);
    }

    static string? Compare(JsonNode test, Func<List<string>> read)
    {
        try
        {
            var entries = read();
            if (test["error"] is { } error) return $"accepted, expected {error}";
            var expected = test["entries"]!.AsArray().Select(entry => ExpositionEntries.Expected(entry!)).ToList();
            for (int i = 0; i < Math.Max(entries.Count, expected.Count); i++)
            {
                string found = i < entries.Count ? entries[i] : "nothing", wanted = i < expected.Count ? expected[i] : "nothing";
                if (found != wanted) return $"entry {i}: found {found}, expected {wanted}";
            }
            return null;
        }
        catch (ExpositionException problem)
        {
            string? expected = test["error"]?.ToString();
            return expected == problem.Message ? null : $"found {problem.Message}, expected {expected ?? "entries"}";
        }
    }

    static void Check(string file, Func<JsonNode, string?> run) => VectorFile.Check("exposition/" + file, run);
}
