using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vigie.Model;
using Vigie.Server.Http;
using Vigie.Testing;

namespace Vigie.Server.Tests.Http;

public class LabelsJsonTests
{
    static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(10)];

    [Fact]
    public void Write_RepeatedAndOddPairs_WritesEachSet()
    {
        var plain = Labels.Of(("__name__", "up"), ("instance", "a:9100"), ("job", "node"));
        Check(plain, plain, plain.With("instance", "b:9100"), Labels.Empty, plain.With("job", "a \"b\" \\ c"), plain, plain.With("job", "é\u007f\n<&>"),
            plain.With("a", "first"), plain.With("z", "last"), plain, plain.Without("instance"));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Write_RandomSets_WritesWhatTheWriterWouldAlone(ulong seed)
    {
        var random = new SeededRandom(seed);
        string[] names = ["a", "b", "instance", "job", "with space", "ünïcode"], values = ["", "x", "long value, \t and more of it", "☃", "1", "a\"b"];
        Check([.. Enumerable.Range(0, 200).Select(_ =>
            Labels.Of([.. Enumerable.Range(0, random.Next(5)).Select(_ => new Label(random.Pick(names), random.Pick(values)))]))]);
    }

    static void Check(params Labels[] sets)
    {
        using var labels = new LabelsJson();
        Assert.Equal(
            Json((json, set) => JsonApi.WriteLabels(json, set), sets),
            Json(labels.Write, sets));
    }

    static string Json(Action<Utf8JsonWriter, Labels> write, Labels[] sets)
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(output, s_options);
        json.WriteStartArray();
        foreach (var set in sets) write(json, set);
        json.WriteEndArray();
        json.Flush();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
