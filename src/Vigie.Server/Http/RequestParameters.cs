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
        catch (BadHttpRequestException problem)
        {
            throw ApiException.BadData($"error parsing form values: {RequestFailure.TextOf(problem)}");
        }
        catch (InvalidDataException problem)
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
        string overflow = GoNumber.TryParse(text, out double seconds) && !double.IsNaN(seconds) ? ". It overflows int64" : "";
        throw ApiException.InvalidParameter(name, $"cannot parse {GoText.Quote(text)} to a valid duration{overflow}");
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
    public int Limit()
    {
        if (First("limit") is not { Length: > 0 } text) return 0;
        if (!TryParseInteger(text, out long value, out string problem)) throw ApiException.InvalidParameter("limit", "strconv.Atoi: " + problem);
        if (value < 0) throw ApiException.InvalidParameter("limit", "limit must be non-negative");
        return (int)Math.Min(value, int.MaxValue);
    }

    /// <param name="problem">What Go's strconv says, without the name of the function.</param>
    public static bool TryParseInteger(string text, out long value, out string problem)
    {
        problem = "";
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)) return true;
        var digits = text.AsSpan(text[0] is '+' or '-' ? 1 : 0);
        bool isInteger = digits.Length > 0 && !digits.ContainsAnyExceptInRange('0', '9');
        problem = $"parsing {GoText.Quote(text)}: {(isInteger ? "value out of range" : "invalid syntax")}";
        return false;
    }

    /// <summary>As Go's <c>strconv.ParseBool</c>.</summary>
    /// <param name="problem">What it says.</param>
    public static bool TryParseBool(string text, out bool value, out string problem)
    {
        value = text is "1" or "t" or "T" or "true" or "TRUE" or "True";
        bool isBool = value || text is "0" or "f" or "F" or "false" or "FALSE" or "False";
        problem = isBool ? "" : $"strconv.ParseBool: parsing {GoText.Quote(text)}: invalid syntax";
        return isBool;
    }
}
