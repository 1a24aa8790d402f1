using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>An immutable block on disk.</summary>
sealed class Block : RefCounted
{
    public ulong Number { get; }
    public long MinTimeMs { get; }
    public long MaxTimeMs { get; }

    public void Select(ReadOnlySpan<LabelMatcher> matchers, List<int> ordinals, CancellationToken cancellation)
    {
    }

    public ulong HashOf(int ordinal) => 0;
    public Labels LabelsOf(int ordinal) => Labels.Empty;
    public bool HasLabels(int ordinal, Labels labels) => false;
    public void Read(int ordinal, TimeRange range, SampleColumns output)
    {
    }

    public void AddNames(HashSet<string> names)
    {
    }

    public void AddValues(string name, HashSet<string> values)
    {
    }

    protected override void GiveBack()
    {
    }
}
