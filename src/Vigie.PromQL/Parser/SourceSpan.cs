using System.Globalization;
using System.Text;

namespace Vigie.PromQL;

/// <summary>A piece of a query's text, in characters, end exclusive.</summary>
public readonly record struct SourceSpan(int Start, int End)
{
    public SourceSpan To(SourceSpan last) => new(Start, last.End);

    /// <summary>Where the span starts, as <c>line:column</c>, both from 1; columns count UTF-8 bytes, as Prometheus' do.</summary>
    public string PositionIn(string query) => PositionOf(query, Start);

    internal static string PositionOf(string query, int offset)
    {
        if (offset < 0 || offset > query.Length) return "invalid position";
        if (query.Length == 0) return "unknown position";
        var before = query.AsSpan(0, offset);
        int line = before.Count('\n') + 1;
        int column = Encoding.UTF8.GetByteCount(before[(before.LastIndexOf('\n') + 1)..]) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{line}:{column}");
    }
}
