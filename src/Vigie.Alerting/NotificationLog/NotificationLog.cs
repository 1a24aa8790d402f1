using System.Collections.Concurrent;

namespace Vigie.Alerting;

/// <summary>Remembers what was sent, so that a restart or reload does not send it again. Safe for concurrent use.</summary>
/// <param name="retention">Longest time an entry is kept.</param>
sealed class NotificationLog(AlertingState state, TimeSpan retention)
{
    readonly ConcurrentDictionary<NotificationLogKey, NotificationLogEntry> _entries = new();

    public int Count => _entries.Count;

    public IEnumerable<NotificationLogEntry> Snapshot() => _entries.Values;

    public void Restore(NotificationLogEntry entry) => _entries[entry.Key] = entry;

    public NotificationLogEntry? Find(NotificationLogKey key) => _entries.GetValueOrDefault(key);

    /// <summary>Records a notification; it survives the death of the process when the call returns.</summary>
    /// <param name="keepFor">How long the entry matters: twice the repeat interval.</param>
    public void Record(NotificationLogKey key, IReadOnlySet<ulong> firing, IReadOnlySet<ulong> resolved, DateTimeOffset now, TimeSpan keepFor)
    {
        var entry = new NotificationLogEntry(key, firing, resolved, now, now + (keepFor < retention ? keepFor : retention));
        _entries[key] = entry;
        state.Write(entry);
    }

    public void RemoveExpired(DateTimeOffset now)
    {
        foreach (var entry in _entries.Values)
            if (entry.ExpiresAt <= now) _entries.TryRemove(KeyValuePair.Create(entry.Key, entry));
    }
}
