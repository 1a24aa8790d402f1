using Vigie.Model;
using Vigie.Protocols.Exposition;

namespace Vigie.Metrics.Interchange;

/// <summary>Stores the samples of an OpenMetrics text, each of which must have a timestamp, as <c>promtool tsdb create-blocks-from openmetrics</c> does.</summary>
public sealed class OpenMetricsImport(MetricStore store)
{
    const int BatchSamples = 5000;

    readonly SampleBatch _batch = new();
    readonly List<Label> _labels = [];
    readonly LabelsBuilder _builder = new();
    long _refused;

    /// <returns>Samples stored, and those that the store refused (as old as, but other than, what it has).</returns>
    /// <exception cref="InvalidDataException">The text is malformed or a sample has no timestamp; what was read before is stored.</exception>
    public (long Stored, long Refused) Run(ReadOnlySpan<byte> text, CancellationToken cancellation)
    {
        long stored = 0;
        int line = 1, counted = 0;
        try
        {
            var reader = new ExpositionReader(text, ExpositionFormat.OpenMetrics);
            for (var entry = reader.Read(); entry != ExpositionEntry.End; entry = reader.Read())
            {
                if (entry == ExpositionEntry.Type) store.SetMetadata(reader.ReadName(), new MetricMetadata(MetricKinds.NameOf(reader.Kind), "", ""));
                if (entry != ExpositionEntry.Sample) continue;
                line += text[counted..reader.Position].Count((byte)'\n');
                counted = reader.Position;
                reader.ReadLabels(_labels);
                if (!reader.HasTimestamp) throw new InvalidDataException($"line {line - 1}: expected timestamp for series {Built()}, got none");
                _batch.Add(store.Resolve(Built()), reader.TimestampMs, reader.Value);
                if (_batch.Count < BatchSamples) continue;
                cancellation.ThrowIfCancellationRequested();
                stored += Append();
            }
        }
        catch (ExpositionException problem)
        {
            Append();
            throw new InvalidDataException($"line {problem.Line}: {problem.Message}", problem);
        }
        return (stored + Append(), _refused);
    }

    Labels Built()
    {
        _builder.Clear();
        foreach (var label in _labels) _builder.Set(label.Name, label.Value);
        return _builder.Build();
    }

    long Append()
    {
        if (_batch.Count == 0) return 0;
        var result = store.Append(_batch);
        _refused += _batch.Count - result.Stored;
        _batch.Clear();
        return result.Stored;
    }
}
