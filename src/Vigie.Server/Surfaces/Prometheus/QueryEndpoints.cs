using Vigie.Model;
using Vigie.PromQL;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>/api/v1/query, query_range, query_exemplars, format_query, parse_query.</summary>
sealed class QueryEndpoints(PrometheusServices services)
{
    /// <summary>Most points per series of a range query, as in Prometheus.</summary>
    const long PointsMax = 11_000;

    internal const string PerStepFeature = "promql-per-step-stats";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapApi("/api/v1/query", Methods.GetPost, InstantAsync);
        routes.MapApi("/api/v1/query_range", Methods.GetPost, RangeAsync);
        routes.MapApi("/api/v1/query_exemplars", Methods.GetPost, ExemplarsAsync);
        routes.MapApi("/api/v1/format_query", Methods.GetPost, FormatAsync);
        routes.MapApi("/api/v1/parse_query", Methods.GetPost, ParseAsync);
    }

    async Task InstantAsync(HttpContext http)
    {
        var parameters = await RequestParameters.ReadAsync(http.Request, http.RequestAborted);
        int limit = parameters.Limit();
        long timeMs = parameters.TimeMs("time", services.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        var options = Options(parameters);
        var expression = Parse(parameters);
        using var result = await RunAsync(http, parameters, options,
            (remaining, cancellation) => services.Engine.Instant(services.Source, expression, timeMs, remaining, cancellation));
        await AnswerAsync(http, parameters, result, limit, options.Trace);
    }

    async Task RangeAsync(HttpContext http)
    {
        var parameters = await RequestParameters.ReadAsync(http.Request, http.RequestAborted);
        int limit = parameters.Limit();
        long startMs = parameters.RequiredTimeMs("start"), endMs = parameters.RequiredTimeMs("end");
        if (endMs < startMs) throw ApiException.InvalidParameter("end", "end timestamp must not be before start time");
        long stepMs = parameters.DurationMs("step");
        if (stepMs <= 0)
            throw ApiException.InvalidParameter("step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
        if ((endMs - startMs) / stepMs > PointsMax)
            throw ApiException.BadData("exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)");
        var options = Options(parameters);
        var expression = Parse(parameters);
        if (expression.Type is not (PromQL.ValueType.Scalar or PromQL.ValueType.Vector))
            throw ApiException.InvalidParameter("query",
                $"invalid expression type {GoText.Quote(expression.Type.Describe())} for range query, must be Scalar or instant Vector");
        using var result = await RunAsync(http, parameters, options,
            (remaining, cancellation) => services.Engine.Range(services.Source, expression, startMs, endMs, stepMs, remaining, cancellation));
        await AnswerAsync(http, parameters, result, limit, options.Trace);
    }

    async Task<QueryResult> RunAsync(
        HttpContext http, RequestParameters parameters, QueryOptions options, Func<QueryOptions, CancellationToken, QueryResult> run)
    {
        string text = parameters.First("query") ?? "";
        var timeout = services.Engine.Options.Timeout;
        if (options.Timeout < timeout) timeout = options.Timeout.Value;
        if (timeout < TimeSpan.Zero) timeout = TimeSpan.Zero;
        long asked = services.Clock.GetTimestamp();
        try
        {
            using var query = await services.Queries.EnterAsync(text, timeout, http.RequestAborted);
            var left = timeout - services.Clock.GetElapsedTime(asked);
            if (left <= TimeSpan.Zero) throw new QueryTimeoutException("query execution");
            return run(options with
            {
                Timeout = left,
                Waited = services.Clock.GetElapsedTime(asked),
                Origin = new HttpQueryOrigin(text, http.Connection.RemoteIpAddress?.ToString() ?? "", http.Request.Method, http.Request.PathBase + http.Request.Path),
            }, query.Cancellation);
        }
        catch (QueryTimeoutException problem)
        {
            throw ApiException.Timeout(problem.Message);
        }
        catch (QueryCanceledException problem)
        {
            throw ApiException.Canceled(problem.Message);
        }
        catch (QueryEvaluationException problem)
        {
            throw ApiException.Execution(problem.Message);
        }
    }

    async Task AnswerAsync(HttpContext http, RequestParameters parameters, QueryResult result, int limit, QueryTrace? trace)
    {
        string query = parameters.First("query") ?? "";
        var warnings = result.Annotations.Warnings(query, 10);
        int count = result.Value switch
        {
            VectorValue vector => vector.Count,
            MatrixValue matrix => matrix.Count,
            _ => 0,
        };
        if (limit > 0 && count > limit) warnings = [.. warnings, SeriesEndpoints.TruncatedWarning];
        string? statistics = parameters.First("stats");
        await JsonApi.SucceedAsync(http, async response =>
        {
            await QueryJson.WriteAsync(response, result.Value, limit, statistics is { Length: > 0 } ? result.Statistics : null,
                withSteps: statistics == "all" && CountsSteps);
        }, warnings, result.Annotations.Infos(query, 10), trace is null ? null : json =>
        {
            json.WritePropertyName("trace"u8);
            TraceJson.Write(json, trace);
        });
    }

    QueryOptions Options(RequestParameters parameters)
    {
        var options = QueryOptions.Default;
        if (parameters.Has("timeout")) options = options with { Timeout = TimeSpan.FromMilliseconds(parameters.DurationMs("timeout")) };
        if (parameters.Has("lookback_delta"))
        {
            string text = parameters.First("lookback_delta")!;
            if (!RequestParameters.TryParseDuration(text, out long lookbackMs))
                throw ApiException.BadData($"error parsing lookback delta duration: cannot parse {GoText.Quote(text)} to a valid duration");
            // Zero and below mean the server's own, as upstream.
            if (lookbackMs > 0) options = options with { LookbackMs = lookbackMs };
        }
        if (parameters.First("trace") is "1" or "true") options = options with { Trace = new QueryTrace(services.Clock) };
        return parameters.First("stats") == "all" && CountsSteps ? options with { StatisticsPerStep = true } : options;
    }

    /// <summary>Samples by step cost time, so they have a switch of their own, as upstream.</summary>
    bool CountsSteps => services.Options.Features.Contains(PerStepFeature);

    Expression Parse(RequestParameters parameters, string name = "query")
    {
        try
        {
            return PromQLParser.Parse(parameters.First(name) ?? "", services.ParserOptions);
        }
        catch (PromQLParseException problem)
        {
            throw ApiException.InvalidParameter(name, problem.Message);
        }
    }

    async Task ExemplarsAsync(HttpContext http)
    {
        var parameters = await RequestParameters.ReadAsync(http.Request, http.RequestAborted);
        long startMs = parameters.TimeMs("start", TimeParameter.EarliestMs), endMs = parameters.TimeMs("end", TimeParameter.LatestMs);
        if (endMs < startMs) throw ApiException.BadData("end timestamp must not be before start timestamp");
        Expression expression;
        try
        {
            expression = PromQLParser.Parse(parameters.First("query") ?? "", services.ParserOptions);
        }
        catch (PromQLParseException problem)
        {
            throw ApiException.BadData(problem.Message);
        }
        var selectors = Selectors.Of(expression);
        if (selectors.Count == 0)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        var found = services.Store.Exemplars(selectors, new TimeRange(startMs, endMs));
        await JsonApi.SucceedAsync(http, json =>
        {
            json.WriteStartArray();
            foreach (var series in found)
            {
                json.WriteStartObject();
                json.WritePropertyName("seriesLabels"u8);
                JsonApi.WriteLabels(json, series.Series);
                json.WriteStartArray("exemplars"u8);
                foreach (var exemplar in series.Exemplars)
                {
                    json.WriteStartObject();
                    json.WritePropertyName("labels"u8);
                    JsonApi.WriteLabels(json, exemplar.Labels);
                    json.WriteString("value"u8, GoNumber.FormatSample(exemplar.Value));
                    json.WritePropertyName("timestamp"u8);
                    JsonApi.WriteTimestamp(json, exemplar.TimestampMs);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    async Task FormatAsync(HttpContext http)
    {
        var expression = Parse(await RequestParameters.ReadAsync(http.Request, http.RequestAborted));
        await JsonApi.SucceedAsync(http, json => json.WriteStringValue(ExpressionFormatter.Format(expression)));
    }

    async Task ParseAsync(HttpContext http)
    {
        var expression = Parse(await RequestParameters.ReadAsync(http.Request, http.RequestAborted));
        await JsonApi.SucceedAsync(http, json => ExpressionJson.Write(json, expression));
    }

}
