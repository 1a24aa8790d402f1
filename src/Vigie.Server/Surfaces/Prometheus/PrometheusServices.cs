using Vigie.Instrumentation;
using Vigie.Metrics;
using Vigie.Model;
using Vigie.PromQL;
using Vigie.Rules;
using Vigie.Scrape;
using Vigie.Server.Hosting;
using Vigie.Server.Http;
using Vigie.Server.Surfaces.Otlp;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>What the endpoints of the Prometheus API call. One instance per server; configuration changes by reload.</summary>
sealed class PrometheusServices
{
    public required ServeOptions Options { get; init; }
    public required TimeProvider Clock { get; init; }
    public required DateTimeOffset Started { get; init; }
    public required MetricStore Store { get; init; }

    /// <summary>What queries see: the store, and the servers under <c>remote_read:</c>.</summary>
    public required ISampleSource Source { get; init; }

    public required QueryEngine Engine { get; init; }
    public required ParserOptions ParserOptions { get; init; }
    public required QueryGate Queries { get; init; }
    public required ScrapeService Scraping { get; init; }
    public required RuleService Rules { get; init; }
    public required ConfigurationReloader Reloading { get; init; }
    public required MetricsExporter Metrics { get; init; }
    public required HttpMetrics HttpMetrics { get; init; }
    public required OtlpIngest Otlp { get; init; }
    public required string RetentionText { get; init; }

    /// <summary>Asks the server to stop.</summary>
    public required Action Quit { get; init; }

    /// <summary>External Alertmanagers that notifications go to.</summary>
    public required Func<IReadOnlyList<string>> AlertmanagerUrls { get; init; }

    public RunningConfiguration Configuration => Reloading.Current;

    /// <summary>True once everything is started; queries are answered from then on.</summary>
    public bool Ready { get; set; }
}
