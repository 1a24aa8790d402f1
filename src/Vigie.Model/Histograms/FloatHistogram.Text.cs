using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Vigie.Model;

public sealed partial class FloatHistogram
{
    /// <summary>The form of Prometheus' messages: <c>{count:4, sum:5, (0.5,1]:1, (1,2]:2}</c>, populated buckets only.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append("{count:").Append(GoNumber.FormatGeneral(Count)).Append(", sum:").Append(GoNumber.FormatGeneral(Sum));
        // The raw bounds: unlike Buckets, a bucket that overlaps the zero bucket is not cut.
        var below = new BucketCursor(NegativeSpans, NegativeBuckets, descending: true);
        while (below.MoveNext()) AppendBucket(text, NegativeBucket(below.Index, below.Count));
        if (ZeroCount != 0) AppendBucket(text, ZeroBucket);
        var above = new BucketCursor(PositiveSpans, PositiveBuckets);
        while (above.MoveNext()) AppendBucket(text, PositiveBucket(above.Index, above.Count));
        return text.Append('}').ToString();
    }

    static void AppendBucket(StringBuilder text, in HistogramBucket bucket)
    {
        if (bucket.Count == 0) return;
        text.Append(", ").Append(bucket.LowerInclusive ? '[' : '(').Append(GoNumber.FormatGeneral(bucket.Lower)).Append(',')
            .Append(GoNumber.FormatGeneral(bucket.Upper)).Append(bucket.UpperInclusive ? ']' : ')')
            .Append(':').Append(GoNumber.FormatGeneral(bucket.Count));
    }

    /// <summary>The notation of test scripts and rule unit tests, without defaults: <c>{{schema:1 count:22 sum:-0.3 buckets:[5 10 7]}}</c>.</summary>
    public string ToTestNotation()
    {
        var compact = Copy().Compact(int.MaxValue);
        var parts = new List<string>();
        if (Schema != 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"schema:{Schema}"));
        AddNumber("count", Count);
        AddNumber("sum", Sum);
        AddNumber("z_bucket", ZeroCount);
        AddNumber("z_bucket_w", ZeroThreshold);
        if (UsesCustomBuckets) AddList("custom_values", CustomValues);
        if (CounterResetHint != CounterResetHint.Unknown)
            parts.Add("counter_reset_hint:" + CounterResetHint switch
            {
                CounterResetHint.CounterReset => "reset",
                CounterResetHint.NotCounterReset => "not_reset",
                _ => "gauge",
            });
        AddSide("offset", "buckets", compact.PositiveSpans, compact.PositiveBuckets);
        AddSide("n_offset", "n_buckets", compact.NegativeSpans, compact.NegativeBuckets);
        return "{{" + string.Join(' ', parts) + "}}";

        void AddNumber(string name, double value)
        {
            if (value != 0) parts.Add(name + ":" + GoNumber.FormatGeneral(value));
        }

        void AddList(string name, double[] values) => parts.Add(name + ":[" + string.Join(' ', values.Select(GoNumber.FormatGeneral)) + "]");

        void AddSide(string offsetName, string name, HistogramSpan[] spans, double[] counts)
        {
            if (counts.Length == 0) return;
            if (spans[0].Offset != 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{offsetName}:{spans[0].Offset}"));
            AddList(name, counts);
        }
    }

    /// <summary>
    /// The form of the HTTP API: <c>{"count":"4","sum":"5","buckets":[[0,"0.5","1","1"],…]}</c>. The first number of a bucket says which bounds
    /// belong to it: 0 the upper, 1 the lower, 2 none, 3 both. Empty buckets are left out.
    /// </summary>
    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("count"u8, GoNumber.FormatSample(Count));
        json.WriteString("sum"u8, GoNumber.FormatSample(Sum));
        bool any = false;
        foreach (var bucket in Buckets)
        {
            if (bucket.Count == 0) continue;
            if (!any) json.WriteStartArray("buckets"u8);
            any = true;
            json.WriteStartArray();
            json.WriteNumberValue((bucket.LowerInclusive, bucket.UpperInclusive) switch
            {
                (false, true) => 0,
                (true, false) => 1,
                (false, false) => 2,
                _ => 3,
            });
            json.WriteStringValue(GoNumber.FormatSample(bucket.Lower));
            json.WriteStringValue(GoNumber.FormatSample(bucket.Upper));
            json.WriteStringValue(GoNumber.FormatSample(bucket.Count));
            json.WriteEndArray();
        }
        if (any) json.WriteEndArray();
        json.WriteEndObject();
    }
}
