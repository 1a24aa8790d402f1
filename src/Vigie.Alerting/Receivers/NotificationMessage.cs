using System.Security.Cryptography;
using System.Text;
using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>
/// One attempt to deliver a notification: its data, and its texts made from templates. A template that is missing or fails is replaced by
/// a built-in one, and the message says so; the alert goes out in any case.
/// </summary>
sealed class NotificationMessage
{
    readonly Integration _integration;
    readonly IntegrationContext _context;
    readonly TemplateRun _run;
    readonly List<string> _problems = [];

    public NotificationMessage(Notification notification, string receiver, Integration integration, IntegrationContext context)
    {
        Notification = notification;
        _integration = integration;
        _context = context;
        _run = new TemplateRun { Now = notification.Now };
        Data = DataFor(notification.Alerts, receiver);
        Receiver = receiver;
    }

    public Notification Notification { get; }
    public NotificationData Data { get; }
    public string Receiver { get; }
    public string GroupKey => Notification.GroupKey;
    public bool IsFiring => Notification.Firing.Any();

    /// <summary>A short name of the group for services that want one: the SHA-256 of its key.</summary>
    public string GroupKeyHash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(GroupKey)));

    /// <summary>What the message must say about its templates; "" if all of them worked.</summary>
    public string Problems => _problems.Count == 0 ? "" : "Template problem, built-in text shown: " + string.Join("; ", _problems);

    /// <summary>The data with other alerts, for messages that take only some.</summary>
    public NotificationData DataFor(IReadOnlyList<NotificationAlert> alerts, string receiver) => new(
        receiver, _context.ExternalUrl, Notification.GroupLabels, alerts, Notification.Reason, Notification.Route.Labels);

    /// <summary>The text of a field.</summary>
    /// <param name="field">Its key in the configuration, for the error.</param>
    /// <param name="builtIn">The template that replaces one that fails.</param>
    public string Text(string field, string template, string builtIn = "") => Expand(field, template, builtIn, TemplateOutput.Text);

    /// <summary>The text of a field that is HTML.</summary>
    public string Html(string field, string template, string builtIn = "") => Expand(field, template, builtIn, TemplateOutput.Html);

    /// <summary>A text with what must be said about the templates under it.</summary>
    public string WithProblems(string text) => _problems.Count == 0 ? text : text.Length == 0 ? Problems : text + "\n\n" + Problems;

    string Expand(string field, string template, string builtIn, TemplateOutput output)
    {
        try
        {
            return _context.Templates.Expand(template, Data, _run, output);
        }
        catch (TemplateException problem)
        {
            if (_problems.Count < 5) _problems.Add($"{field}: {problem.Message}");
            _context.Services.Logger.LogTemplateFailed(field, _integration.Id, problem.Message);
            _context.Services.Metrics.TemplateFailed(_integration.Kind);
            return NotificationTemplates.BuiltIn.Expand(builtIn, Data, _run, output);
        }
    }
}
