using System.Reflection;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>What the server says of itself.</summary>
static class ServerVersion
{
    /// <summary>The Prometheus release whose API and language this server follows.</summary>
    public const string PrometheusApi = "3.5.3";

    /// <summary>The Alertmanager release whose API this server follows.</summary>
    public const string AlertmanagerApi = "0.33.1";

    public static string Vigie { get; } =
        typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
