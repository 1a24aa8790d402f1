using Microsoft.Extensions.Logging;
using Vigie.Configuration.Alertmanager;

namespace Vigie.Alerting;

/// <summary>All kinds of integrations there are.</summary>
static class NotifierRegistry
{
    public static INotifier Create(string receiver, IntegrationConfig config, IntegrationContext context) => config switch
    {
        WebhookConfig webhook => new WebhookNotifier(webhook, context),
        SlackConfig slack => new SlackNotifier(slack, context),
        EmailConfig email => new EmailNotifier(email, context),
        PagerDutyConfig pagerDuty => new PagerDutyNotifier(pagerDuty, context),
        DiscordConfig discord => new DiscordNotifier(discord, context),
        _ => new MissingNotifier(receiver, config.Kind, context.Services.Logger),
    };

    /// <summary>Stands for an integration that is configured and not built in: every notification fails, loudly.</summary>
    sealed class MissingNotifier : INotifier
    {
        readonly string _kind;

        public MissingNotifier(string receiver, string kind, ILogger logger)
        {
            _kind = kind;
            logger.LogIntegrationMissing(receiver, kind);
        }

        public IEnumerable<(string Field, string Template)> Templates => [];

        public void Dispose() { }

        public Task<NotifyOutcome> NotifyAsync(NotificationMessage message, CancellationToken cancellation) => Task.FromResult(
            NotifyOutcome.Failed($"integration {_kind} is not built in", NotifyOutcome.OtherReason, mayPass: false));
    }
}
