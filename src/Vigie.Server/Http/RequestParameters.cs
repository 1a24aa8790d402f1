using System.Globalization;
using Vigie.Model;

namespace Vigie.Server.Http;

/// <summary>
/// The parameters of a request: of the query string and, for POST with a form body, of the form, the form first — as Go's
/// <c>Request.Form</c>, which Prometheus reads.
/// </summary>
sealed class RequestParameters
{
    readonly IQueryCollection _query;
    readonly IFormCollection? _form;

    RequestParameters(IQueryCollection query, IFormCollection? form)
    {
        _query = query;
        _form = form;
    }

    /// <exception cref="ApiException">The form cannot be read, or is larger than the server's limit.</exception>
    public static async ValueTask<RequestParameters> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!HttpMethods.IsPost(request.Method) || !request.HasFormContentType) return new RequestParameters(request.Query, null);
        try
        {
            return new RequestParameters(request.Query, await request.ReadFormAsync(cancellation));
        }
        catch (Exception problem) when (problem is InvalidDataException or BadHttpRequestException)
        {
            throw ApiException.BadData($"error parsing form values: {problem.Message}");
        }
    }

    /// <summary>The first value, or null if the parameter is absent.</summary>
    public string? First(string name)
    {
        if (_form is not null && _form.TryGetValue(name, out var fromForm) && fromForm.Count > 0) return fromForm[0];
        return _query.TryGetValue(name, out var fromQuery) && fromQuery.Count > 0 ? fromQuery[0] : null;
    }

    public string[] All(string name)
    {
        var values = new List<string>();
        if (_form is not null && _form.TryGetValue(name, out var fromForm)) values.AddRange(fromForm.OfType<string>());
        if (_query.TryGetValue(name, out var fromQuery)) values.AddRange(fromQuery.OfType<string>());
        return [.. values];
    }

    public bool Has(string name) => First(name) is { Length: > 0 };

    public bool IsTrue(string name) => First(name) is { } text && bool.TryParse(text, out bool value) && value;

    /// <summary>A time, or <paramref name="otherwise"/> if the parameter is absent or empty.</summary>
    public long TimeMs(string name, long otherwise)
    {
        if (First(name) is not { Length: > 0 } text) return otherwise;
        if (TimeParameter.TryParse(text, out long timestampMs)) return timestampMs;
        throw ApiException.InvalidParameter(name, $"invalid time value for '{name}': cannot parse {GoText.Quote(text)} to a valid timestamp");
    }

    /// <summary>A time that must be given (range queries).</summary>
    public long RequiredTimeMs(string name)
    {
        string text = First(name) ?? "";
        if (TimeParameter.TryParse(text, out long timestampMs)) return timestampMs;
        throw ApiException.InvalidParameter(name, $"cannot parse {GoText.Quote(text)} to a valid timestamp");
    }

    /// <summary>A duration in milliseconds, as seconds with decimals or like 1m30s.</summary>
    public long DurationMs(string name)
    {
        string text = First(name) ?? "";
        if (TryParseDuration(text, out long milliseconds)) return milliseconds;
        throw ApiException.InvalidParameter(name, $"cannot parse {GoText.Quote(text)} to a valid duration");
    }

    public static bool TryParseDuration(string text, out long milliseconds)
    {
        milliseconds = 0;
        if (GoNumber.TryParse(text, out double seconds))
        {
            double nanoseconds = seconds * 1e9;
            if (!double.IsFinite(nanoseconds) || Math.Abs(nanoseconds) >= long.MaxValue) return false;
            milliseconds = (long)nanoseconds / 1_000_000;
            return true;
        }
        return GoDuration.TryParseMs(text, out milliseconds);
    }

    /// <summary>A count, 0 if absent (no limit).</summary>
    public int Limit(string name = "limit")
    {
        if (First(name) is not { Length: > 0 } text) return 0;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
            throw ApiException.InvalidParameter(name, $"strconv.Atoi: parsing {GoText.Quote(text)}: invalid syntax");
        if (value < 0) throw ApiException.InvalidParameter(name, $"{name} must be non-negative");
        return (int)Math.Min(value, int.MaxValue);
    }
}
