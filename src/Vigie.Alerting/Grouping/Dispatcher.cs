using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>Sorts alerts into groups by the routing tree. One dispatcher lives as long as one configuration. Safe for concurrent use.</summary>
sealed class Dispatcher(Route root, Func<string, INotifyStage> pipelineOf, TimeProvider clock, AlertingServices services) : IDisposable
{
    readonly Lock _lock = new();
    readonly Dictionary<(string RouteId, Labels GroupLabels), AlertGroup> _groups = [];
    readonly Dictionary<string, INotifyStage> _pipelines = new(StringComparer.Ordinal);
    bool _isStopped;

    public void Process(ActiveAlert alert)
    {
        foreach (var route in root.Match(alert.Labels))
        {
            var labels = route.GroupLabelsOf(alert.Labels);
            lock (_lock)
            {
                if (_isStopped) return;
                if (!_groups.TryGetValue((route.Id, labels), out var group))
                    _groups[(route.Id, labels)] = group = new AlertGroup(route, labels, PipelineOf(route.Options.Receiver), clock, services);
                group.Insert(alert);
            }
        }
    }

    public IReadOnlyList<AlertGroup> Groups
    {
        get
        {
            lock (_lock) return [.. _groups.Values];
        }
    }

    public void RemoveEmptyGroups()
    {
        lock (_lock)
        {
            foreach (var (key, group) in _groups.Where(static entry => entry.Value.IsEmpty).ToArray())
            {
                _groups.Remove(key);
                group.Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isStopped = true;
            foreach (var group in _groups.Values) group.Dispose();
            _groups.Clear();
        }
    }

    INotifyStage PipelineOf(string receiver)
    {
        if (!_pipelines.TryGetValue(receiver, out var pipeline)) _pipelines[receiver] = pipeline = pipelineOf(receiver);
        return pipeline;
    }
}
