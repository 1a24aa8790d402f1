namespace Vigie.Protocols.Otlp;

/// <summary>How a request of OTLP metrics went. Reused by its receiver: read it before the next request.</summary>
public sealed class OtlpResult
{
    /// <summary>Texts kept of each kind; further ones are only counted.</summary>
    const int TextsMax = 20;

    readonly List<string> _refusals = [];
    readonly List<string> _warnings = [];

    /// <summary>Data points in the request.</summary>
    public int DataPoints { get; internal set; }

    /// <summary>Data points of which at least a part was not stored. The sender must not send them again.</summary>
    public int Rejected { get; internal set; }

    /// <summary>Samples stored.</summary>
    public int Samples { get; internal set; }

    /// <summary>True if the store refused samples for their time: out of order, too old, or a second value for a time.</summary>
    public bool WrongTimes { get; internal set; }

    /// <summary>Why data was refused; no more than a few.</summary>
    public IReadOnlyList<string> Refusals => _refusals;

    /// <summary>What was accepted but is perhaps not as its author thinks.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    internal void Refuse(string problem) => Add(_refusals, problem);

    internal void Warn(string problem) => Add(_warnings, problem);

    internal void Clear()
    {
        (DataPoints, Rejected, Samples, WrongTimes) = (0, 0, 0, false);
        _refusals.Clear();
        _warnings.Clear();
    }

    static void Add(List<string> texts, string text)
    {
        if (texts.Count < TextsMax && !texts.Contains(text)) texts.Add(text);
    }
}
