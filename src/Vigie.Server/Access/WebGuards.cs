using System.Diagnostics.Metrics;
using Vigie.Configuration;
using Vigie.Server.Hosting;

namespace Vigie.Server.Access;

/// <summary>The surfaces that have a web configuration, each with its <see cref="WebGuard"/>, and what was refused.</summary>
sealed class WebGuards : IDisposable
{
    readonly Meter _meter = new("Vigie.Server.Access");
    readonly Dictionary<Surface, WebGuard> _guards = [];

    /// <param name="paths">Web configuration by surface.</param>
    /// <exception cref="ConfigException">A file has errors; the message lists all of all files.</exception>
    public WebGuards(IReadOnlyDictionary<Surface, string> paths, IConfigFiles files, TimeProvider clock, ILogger logger)
    {
        var refusals = _meter.CreateCounter<long>("vigie_http_refused_total", null,
            "Requests that a web configuration kept out, by listener and reason: credentials, rate, configuration.");
        var problems = new ConfigProblems();
        foreach (var (surface, path) in paths)
        {
            var listener = KeyValuePair.Create<string, object?>("listener_name", Hosting.Surfaces.ListenerNameOf(surface));
            try
            {
                _guards[surface] = new WebGuard(new WebConfigFile(path, files, logger), clock, logger,
                    reason => refusals.Add(1, listener, KeyValuePair.Create<string, object?>("reason", reason)), surface != Surface.Web);
            }
            catch (ConfigException problem)
            {
                foreach (var one in problem.Problems.Errors) problems.Add(one);
            }
        }
        if (!problems.HasErrors) return;
        Dispose();
        throw new ConfigException(problems);
    }

    /// <summary>Null: the surface is open to all.</summary>
    public WebGuard? this[Surface surface] => _guards.GetValueOrDefault(surface);

    /// <summary>
    /// What the log should say when some ports are protected and others are not: who moves here from a Prometheus alone has more ports than before.
    /// </summary>
    /// <param name="listening">Surfaces that are switched on.</param>
    /// <param name="uiAsks">Whether the web UI has a sign-in; through it the Prometheus and Alertmanager APIs can be reached.</param>
    public string? Remark(IEnumerable<Surface> listening, bool uiAsks)
    {
        var open = listening.Where(surface => surface == Surface.Web ? !uiAsks : this[surface] is null).Distinct()
            .Select(Hosting.Surfaces.Of)
            .Select(static entry => $"{entry.Name} ({(entry.Surface == Surface.Web ? "--web.auth" : entry.ConfigFlag)})").ToArray();
        return _guards.Count == 0 || open.Length == 0 ? null
            : $"a web configuration protects some surfaces, these are open to all who reach them: {string.Join(", ", open)}";
    }

    public void Dispose()
    {
        _meter.Dispose();
        foreach (var guard in _guards.Values) guard.Dispose();
    }
}
