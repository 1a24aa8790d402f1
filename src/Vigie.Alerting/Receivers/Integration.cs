using System.Globalization;
using Vigie.Configuration.Alertmanager;

namespace Vigie.Alerting;

/// <summary>One entry of a receiver, ready to send.</summary>
sealed class Integration : IDisposable
{
    readonly string _receiver;
    readonly IntegrationContext _context;
    readonly INotifier _notifier;

    public Integration(string receiver, int position, IntegrationConfig config, IntegrationContext context)
    {
        _receiver = receiver;
        _context = context;
        _notifier = NotifierRegistry.Create(receiver, config, context);
        Kind = config.Kind;
        context.Services.Metrics.Expect(Kind);
        SendsResolved = config.SendResolved;
        foreach (var (field, template) in _notifier.Templates)
            if (context.Templates.ProblemIn(template) is { } problem)
                context.Services.Logger.LogTemplateProblem(config.Position.ToString(), config.Kind, field, problem);
        Id = string.Create(CultureInfo.InvariantCulture, $"{receiver}/{config.Kind}/{position}");
    }

    public string Kind { get; }
    public bool SendsResolved { get; }

    /// <summary>Names the integration in the notification log: receiver/kind/position.</summary>
    public string Id { get; }

    public void Dispose() => _notifier.Dispose();

    public Task<NotifyOutcome> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        _notifier.NotifyAsync(new NotificationMessage(notification, _receiver, this, _context), cancellation);
}
