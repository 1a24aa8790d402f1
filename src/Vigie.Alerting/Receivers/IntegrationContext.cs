using Vigie.Configuration;
using Vigie.Configuration.Http;

namespace Vigie.Alerting;

/// <summary>What integrations need besides their own settings.</summary>
/// <param name="ExternalUrl">Where users reach this Alertmanager; links in messages lead there.</param>
/// <param name="Files">Secrets that stand in files are read for every notification.</param>
/// <param name="HttpHandlers">Makes the connection of an HTTP client block.</param>
sealed record IntegrationContext(
    string ExternalUrl, NotificationTemplates Templates, IConfigFiles Files, Func<HttpClientConfig, HttpMessageHandler> HttpHandlers,
    TimeProvider Clock, AlertingServices Services);
