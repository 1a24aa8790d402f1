using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace Vigie.Server.Surfaces.Grafana;

/// <summary>
/// The built UI. Files under <c>assets/</c> carry a hash of their content in their name and may be kept for ever; <c>index.html</c> is
/// asked for anew each time and answers every page address, so that links into the UI work. Brotli copies (<c>x.js.br</c>) are sent to
/// browsers that take them.
/// </summary>
sealed class UiFiles(IFileProvider? files)
{
    const string ContentSecurityPolicy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; object-src 'none'; "
        + "base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    static readonly FileExtensionContentTypeProvider ContentTypes = new();

    public async Task ServeAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "/";
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            await GrafanaSurface.WriteError(http, StatusCodes.Status404NotFound, "Not found");
            return;
        }
        if (path.Length > 1 && files?.GetFileInfo(path) is { Exists: true, IsDirectory: false } && !path.EndsWith(".br", StringComparison.Ordinal))
        {
            await SendAsync(http, path);
        }
        else if (path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/assets/", StringComparison.Ordinal)
            || path.StartsWith("/prometheus/", StringComparison.Ordinal) || path.StartsWith("/alertmanager/", StringComparison.Ordinal))
        {
            await GrafanaSurface.WriteError(http, StatusCodes.Status404NotFound, "Not found");
        }
        else if (files?.GetFileInfo("/index.html") is { Exists: true })
        {
            await SendAsync(http, "/index.html");
        }
        else
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.ContentType = "text/plain; charset=utf-8";
            await http.Response.WriteAsync("The web UI is not part of this build. Build it with: cd ui && npm ci && npm run build\n", http.RequestAborted);
        }
    }

    async Task SendAsync(HttpContext http, string path)
    {
        var headers = http.Response.Headers;
        http.Response.ContentType = ContentTypes.TryGetContentType(path, out var type) ? WithCharset(type) : "application/octet-stream";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = path.StartsWith("/assets/", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        if (path.EndsWith(".html", StringComparison.Ordinal))
        {
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XFrameOptions = "DENY";
        }
        var file = files!.GetFileInfo(path);
        if (files.GetFileInfo(path + ".br") is { Exists: true } packed)
        {
            headers.Vary = "Accept-Encoding";
            if (http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal))
            {
                headers.ContentEncoding = "br";
                file = packed;
            }
        }
        http.Response.ContentLength = file.Length;
        if (HttpMethods.IsGet(http.Request.Method)) await http.Response.SendFileAsync(file, http.RequestAborted);
    }

    static string WithCharset(string type) =>
        type.StartsWith("text/", StringComparison.Ordinal) || type is "application/javascript" ? type + "; charset=utf-8" : type;
}
