using System.Buffers;
using System.Text.Json;
using Vigie.Model;
using Vigie.PromQL;
using Vigie.Server.Http;
using ValueType = Vigie.PromQL.ValueType;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>
/// Query results in the JSON of Prometheus' API (docs/querying/api.md, "Expression query result formats"): numbers as text inside arrays.
/// Values go from the columns to UTF-8 without a string between.
/// </summary>
static class QueryJson
{
    /// <summary>Longest text of a sample, with a comma: timestamp, value and what stands around them.</summary>
    const int SampleBytesMax = 32 + GoNumber.SampleBytesMax;

    public static string TypeText(ValueType type) => type switch
    {
        ValueType.Scalar => "scalar",
        ValueType.String => "string",
        ValueType.Vector => "vector",
        _ => "matrix",
    };

    /// <param name="limit">Most series written; 0 for all.</param>
    /// <param name="statistics">Written as <c>stats</c> if not null.</param>
    public static async ValueTask WriteAsync(JsonResponse response, QueryValue value, int limit, QueryStatistics? statistics, bool withSteps)
    {
        var json = response.Json;
        json.WriteStartObject();
        json.WriteString("resultType"u8, TypeText(value.Type));
        json.WritePropertyName("result"u8);
        switch (value)
        {
            // Here upstream writes times without padding.
            case ScalarValue scalar:
                json.WriteStartArray();
                json.WriteRawValue(GoNumber.FormatFixed(scalar.TimestampMs / 1000.0));
                json.WriteStringValue(GoNumber.FormatFixed(scalar.Value));
                json.WriteEndArray();
                break;
            case StringValue text:
                json.WriteStartArray();
                json.WriteRawValue(GoNumber.FormatFixed(text.TimestampMs / 1000.0));
                json.WriteStringValue(text.Text);
                json.WriteEndArray();
                break;
            case VectorValue vector:
                await WriteVectorAsync(response, vector, limit);
                break;
            case MatrixValue matrix:
                await WriteMatrixAsync(response, matrix, limit);
                break;
        }
        if (statistics is not null) WriteStatistics(json, statistics, withSteps);
        json.WriteEndObject();
    }

    /// <summary>The member <c>stats</c>, times in seconds.</summary>
    public static void WriteStatistics(Utf8JsonWriter json, QueryStatistics statistics, bool withSteps)
    {
        json.WriteStartObject("stats"u8);
        json.WriteStartObject("timings"u8);
        json.WriteNumber("evalTotalTime"u8, statistics.Duration.TotalSeconds);
        json.WriteNumber("resultSortTime"u8, 0);        // results come sorted: part of the evaluation
        json.WriteNumber("queryPreparationTime"u8, statistics.Preparation.TotalSeconds);
        json.WriteNumber("innerEvalTime"u8, (statistics.Duration - statistics.Preparation).TotalSeconds);
        json.WriteNumber("execQueueTime"u8, statistics.Waited.TotalSeconds);
        json.WriteNumber("execTotalTime"u8, (statistics.Waited + statistics.Duration).TotalSeconds);
        json.WriteEndObject();
        json.WriteStartObject("samples"u8);
        if (withSteps && statistics.SamplesPerStep is { } steps)
        {
            json.WriteStartArray("totalQueryableSamplesPerStep"u8);
            for (int step = 0; step < steps.Count; step++)
            {
                json.WriteStartArray();
                JsonApi.WriteTimestamp(json, statistics.StartMs + (step * statistics.StepMs));
                json.WriteNumberValue(steps[step]);
                json.WriteEndArray();
            }
            json.WriteEndArray();
        }
        json.WriteNumber("totalQueryableSamples"u8, statistics.TotalQueryableSamples);
        json.WriteNumber("peakSamples"u8, statistics.PeakSamples);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static async ValueTask WriteVectorAsync(JsonResponse response, VectorValue vector, int limit)
    {
        var json = response.Json;
        json.WriteStartArray();
        int count = limit > 0 ? Math.Min(limit, vector.Count) : vector.Count;
        using var labels = new LabelsJson();
        for (int i = 0; i < count; i++)
        {
            json.WriteStartObject();
            json.WritePropertyName("metric"u8);
            labels.Write(json, vector.LabelsOf(i));
            if (vector.HistogramOf(i) is { } histogram)
            {
                json.WritePropertyName("histogram"u8);
                WriteHistogramSample(json, vector.TimestampMs, histogram);
            }
            else
            {
                json.WritePropertyName("value"u8);
                WriteSample(json, vector.TimestampMs, vector.ValueOf(i));
            }
            json.WriteEndObject();
            await response.FlushIfLargeAsync();
        }
        json.WriteEndArray();
    }

    static async ValueTask WriteMatrixAsync(JsonResponse response, MatrixValue matrix, int limit)
    {
        var json = response.Json;
        json.WriteStartArray();
        int count = limit > 0 ? Math.Min(limit, matrix.Count) : matrix.Count;
        using var texts = new SampleTexts();
        using var labels = new LabelsJson();
        for (int i = 0; i < count; i++)
        {
            WriteSeries(json, matrix, i, texts, labels);
            await response.FlushIfLargeAsync();
        }
        json.WriteEndArray();
    }

    static void WriteSeries(Utf8JsonWriter json, MatrixValue matrix, int index, SampleTexts texts, LabelsJson labels)
    {
        var timestamps = matrix.TimestampsOf(index);
        var values = matrix.ValuesOf(index);
        var histograms = matrix.HistogramsOf(index);
        int histogramCount = 0;
        foreach (var histogram in histograms)
            if (histogram is not null) histogramCount++;

        json.WriteStartObject();
        json.WritePropertyName("metric"u8);
        labels.Write(json, matrix.LabelsOf(index));
        if (histogramCount < timestamps.Length)
        {
            json.WritePropertyName("values"u8);
            WriteFloats(json, timestamps, values, histogramCount == 0 ? default : histograms, matrix.HasSharedTimestamps(index), texts);
        }
        if (histogramCount > 0)
        {
            json.WritePropertyName("histograms"u8);
            json.WriteStartArray();
            for (int i = 0; i < timestamps.Length; i++)
                if (histograms[i] is { } histogram) WriteHistogramSample(json, timestamps[i], histogram);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    /// <summary>The floats of a series, written as one piece of text: asking the writer for every number would cost more than the number.</summary>
    static void WriteFloats(Utf8JsonWriter json, ReadOnlySpan<long> timestamps, ReadOnlySpan<double> values, ReadOnlySpan<FloatHistogram?> histograms,
        bool shared, SampleTexts texts)
    {
        byte[] text = ArrayPool<byte>.Shared.Rent(timestamps.Length * SampleTexts.SampleBytesMax + 2);
        text[0] = (byte)'[';
        int length = 1 + texts.Format(timestamps, values, histograms, shared, text.AsSpan(1));
        text[length++] = (byte)']';
        json.WriteRawValue(text.AsSpan(0, length), skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(text);
    }

    static void WriteSample(Utf8JsonWriter json, long timestampMs, double value)
    {
        Span<byte> text = stackalloc byte[SampleBytesMax];
        json.WriteRawValue(text[..FormatSample(timestampMs, value, text)], skipInputValidation: true);
    }

    /// <summary><c>[1700000000.5,"1.25"]</c></summary>
    static int FormatSample(long timestampMs, double value, Span<byte> text)
    {
        text[0] = (byte)'[';
        int at = 1 + JsonApi.FormatTimestamp(timestampMs, text[1..]);
        text[at++] = (byte)',';
        text[at++] = (byte)'"';
        at += GoNumber.FormatSample(value, text[at..]);
        text[at++] = (byte)'"';
        text[at++] = (byte)']';
        return at;
    }

    static void WriteHistogramSample(Utf8JsonWriter json, long timestampMs, FloatHistogram histogram)
    {
        json.WriteStartArray();
        JsonApi.WriteTimestamp(json, timestampMs);
        histogram.WriteJson(json);
        json.WriteEndArray();
    }
}
