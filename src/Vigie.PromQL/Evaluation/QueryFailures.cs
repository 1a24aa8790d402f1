using System.Globalization;

namespace Vigie.PromQL;

/// <summary>The query took longer than it may (HTTP 503).</summary>
public sealed class QueryTimeoutException(string phase) : QueryEvaluationException($"query timed out in {phase}");

/// <summary>The caller gave up (HTTP 499 or 503).</summary>
public sealed class QueryCanceledException(string phase) : QueryEvaluationException($"query was canceled in {phase}");

/// <summary>The query would hold more samples than it may (HTTP 422).</summary>
public sealed class TooManySamplesException(string phase)
    : QueryEvaluationException($"query processing would load too many samples into memory in {phase}");

/// <summary>The query would hold more memory than it may (HTTP 422). The message names the limit and what to narrow.</summary>
public sealed class QueryMemoryException : QueryEvaluationException
{
    /// <param name="bytes">What the query would hold.</param>
    /// <param name="bytesMax">What it may hold.</param>
    /// <param name="widest">The selector that found most series, if any has found one yet.</param>
    internal QueryMemoryException(long bytes, long bytesMax, VectorSelector? widest, int series) : base(Describe(bytes, bytesMax, widest, series))
    {
    }

    static string Describe(long bytes, long bytesMax, VectorSelector? widest, int series)
    {
        string found = widest is null ? "" : string.Create(CultureInfo.InvariantCulture, $" The selector {widest} has found {series} series.");
        return $"the query needs {Mebibytes(bytes)} of memory, more than the {Mebibytes(bytesMax)} that --query.max-memory allows.{found} "
            + "Narrow its selectors, aggregate them, shorten the time range, or take a longer step";
    }

    static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, bytes >> 20)} MiB");
}
