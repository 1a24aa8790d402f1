using Vigie.Configuration.Http;

namespace Vigie.Alerting;

/// <summary>Settings of the Alertmanager that do not stand in its configuration file.</summary>
public sealed record AlertmanagerOptions
{
    /// <summary>Where users reach it (<c>--web.external-url</c>), without a slash at the end; links in messages lead there.</summary>
    public string ExternalUrl { get; init; } = "http://localhost:9093";

    /// <summary>Folder of its state.</summary>
    public required string Directory { get; init; }

    /// <summary>How long ended silences and notifications are remembered (<c>--data.retention</c>). Default 120 h, as in Alertmanager.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(120);

    /// <summary>How often resolved alerts are forgotten (<c>--alerts.gc-interval</c>). Default 30 min, as in Alertmanager.</summary>
    public TimeSpan AlertGcInterval { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Most alerts to hold. Default 100,000.</summary>
    public int AlertsMax { get; init; } = 100_000;

    /// <summary>Most silences to hold, ended ones included. Default 10,000.</summary>
    public int SilencesMax { get; init; } = 10_000;

    /// <summary>Makes the connections of receivers; null for the usual one. Tests replace it.</summary>
    public Func<HttpClientConfig, HttpMessageHandler>? HttpHandlers { get; init; }

    /// <summary>Numbers from 0 to 1 that spread the waits between attempts.</summary>
    internal Func<double> Random { get; init; } = System.Random.Shared.NextDouble;
}
