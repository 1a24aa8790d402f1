using Vigie.Configuration.Alertmanager;
using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>A receiver of the configuration with its integrations ready to send.</summary>
sealed class Receiver : IDisposable
{
    public Receiver(ReceiverConfig config, IntegrationContext context)
    {
        Name = config.Name;
        Labels = Labels.From(config.Labels);
        var positions = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var integration in config.Integrations)
        {
            int position = positions.GetValueOrDefault(integration.Kind);
            positions[integration.Kind] = position + 1;
            Integrations.Add(new Integration(config.Name, position, integration, context));
        }
    }

    public void Dispose()
    {
        foreach (var integration in Integrations) integration.Dispose();
    }

    public string Name { get; }
    public Labels Labels { get; }
    public List<Integration> Integrations { get; } = [];
}
