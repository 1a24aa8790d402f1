using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;

namespace Vigie.Server.Http;

/// <summary>What surrounds every API endpoint: CORS headers, errors as JSON, plain 404 and 405 as Go's router answers them.</summary>
static class ApiPipeline
{
    /// <summary>Maps an endpoint whose failures become the API's error envelope. Never lets an exception end more than its request.</summary>
    public static void MapApi(this IEndpointRouteBuilder routes, string pattern, string[] methods, Func<HttpContext, Task> handler)
    {
        routes.MapMethods(pattern, methods, async http =>
        {
            try
            {
                await handler(http);
            }
            catch (ApiException problem) when (!http.Response.HasStarted)
            {
                await JsonApi.FailAsync(http, problem);
            }
            catch (Exception problem) when (RequestFailure.IsDeparture(http, problem))
            {
                // Nobody reads an answer.
            }
            catch (BadHttpRequestException problem) when (!http.Response.HasStarted)
            {
                await JsonApi.TextAsync(http, problem.StatusCode, RequestFailure.TextOf(problem) + "\n");
            }
            catch (Exception problem) when (problem is not OperationCanceledException && !http.Response.HasStarted)
            {
                // Our mistake, not the caller's: say so, keep the details in the log, and go on serving others.
                Log(http, problem);
                await JsonApi.FailAsync(http, ApiException.Internal("BUG: " + problem.GetType().Name + ", see the server's log"));
            }
        });
    }

    static void Log(HttpContext http, Exception problem) => Hosting.HostingLog.RequestFailed(
        http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Vigie.Server"), problem, http.Request.Method, http.Request.Path);

    /// <summary>Access-Control headers as Prometheus sends them; OPTIONS is answered with 204.</summary>
    public static IApplicationBuilder UseApiCors(this IApplicationBuilder app, Regex allowedOrigin) => app.Use((http, next) =>
    {
        if (http.Request.Headers.TryGetValue("Origin", out StringValues origin) && origin.Count == 1 && allowedOrigin.IsMatch(origin.ToString()))
        {
            var headers = http.Response.Headers;
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlAllowHeaders = "Accept, Authorization, Content-Type, Origin";
            headers.AccessControlAllowMethods = "GET, POST, OPTIONS";
            headers.AccessControlExposeHeaders = "Date";
            headers.Vary = "Origin";
        }
        if (!HttpMethods.IsOptions(http.Request.Method)) return next(http);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    });

    /// <summary>The bodies of 404 and 405, which the router leaves empty.</summary>
    public static IApplicationBuilder UsePlainErrors(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        await next(http);
        if (http.Response.HasStarted || http.Response.ContentType is not null) return;
        if (http.Response.StatusCode is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed)
            http.Response.Headers.XContentTypeOptions = "nosniff"; // as Go's http.Error
        if (http.Response.StatusCode == StatusCodes.Status404NotFound)
            await JsonApi.TextAsync(http, StatusCodes.Status404NotFound, "404 page not found\n");
        else if (http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            // UseApiCors answers it for every path.
            http.Response.Headers.Allow = $"{http.Response.Headers.Allow}, OPTIONS";
            await JsonApi.TextAsync(http, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed\n");
        }
    });
}
