using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>What the HTTP APIs ask for.</summary>
public sealed partial class AlertmanagerService
{
    /// <summary>Names and labels of the receivers, in the order of the configuration.</summary>
    public IReadOnlyList<ReceiverView> Receivers =>
        [.. _installed.Config.Receivers.Select(receiver => new ReceiverView(receiver.Name, _installed.Receivers[receiver.Name].Labels))];

    /// <summary>Alerts that have not resolved and pass the filter, by fingerprint.</summary>
    public IReadOnlyList<AlertView> Alerts(AlertFilter filter)
    {
        var now = _clock.GetUtcNow();
        var installed = _installed;
        var views = new List<AlertView>();
        foreach (var alert in _alerts.Snapshot())
        {
            if (alert.IsResolvedAt(now) || !filter.MatchesLabels(alert.Labels)) continue;
            string[] receivers = [.. installed.Root.Match(alert.Labels).Select(static route => route.Options.Receiver).Distinct()];
            if (!filter.MatchesReceiver(receivers)) continue;
            var view = View(installed, alert, receivers, [], now);
            if (filter.MatchesState(view)) views.Add(view);
        }
        views.Sort(static (a, b) => string.CompareOrdinal(a.Fingerprint, b.Fingerprint));
        return views;
    }

    /// <summary>Groups with the alerts in them that pass the filter; by group labels (fewer first), then receiver. Groups left empty are not shown.</summary>
    public IReadOnlyList<AlertGroupView> Groups(AlertFilter filter)
    {
        var now = _clock.GetUtcNow();
        var installed = _installed;
        var views = new List<AlertGroupView>();
        foreach (var group in installed.Dispatcher.Groups)
        {
            string receiver = group.Route.Options.Receiver;
            if (!filter.MatchesReceiver([receiver])) continue;
            var mutedBy = installed.Intervals.Muting(group.Route.Options, now);
            var alerts = group.Snapshot()
                .Where(alert => !alert.IsResolvedAt(now) && filter.MatchesLabels(alert.Labels))
                .Select(alert => View(
                    installed, alert, [.. installed.Root.Match(alert.Labels).Select(static route => route.Options.Receiver).Distinct()], mutedBy, now))
                .Where(filter.MatchesState)
                .Order(Comparer<AlertView>.Create(static (a, b) => ActiveAlert.CompareForNotification(a.Labels, b.Labels)))
                .ToArray();
            if (alerts.Length > 0) views.Add(new AlertGroupView(group.Key, group.Labels, receiver, alerts));
        }
        views.Sort(static (a, b) => a.Labels.Count != b.Labels.Count ? a.Labels.Count.CompareTo(b.Labels.Count)
            : a.Labels.CompareTo(b.Labels) is var order and not 0 ? order : string.CompareOrdinal(a.Receiver, b.Receiver));
        return views;
    }

    /// <summary>All silences that <paramref name="filter"/> takes: active ones first, those that end soonest first; ended ones last.</summary>
    /// <param name="filter">Each must be matched by a silence's matchers: the one of the same name has the value or
    /// matches it, or is the same matcher.</param>
    public IReadOnlyList<SilenceView> Silences(IReadOnlyList<LabelMatcher>? filter = null)
    {
        var now = _clock.GetUtcNow();
        return [.. _silences.Snapshot()
            .Where(silence => filter is null || filter.All(matcher => silence.Matchers.Any(own => own.Equals(matcher) || (own.Name == matcher.Name && matcher.Matches(own.Value)))
                || (silence.Matchers.All(own => own.Name != matcher.Name) && matcher.MatchesAbsent)))
            .Select(silence => new SilenceView(silence, silence.StateAt(now)))
            .OrderBy(static view => view.State switch { SilenceState.Active => 0, SilenceState.Pending => 1, _ => 2 })
            .ThenBy(static view => view.State switch
            {
                SilenceState.Active => view.Silence.EndsAt.UtcTicks,
                SilenceState.Pending => view.Silence.StartsAt.UtcTicks,
                _ => -view.Silence.EndsAt.UtcTicks,
            })
            .ThenBy(static view => view.Silence.UpdatedAt)];
    }

    public SilenceView? FindSilence(string id) =>
        _silences.Find(id) is { } silence ? new SilenceView(silence, silence.StateAt(_clock.GetUtcNow())) : null;

    /// <summary>Creates a silence, or changes the one whose id it carries. It is on disk when it returns.</summary>
    /// <returns>The id it has now.</returns>
    /// <exception cref="SilenceException">It is refused; the message is Alertmanager's.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be stored.</exception>
    public string SetSilence(Silence silence) => _silences.Set(silence);

    /// <summary>Ends a silence now.</summary>
    /// <returns>False if there is none of that id.</returns>
    /// <exception cref="StoreUnavailableException">It cannot be stored.</exception>
    public bool ExpireSilence(string id) => _silences.Expire(id);

    AlertView View(Installation installed, ActiveAlert alert, IReadOnlyList<string> receivers, IReadOnlyList<string> mutedBy, DateTimeOffset now)
    {
        var silencedBy = _silences.Muting(alert.Labels, now);
        IReadOnlyList<string> inhibitedBy = installed.Inhibitor.SourceMuting(alert.Labels, now) is { } source ? [AlertFingerprint.Of(source.Labels)] : [];
        return new AlertView(
            alert.Labels, alert.Annotations, alert.StartsAt, alert.EndsAt, alert.UpdatedAt, alert.GeneratorUrl, receivers, silencedBy, inhibitedBy, mutedBy);
    }
}
