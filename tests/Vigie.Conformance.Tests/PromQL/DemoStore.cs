using Vigie.Model;
using Vigie.PromQL.Testing;
using Vigie.Protocols.Exposition;
using Vigie.Testing;

namespace Vigie.Conformance.Tests.PromQL;

/// <summary>The series of http/demo.om.txt.</summary>
static class DemoStore
{
    public static MemorySampleStore Load()
    {
        var store = new MemorySampleStore();
        var reader = new ExpositionReader(File.ReadAllBytes(ConformanceData.PathOf("http", "demo.om.txt")), ExpositionFormat.OpenMetrics);
        var pairs = new List<Label>();
        while (reader.Read() is var entry && entry != ExpositionEntry.End)
        {
            if (entry != ExpositionEntry.Sample) continue;
            pairs.Clear();
            reader.ReadLabels(pairs);
            var labels = new LabelsBuilder();
            foreach (var pair in pairs) labels.Set(pair.Name, pair.Value);
            store.Add(labels.Build(), reader.TimestampMs, reader.Value);
        }
        return store;
    }
}
